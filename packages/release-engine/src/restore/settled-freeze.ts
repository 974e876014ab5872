import type { Clock } from "../ports/clock.ts";
import type { TableFreezer, TablePolicy } from "../ports/table-restore.ts";
import { waitUntil } from "../wait-until.ts";
import { frozenSince } from "./freeze-policy.ts";

/** AWS says of a policy that it holds for all requests after some time, mostly seconds. */
const IN_FORCE_TIMEOUT_MS = 5 * 60_000;
/** Answers in a row that have to agree: each may come from a part of DynamoDB that does not know of the change yet. */
const IN_A_ROW = 4;
/** How long a policy that was put may be missing from what is read, at most. */
const LAG_MS = 60_000;

/** What is looked with, and how it is stopped. */
interface Looking {
  readonly freezer: Pick<TableFreezer, "policy" | "refusesWrites">;
  readonly systemClock: Clock;
  readonly signal?: AbortSignal;
}

/**
 * Waits until a table refuses writes, or takes them again, several times in a row.
 *
 * @throws {ReleaseError} `timeout`: whoever resumes looks again
 */
export async function settleWrites(
  { freezer, systemClock, signal }: Looking,
  table: string,
  wanted: "refused" | "taken",
): Promise<void> {
  let agreeing = 0;
  await waitUntil(systemClock, {
    what: `the freeze of ${table}, which still ${wanted === "refused" ? "takes" : "refuses"} writes,`,
    timeoutMs: IN_FORCE_TIMEOUT_MS,
    look: () => freezer.refusesWrites(table, signal),
    isOver(refuses) {
      agreeing = refuses === (wanted === "refused") ? agreeing + 1 : 0;
      return agreeing >= IN_A_ROW;
    },
    ...(signal && { signal }),
  });
}

/**
 * The policy of a table whose freeze was begun. That none is there is believed only after a while: a policy that was put a moment ago, perhaps
 * by a process that was killed then, is missing from what DynamoDB answers at first.
 */
export async function policyOnceBegun(
  { freezer, systemClock, signal }: Looking,
  table: string,
): Promise<TablePolicy | undefined> {
  const until = systemClock.now() + LAG_MS;
  return await waitUntil(systemClock, {
    what: `the policy of ${table}`,
    timeoutMs: 2 * LAG_MS,
    look: () => freezer.policy(table, signal),
    isOver: (seen) => (seen !== undefined && frozenSince(seen.document) !== undefined) || systemClock.now() >= until,
    ...(signal && { signal }),
  });
}
