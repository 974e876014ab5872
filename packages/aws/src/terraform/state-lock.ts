import type { Diagnostic } from "./ui-message.ts";

/** Who holds the lock of a state, in Terraform's words. */
export interface StateLock {
  /** What `terraform force-unlock` wants to be told. */
  id: string;
  /** `person@host`. */
  who: string;
  /** `OperationTypeApply`, for example. */
  operation: string;
  created: string;
}

/** Finds the lock that a command failed on, or undefined when it failed for another reason. */
export function findStateLock(diagnostics: readonly Diagnostic[]): StateLock | undefined {
  const locked = diagnostics.find(({ summary }) => summary === "Error acquiring the state lock");
  const field = (name: string) => new RegExp(`^\\s*${name}:[ \\t]*(.*)$`, "m").exec(locked?.detail ?? "")?.[1]?.trim();
  const id = field("ID");
  return id === undefined
    ? undefined
    : { id, who: field("Who") ?? "", operation: field("Operation") ?? "", created: field("Created") ?? "" };
}
