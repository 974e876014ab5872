import type { DocumentRecord, DocumentValue, Migration, SegmentProgress } from "@slipway/contracts";
import type { AdaptivePace } from "../adaptive-pace.ts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { Clock } from "../ports/clock.ts";
import type { MigrationTable, RecordChange, ScanRequest, TableShape } from "../ports/migration-table.ts";
import { decideChange, keyOf } from "./decide-change.ts";
import { frozenCopy } from "./frozen-copy.ts";
import type { MigrationRate, RateLimit } from "./rate-limit.ts";

/** What the records of a table are worked on with, by all segments together. */
export interface MigrationWork {
  readonly table: MigrationTable;
  readonly shape: TableShape;
  readonly migration: Migration;
  readonly clock: Clock;
  readonly pace: AdaptivePace;
  readonly rate: RateLimit;
  readonly signal: AbortSignal;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Asked before each call: throws when the work must not go on. */
  goOn(): Promise<void>;
}

/** A record that is not as it has to be. */
export interface LeftRecord {
  readonly key: DocumentRecord;
  readonly why: string;
}

/** What was counted in a page. */
export type PageCounts = Omit<SegmentProgress, "done" | "cursor">;

/** What a look at a page came to. */
export type PageOutcome =
  | { readonly isWhole: true; readonly counts: PageCounts }
  /** The page has to be read again: only what will not be seen a second time is counted. */
  | { readonly isWhole: false; readonly counts: PageCounts; readonly error: unknown };

/** What begins the keys of records that migrations remember themselves by. */
export const MIGRATION_KEY_PREFIX = "migration#";

/** Records of one page that are worked on at the same time; how many calls there are in all is the pace's business. */
const AT_ONCE = 8;
/** How often a record that others keep changing is decided again before it is left for the next pass. */
const DECISIONS = 20;
const LONGEST_PAUSE_MS = 1_000;

const PAGE_SIZE = 500;

/** Records of a page: no more than a rate allows for a second, because a page is paid afterwards. */
export function pageLimit(pageSize = PAGE_SIZE, rate: MigrationRate | undefined, segments: number): number {
  return rate === undefined ? pageSize : Math.max(1, Math.min(pageSize, Math.ceil(rate.perSecond / segments)));
}

/**
 * Reads a page at the table's pace.
 *
 * @param giveUp ends the wait for an answer. Without it what was sent is waited for, because only the answer says what it has cost.
 */
export async function readPage(work: MigrationWork, request: ScanRequest, giveUp?: AbortSignal) {
  const page = await call(work, () => work.table.scan(request, giveUp));
  work.rate.spend({ records: page.scanned, units: page.readUnits });
  const prefix = work.shape.partitionKey;
  const isOwn = (record: DocumentRecord) => String(record[prefix]).startsWith(MIGRATION_KEY_PREFIX);
  return { ...page, records: page.records.filter((record) => !isOwn(record)) };
}

/**
 * Brings the records of a page into the shape that they have to have. One that is asked to stop begins with no other record, but waits for the
 * answers to what it has sent: a change that was made is counted, whatever happens to the rest of its page.
 *
 * @param isVerifying whether `verify` is asked about each record that needs no change
 * @param onLeft told of records that are not as they have to be when the pass is one that verifies
 */
export async function changePage(
  work: MigrationWork,
  records: readonly DocumentRecord[],
  isVerifying: boolean,
  onLeft: (left: LeftRecord) => void,
): Promise<PageOutcome> {
  const counts = { scanned: 0, changed: 0, conflicts: 0, found: 0, problems: 0, readUnits: 0, writeUnits: 0 };
  const waiting = records[Symbol.iterator]();
  const worker = async () => {
    // One iterator for all of them: each takes the next record that nobody has taken.
    for (const record of { [Symbol.iterator]: () => waiting }) {
      assertNotInterrupted(work.signal, `in the middle of a page of ${work.shape.name}`);
      await changeRecord(work, record, isVerifying, counts, onLeft);
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, records.length) }, worker));
  const failed = outcomes.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") {
    // What was changed is not found again; all else that is wrong is.
    return { isWhole: false, counts: { ...counts, found: counts.changed, problems: 0 }, error: failed.reason };
  }
  return { isWhole: true, counts };
}

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

async function changeRecord(
  work: MigrationWork,
  record: DocumentRecord,
  isVerifying: boolean,
  counts: Mutable<PageCounts>,
  onLeft: (left: LeftRecord) => void,
): Promise<void> {
  const { migration, shape } = work;
  let change = decideChange(migration, shape, record);
  if (change === undefined) {
    const problem = isVerifying ? problemOf(migration, record) : undefined;
    if (problem !== undefined) {
      counts.problems += 1;
      onLeft({ key: keyOf(shape, record), why: problem });
    }
    return;
  }
  counts.found += 1;
  if (isVerifying) {
    onLeft({ key: keyOf(shape, record), why: "was not changed yet" });
  }
  for (let decision = 1; change !== undefined && decision <= DECISIONS; decision += 1) {
    const outcome = await write(work, change, counts);
    if (outcome === "written") {
      counts.changed += 1;
      return;
    }
    counts.conflicts += 1;
    await pauseAfter(work, decision);
    const current = await read(work, change, counts);
    // Deleted by somebody else: it stays deleted.
    change = current === undefined ? undefined : decideChange(migration, shape, current);
  }
}

/** What `verify` says; that it cannot say anything is a problem, too. */
function problemOf({ verify }: Migration, record: DocumentRecord): string | undefined {
  try {
    return verify?.(frozenCopy(record as DocumentValue) as DocumentRecord);
  } catch (error) {
    return `verify threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
}

async function write(work: MigrationWork, change: RecordChange, counts: Mutable<PageCounts>) {
  const { outcome, writeUnits } = await call(work, () => work.table.write(change));
  counts.writeUnits += writeUnits;
  work.rate.spend({ units: writeUnits });
  return outcome;
}

async function read(work: MigrationWork, { before }: RecordChange, counts: Mutable<PageCounts>) {
  const { record, readUnits } = await call(work, () => work.table.read(keyOf(work.shape, before)));
  counts.readUnits += readUnits;
  work.rate.spend({ units: readUnits });
  return record;
}

/** Makes a call at the table's pace, and says between its attempts that the run is still there. */
async function call<T>(work: MigrationWork, send: () => Promise<T>): Promise<T> {
  await work.goOn();
  await work.rate.ready(work.signal, () => work.goOn());
  return work.pace.run(async () => {
    // Once more: throttled calls may have waited, together for longer than the lease.
    await work.goOn();
    return send();
  });
}

/** Not at all the first time: the first conflict mostly comes from a read that was a little old. */
async function pauseAfter({ clock, random, signal }: MigrationWork, decision: number): Promise<void> {
  if (decision > 1) {
    await clock.sleep(Math.min(LONGEST_PAUSE_MS, 10 * 2 ** decision) * (0.5 + random() / 2), signal);
  }
}
