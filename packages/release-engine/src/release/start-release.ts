import type { ReleasePlan } from "@slipway/contracts";
import type { HeldLedger } from "../ledger/ledger.ts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { releases } from "../ledger/releases.ts";
import { ReleaseError } from "../release-error.ts";
import { Journal } from "./journal.ts";
import type { ReleasePorts } from "./release-ports.ts";
import { nextReleaseId, releaseWithTraffic, unfinishedRelease } from "./standing-releases.ts";
import { tell } from "./tell.ts";

/**
 * Writes a release into the ledger; `runRelease` then takes its steps.
 *
 * @param plan made by `planRelease` from `nextReleaseId` and `releaseWithTraffic`
 * @param authors whose approvals of this release do not count
 * @param authorsUnknown why there may be others, whom nobody knows
 * @param reason who wants a rollback and why, in one line
 * @throws {ReleaseError} `busy` while another one is unfinished, `conflict` when the plan was made for another moment of the ledger
 */
export async function startRelease(
  ports: ReleasePorts,
  {
    held,
    plan,
    authors,
    authorsUnknown,
    reason,
  }: {
    held: HeldLedger;
    plan: ReleasePlan;
    authors: readonly string[];
    authorsUnknown?: string;
    reason?: string;
  },
): Promise<ReleaseRecord> {
  const { flags = "" } = ports;
  const records = releases(await held.read());
  const unfinished = unfinishedRelease(records);
  if (unfinished !== undefined) {
    throw unfinishedError(held.environment, unfinished, flags);
  }
  const expected = { release: nextReleaseId(records), previous: releaseWithTraffic(records)?.id ?? null };
  if (plan.release !== expected.release || plan.previous !== expected.previous) {
    throw new ReleaseError({
      kind: "conflict",
      what: `The plan of ${plan.release} was made before another release of ${held.environment}`,
      why: `it goes from ${plan.previous ?? "nothing"} to ${plan.release}; now it would be from ${expected.previous ?? "nothing"} to ${expected.release}`,
      next: `slipway deploy ${held.environment}${flags}`,
    });
  }
  await held.append({
    by: held.holder.actor,
    release: plan.release,
    body: {
      type: "release.started",
      plan,
      authors: [...authors],
      ...(authorsUnknown !== undefined && { authorsUnknown }),
      ...(reason !== undefined && { reason }),
    },
  });
  const journal = await Journal.open(ports, held, plan.release);
  if (plan.rollsBack !== undefined) {
    // Users wait for the traffic, and people are told as soon as it is back.
    return journal.record;
  }
  await tell(ports, journal, "release-started", {
    title: `${plan.release} of ${plan.environment} has begun`,
    text: `commit ${plan.source.commit ?? "unknown"}, ${plan.steps.length} steps, begun by ${held.holder.actor.name}`,
  });
  return journal.record;
}

function unfinishedError(environment: string, { id, state, reason, next }: ReleaseRecord, flags: string): ReleaseError {
  const why = reason === undefined ? `${id} is ${state}` : `${id} is ${state}: ${reason}`;
  return new ReleaseError({
    kind: "busy",
    what: `${environment} has a release that is not finished`,
    why: next === undefined ? why : `${why} (${next})`,
    next: `slipway resume ${environment}${flags} goes on with it, slipway rollback ${environment}${flags} puts it back`,
  });
}
