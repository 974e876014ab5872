import type { OperationsMeasurement, Rollout } from "@slipway/analysis";
import type { Holder, LedgerEntry } from "@slipway/contracts";
import { publishedFunctions } from "../../canary/published-functions.ts";
import { leaseIsHeld } from "../../ledger/lease-times.ts";
import type { ReleaseRecord } from "../../ledger/release-record.ts";
import { releases } from "../../ledger/releases.ts";
import type { LedgerHead } from "../../ports/ledger-table.ts";
import { releaseWithTraffic, unfinishedRelease } from "../../release/standing-releases.ts";

/** A version of a function that traffic comes to, or came to a while ago. */
export interface VersionInSight {
  /** By its name in the configuration. */
  readonly name: string;
  readonly functionName: string;
  readonly alias: string;
  readonly version: string;
}

/** What the ledger says of who is at work, and on what. */
export interface LedgerView {
  readonly operations: OperationsMeasurement;
  /** Empty where nothing has changed in the time that is looked at: then all versions are one. */
  readonly versions: readonly VersionInSight[];
}

export interface LedgerFacts {
  readonly entries: readonly LedgerEntry[];
  readonly head: LedgerHead | undefined;
  /** The target's time, and the machine's, which the lease goes by. */
  readonly now: number;
  readonly leaseNow: number;
  /** What was changed before is not in the numbers any more. */
  readonly since: number;
  /** Whether a holder is known to be dead. */
  isGone(holder: Holder): boolean;
}

/** Reads from the ledger who is at work, what waits, and which versions have their first traffic. */
export function operationsOf(facts: LedgerFacts): LedgerView {
  const { entries, head, now, leaseNow, isGone } = facts;
  const records = releases(entries);
  const lease = head?.lease ?? null;
  const unfinished = unfinishedRelease(records);
  const leaseState =
    lease === null ? undefined : isGone(lease.holder) ? "dead" : leaseIsHeld(lease, leaseNow) ? "held" : "over";
  const rollout = rolloutOf(records, unfinished, leaseState === "held", facts.since);
  const current = releaseWithTraffic(records);
  const lastAt = entries.findLast(({ release }) => release === unfinished?.id)?.at;
  return {
    operations: {
      lease:
        lease === null || leaseState === undefined
          ? null
          : {
              who: `${lease.holder.command} on ${lease.holder.host}`,
              state: leaseState,
              // The lease has the machine's times, and all others are the target's.
              takenAt: Date.parse(lease.takenAt) + (now - leaseNow),
              expiresAt: Date.parse(lease.expiresAt) + (now - leaseNow),
            },
      unfinished:
        unfinished === undefined
          ? null
          : {
              release: unfinished.id,
              state: unfinished.state === "paused" ? "paused" : "running",
              lastAt: Date.parse(lastAt ?? unfinished.startedAt),
              step: stepOf(unfinished),
              waitsForPeople: unfinished.state === "paused" && isForPeople(unfinished),
            },
      rollout,
    },
    versions: versionsInSight(current, rollout, records, facts.since),
  };
}

function rolloutOf(
  records: readonly ReleaseRecord[],
  unfinished: ReleaseRecord | undefined,
  isHeld: boolean,
  since: number,
): Rollout | null {
  if (unfinished !== undefined && isHeld && !isPromoted(unfinished)) {
    return {
      release: unfinished.id,
      state: unfinished.puttingBack === undefined ? "judged" : "put-back",
      versions: newVersions(unfinished),
      changesInfrastructure: stepOf(unfinished).startsWith("infrastructure."),
    };
  }
  const last = records.at(-1);
  const wasPutBack =
    last !== undefined &&
    (last.state === "put-back" || last.state === "failed") &&
    Date.parse(last.endedAt ?? last.startedAt) >= since;
  return wasPutBack
    ? { release: last.id, state: "put-back", versions: newVersions(last), changesInfrastructure: false }
    : null;
}

/** From then on its versions are everybody's, and what is wrong with them is an incident. */
function isPromoted({ steps, puttingBack }: ReleaseRecord): boolean {
  return steps.has("traffic.promote") && puttingBack === undefined;
}

function newVersions(record: ReleaseRecord): Rollout["versions"] {
  return publishedFunctions(record)
    .filter(({ version, previousVersion }) => version !== previousVersion)
    .map(({ functionName, version }) => ({ function: functionName, version }));
}

function stepOf({ steps, plan }: ReleaseRecord): string {
  const open = [...steps.values()].findLast(({ state }) => state !== "done" && state !== "nothing-to-do");
  return open?.id ?? [...steps.keys()].at(-1) ?? plan.steps[0]?.id ?? "its beginning";
}

/** Approvals, and what else a person has to say, take their time. */
function isForPeople({ steps }: ReleaseRecord): boolean {
  return [...steps.values()].findLast(({ state }) => state === "paused")?.kind === "infrastructure.approve";
}

function versionsInSight(
  current: ReleaseRecord | undefined,
  rollout: Rollout | null,
  records: readonly ReleaseRecord[],
  since: number,
): VersionInSight[] {
  const isFresh = current?.liveAt !== undefined && Date.parse(current.liveAt) >= since;
  if (rollout === null && !isFresh) {
    return [];
  }
  const tried = records.find(({ id }) => id === rollout?.release);
  const published = [...(tried === undefined ? [] : publishedFunctions(tried)), ...(current?.functions ?? [])];
  const all = published.flatMap(({ name, functionName, alias, version, previousVersion }) =>
    [version, previousVersion].map((each) => ({ name, functionName, alias, version: each })),
  );
  const keys = all.map(({ functionName, version }) => `${functionName} ${version}`);
  return all.filter((_, index) => keys.indexOf(keys[index] ?? "") === index);
}
