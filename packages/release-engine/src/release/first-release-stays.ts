import { hasPredecessor, isUnfinished } from "@slipway/release-plan";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { ReleaseError } from "../release-error.ts";

/** What there is to do about a live first release instead of putting it back. */
export function insteadOfPuttingBack(environment: string, flags: string): string {
  return `slipway deploy ${environment}${flags} releases a fix; slipway destroy ${environment}${flags} takes everything down`;
}

/**
 * Why a release is not put back that was the first of its environment and is live: before it there was nothing but Terraform's
 * placeholder, which answers nobody. One that is not live yet may go back, because nobody relies on it; and one whose way back has begun
 * goes on with it.
 *
 * @param flags what commands to type next need after the environment's name: empty, or with a space before it
 * @returns undefined for every release that may be put back
 */
export function firstReleaseStays(record: ReleaseRecord, flags: string): ReleaseError | undefined {
  const { id, plan, state } = record;
  if (state !== "live" || hasPredecessor(plan) || isUnfinished(record)) {
    return undefined;
  }
  return new ReleaseError({
    kind: "usage",
    what: `${id} of ${plan.environment} is the first release and live: it cannot be put back`,
    why: "nothing ran before it but the placeholder that Terraform made, which answers nobody",
    next: insteadOfPuttingBack(plan.environment, flags),
  });
}
