import type { Evidence, Waiver } from "@slipway/contracts";
import { checkNames } from "./check-names.ts";
import { UNPROVEN_FUNCTION } from "./smoke/unproven-function.ts";

/** Checks that nobody can answer for without saying of what. */
const NEED_SUBJECT: ReadonlySet<string> = new Set([UNPROVEN_FUNCTION]);

/**
 * Whether a waiver is about what was found, whoever gave it and however long it holds: it names the check, and the same subject or, where
 * that is enough, none.
 */
export function isWaiverAbout(
  { check, subject }: Pick<Waiver, "check" | "subject">,
  evidence: Pick<Evidence, "check" | "subject">,
): boolean {
  return (
    checkNames(evidence.check).includes(check) &&
    (subject === undefined ? !NEED_SUBJECT.has(check) : subject === evidence.subject)
  );
}
