import type { MigrationCounts, MigrationRecord, SegmentProgress } from "@slipway/contracts";
import { AdaptivePace } from "../adaptive-pace.ts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { MigrationTable, TableShape } from "../ports/migration-table.ts";
import { sideBySide } from "../side-by-side.ts";
import { addCounts, countsOf, noCounts } from "./counts.ts";
import { HeldMigration, type HoldPorts } from "./held-migration.ts";
import { changePage, type LeftRecord, type MigrationWork, pageLimit, readPage } from "./migration-work.ts";
import type { PlannedMigration } from "./plan-migrations.ts";
import { type MigrationRate, RateLimit } from "./rate-limit.ts";

export interface RunMigrationPorts extends HoldPorts {
  readonly table: MigrationTable;
  /** From 0 to 1; `Math.random` by default. */
  readonly random?: () => number;
}

export interface RunMigrationOptions {
  readonly planned: Pick<PlannedMigration, "migration" | "digest" | "verdict">;
  readonly shape: TableShape;
  /** Parts of the table that are worked on side by side. A pass that has begun keeps its own number. */
  readonly segments: number;
  readonly rate?: MigrationRate;
  /** Records that are looked at per page; progress is saved after each. */
  readonly pageSize?: number;
  /** Told after each page. */
  readonly onProgress?: (record: MigrationRecord) => void;
  readonly signal: AbortSignal;
}

/**
 * How a run ended:
 *
 * - `done`: a pass over everything found nothing to change and nothing wrong
 * - `left`: each pass found records in the old shape again, so somebody still writes them
 * - `problems`: the migration's `verify` complains
 */
export interface MigrationRun {
  readonly outcome: "done" | "left" | "problems";
  /** Without a holder: the hold has been given back. */
  readonly record: MigrationRecord;
  /** Of all passes. */
  readonly counts: MigrationCounts;
  /** Of the last pass: records that were not as they have to be, a few of them by name. */
  readonly left: { readonly found: number; readonly problems: number; readonly examples: readonly LeftRecord[] };
}

/** Passes that look again, in one run, before it gives up on whoever writes the old shape. */
const MOST_LOOKS = 3;
const EXAMPLES = 5;

/**
 * Runs a migration, or goes on with it:
 *
 * ```
 * hold ── pass 1: change ── pass 2: look at everything again ── found none ── done
 *                             └─ found some, changed them ── pass 3 ...
 * ```
 *
 * After each page the segment's progress is saved in the table. A run that is killed loses at most one page per segment: its records need
 * no change the second time, and those that were changed the first time are not counted. One that is asked to stop, or fails, counts what it
 * has done of a page, and reads that page again when it goes on.
 *
 * @returns undefined when it was finished by somebody else meanwhile
 * @throws {ReleaseError} `busy` when somebody else runs it, `conflict` when somebody took it over, `interrupted` when it was asked to
 *   stop: what is done is saved, and the hold given back
 */
export async function runMigration(
  ports: RunMigrationPorts,
  options: RunMigrationOptions,
): Promise<MigrationRun | undefined> {
  const { planned, signal } = options;
  const { id } = planned.migration;
  assertNotInterrupted(signal, `before ${id} was begun`);
  const held = await HeldMigration.acquire(ports, id, (found) => begin(ports, options, found), signal);
  if (held === undefined) {
    return undefined;
  }
  const run = await runPasses(ports, options, held).finally(() => held.release());
  // As it was given back: a run that is over holds nothing.
  return { ...run, record: held.record };
}

/** The record to go on with, or to begin with. */
function begin({ clock }: RunMigrationPorts, options: RunMigrationOptions, found: MigrationRecord | undefined) {
  const { migration, digest, verdict } = options.planned;
  const { id, phase, description } = migration;
  const fresh = (pass: number): Omit<MigrationRecord, "revision" | "writer" | "holder"> => {
    const at = new Date(clock.now()).toISOString();
    return {
      ...{ version: 1, id, phase, description, digest, state: "running", startedAt: at, updatedAt: at, pass },
      segments: newSegments(options.segments),
      earlier: noCounts,
    };
  };
  if (found?.state === "done") {
    // Everything was changed once, so that it begins with the look.
    return verdict === "again" && found.digest === digest ? fresh(2) : undefined;
  }
  return found === undefined || found.digest !== digest ? fresh(1) : found;
}

async function runPasses(
  ports: RunMigrationPorts,
  options: RunMigrationOptions,
  held: HeldMigration,
): Promise<MigrationRun> {
  const { clock, runner } = ports;
  const rate = new RateLimit(options.rate, clock);
  for (let looks = 0; ; ) {
    const isLook = held.record.pass > 1;
    const examples = await runPass(ports, options, held, rate);
    const { pass, segments, earlier } = held.record;
    const { found, problems } = countsOf(segments);
    const counts = addCounts(earlier, countsOf(segments));
    const ended = (outcome: MigrationRun["outcome"]) => ({
      ...{ outcome, record: held.record, counts },
      left: { found, problems, examples },
    });
    looks += isLook ? 1 : 0;
    if (isLook && found === 0 && problems === 0) {
      const finishedAt = new Date(clock.now()).toISOString();
      await held.update(({ holder: _, ...record }) => ({
        ...record,
        ...{ state: "done", finishedAt, finishedBy: runner.name },
      }));
      return ended("done");
    }
    const next = { pass: pass + 1, segments: newSegments(options.segments) };
    await held.update((record) => ({ ...record, ...next, earlier: addCounts(record.earlier, countsOf(segments)) }));
    if (isLook && problems > 0) {
      return ended("problems");
    }
    if (looks >= MOST_LOOKS) {
      return ended("left");
    }
  }
}

/** One pass over all segments, side by side. */
async function runPass(
  ports: RunMigrationPorts,
  options: RunMigrationOptions,
  held: HeldMigration,
  rate: RateLimit,
): Promise<readonly LeftRecord[]> {
  const { table, clock } = ports;
  const { planned, shape } = options;
  const random = ports.random ?? Math.random;
  const examples: LeftRecord[] = [];
  const onLeft = (left: LeftRecord) => {
    if (examples.length < EXAMPLES) {
      examples.push(left);
    }
  };
  const what = () => `${planned.migration.id} after ${scannedIn(held.record)} records`;
  await sideBySide(options.signal, what, (signal) => {
    const work: MigrationWork = {
      ...{ table, shape, migration: planned.migration, clock, rate, signal, random },
      pace: new AdaptivePace({ clock, signal, random }),
      async goOn() {
        held.assertHeld();
        await held.beat();
      },
    };
    return held.record.segments.map((_, segment) => runSegment(work, options, held, segment, onLeft));
  });
  return examples;
}

async function runSegment(
  work: MigrationWork,
  { pageSize, rate, onProgress }: RunMigrationOptions,
  held: HeldMigration,
  segment: number,
  onLeft: (left: LeftRecord) => void,
): Promise<void> {
  const { migration, shape } = work;
  const { pass, segments } = held.record;
  const isLook = pass > 1;
  const limit = pageLimit(pageSize, rate, segments.length);
  for (;;) {
    const progress = held.record.segments[segment];
    if (progress === undefined || progress.done) {
      return;
    }
    assertNotInterrupted(work.signal, `${migration.id} after ${scannedIn(held.record)} records of ${shape.name}`);
    const page = await readPage(work, {
      ...{ segment, segments: segments.length, limit },
      ...(progress.cursor === undefined ? {} : { after: progress.cursor }),
      // Whoever wants to verify each record needs to see those that need no change, too.
      ...(isLook && migration.verify !== undefined ? {} : { filter: migration.backfill.select }),
      // The backfill can do with an older view: a record that was changed since is a conflict, and what it misses the look finds.
      consistent: isLook,
    });
    const seen = await changePage(work, page.records, isLook, onLeft);
    const scanned = seen.isWhole ? page.scanned : 0;
    const readUnits = seen.counts.readUnits + page.readUnits;
    const counts = addCounts(progress, { ...seen.counts, scanned, readUnits });
    const changeTo = (after: SegmentProgress) => (record: MigrationRecord) => ({
      ...record,
      segments: record.segments.with(segment, after),
    });
    if (!seen.isWhole) {
      held.note(changeTo({ ...progress, ...counts }));
      throw seen.error;
    }
    const { next } = page;
    await held.update(
      changeTo({ ...counts, done: next === undefined, ...(next === undefined ? {} : { cursor: next }) }),
    );
    onProgress?.(held.record);
  }
}

function newSegments(count: number): SegmentProgress[] {
  return Array.from({ length: count }, () => ({ done: false, ...noCounts }));
}

function scannedIn({ segments }: MigrationRecord): string {
  return countsOf(segments).scanned.toLocaleString("en-US");
}
