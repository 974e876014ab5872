import type { StateLock } from "@slipway/release-engine";
import type { Diagnostic } from "./ui-message.ts";

/**
 * Finds the lock that a command failed on, or undefined when it failed for another reason.
 *
 * @param run what the command said; those without machine-readable output say it on stderr
 */
export function findStateLock({ diagnostics, stderr }: Said): StateLock | undefined {
  const title = "Error acquiring the state lock";
  const detail = diagnostics.find(({ summary }) => summary === title)?.detail;
  const text = detail ?? (stderr.includes(title) ? stderr : "");
  const field = (name: string) => new RegExp(`^[\\s│]*${name}:[ \\t]*(.*)$`, "m").exec(text)?.[1]?.trim();
  const id = field("ID");
  return id === undefined
    ? undefined
    : { id, who: field("Who") ?? "", operation: field("Operation") ?? "", created: field("Created") ?? "" };
}

interface Said {
  diagnostics: readonly Diagnostic[];
  stderr: string;
}
