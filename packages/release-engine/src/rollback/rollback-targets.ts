import type { ReleaseRecord } from "../ledger/release-record.ts";
import { releaseWithTraffic } from "../release/standing-releases.ts";
import { ReleaseError } from "../release-error.ts";
import type { RollbackQuestion } from "./rollback-decision.ts";

const MOST_NAMED = 5;

/** The release that had the traffic before another one, as far as it can be gone to. */
export function predecessorOf(records: readonly ReleaseRecord[], { plan }: ReleaseRecord): string | undefined {
  return records.find(({ id, wasLive }) => id === plan.previous && wasLive === true)?.id;
}

/** Releases that can be gone to, the newest first, as a command to type; undefined where there is none. */
export function otherTargets(
  { environment, records, flags }: Pick<RollbackQuestion, "environment" | "records" | "flags">,
  but: string,
): string | undefined {
  const live = releaseWithTraffic(records)?.id;
  const ids = records.filter(({ id, wasLive }) => wasLive === true && id !== live && id !== but).map(({ id }) => id);
  const [first, ...rest] = ids.toReversed().slice(0, MOST_NAMED);
  const others = rest.length === 0 ? "" : ` (or ${rest.join(", ")})`;
  return first === undefined ? undefined : `slipway rollback ${environment} --to ${first}${flags}${others}`;
}

/** The ledger does not know it. */
export function noSuchRelease(question: RollbackQuestion, to: string): ReleaseError {
  const { environment, flags } = question;
  return new ReleaseError({
    kind: "not-found",
    what: `--to: there is no release ${to} of ${environment}`,
    why: "its ledger has no such release",
    next: otherTargets(question, to) ?? `slipway history ${environment}${flags}`,
  });
}

/** Why a release cannot be gone to: it never had all of the traffic. */
export function neverLive(question: RollbackQuestion, target: ReleaseRecord): ReleaseError | undefined {
  const { environment, flags } = question;
  if (target.wasLive === true) {
    return undefined;
  }
  const { id, state, reason } = target;
  return new ReleaseError({
    kind: "usage",
    what: `--to: ${id} of ${environment} was never live`,
    why: `it is ${state}${reason === undefined ? "" : `: ${reason}`}; nobody knows whether it works`,
    next: otherTargets(question, id) ?? `slipway history ${environment}${flags}`,
  });
}
