import type { LedgerEntry } from "@slipway/contracts";
import type { ChecklistFacts } from "../checklist-facts.ts";
import { authorsOf } from "./authors-of.ts";
import { identityOf } from "./identity.ts";

export interface Approvers {
  /** Whose approvals count, each person once. */
  readonly counting: readonly string[];
  /** Why others do not, one line each. */
  readonly left: readonly string[];
}

/**
 * Whose approvals count: people other than those who wrote what is approved, and, where the configuration names allowed signers, only
 * with the signature of one of them.
 *
 * @param approvals `approval.given` entries
 * @throws {ReleaseError} when signatures cannot be checked
 */
export async function approvers(facts: ChecklistFacts, approvals: readonly LedgerEntry[]): Promise<Approvers> {
  const { ports, subject, signal } = facts;
  const { signers } = subject.config.release.approvals;
  const authors = authorsOf(await facts.commits());
  const counting = new Map<string, string>();
  const left: string[] = [];
  for (const { by, body } of approvals) {
    if (body.type !== "approval.given") {
      continue;
    }
    const signer = ports.signerOf === undefined ? undefined : await ports.signerOf(body, signal);
    const person = signers === undefined ? by.name : signer;
    const identity = person === undefined ? undefined : identityOf(person);
    if (person === undefined) {
      left.push(`${by.name}: not signed by one of ${signers}`);
    } else if (identity === undefined) {
      left.push(`${by.name}: without an e-mail address nobody can be told from the author`);
    } else if (authors.has(identity)) {
      left.push(`${by.name}: wrote some of it`);
    } else {
      counting.set(identity, person);
    }
  }
  return { counting: [...counting.values()], left };
}
