import type { DocumentRecord, Migration } from "@slipway/contracts";
import { AdaptivePace } from "../adaptive-pace.ts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import { sideBySide } from "../side-by-side.ts";
import { decideChange } from "./decide-change.ts";
import { type MigrationWork, pageLimit, readPage } from "./migration-work.ts";
import { RateLimit } from "./rate-limit.ts";
import type { RunMigrationOptions, RunMigrationPorts } from "./run-migration.ts";

/** What a run of a migration would change, counted without writing anything. */
export interface MigrationPreview {
  readonly scanned: number;
  readonly wouldChange: number;
  readonly readUnits: number;
}

/**
 * Counts what a migration would change: reads the table, writes nothing, holds nothing.
 *
 * @throws {ReleaseError} as a run would where `change` breaks its promises; `interrupted` when it was asked to stop
 */
export async function previewMigration(
  { table, clock, random = Math.random }: Pick<RunMigrationPorts, "table" | "clock" | "random">,
  options: Omit<RunMigrationOptions, "planned" | "onProgress"> & {
    readonly migration: Migration;
    readonly onProgress?: (seen: MigrationPreview) => void;
  },
): Promise<MigrationPreview> {
  const { migration, shape, segments, rate, signal, pageSize } = options;
  const seen = { scanned: 0, wouldChange: 0, readUnits: 0 };
  const what = () => `the look at ${shape.name} after ${seen.scanned.toLocaleString("en-US")} records`;
  const lookAt = async (work: MigrationWork, segment: number) => {
    let after: DocumentRecord | undefined;
    do {
      assertNotInterrupted(work.signal, what());
      const request = {
        ...{ segment, segments, limit: pageLimit(pageSize, rate, segments), consistent: false },
        ...{ filter: migration.backfill.select, after },
      };
      // Nobody is told what a look that was stopped has cost, so that its answers need not be waited for.
      const page = await readPage(work, request, work.signal);
      seen.scanned += page.scanned;
      seen.readUnits += page.readUnits;
      seen.wouldChange += page.records.filter((record) => decideChange(migration, shape, record) !== undefined).length;
      options.onProgress?.({ ...seen });
      after = page.next;
    } while (after !== undefined);
  };
  await sideBySide(signal, what, (each) => {
    const work: MigrationWork = {
      ...{ table, shape, migration, clock, signal: each, random },
      pace: new AdaptivePace({ clock, signal: each, random }),
      rate: new RateLimit(rate, clock),
      // Nothing is held, so nothing can be lost.
      goOn: async () => {},
    };
    return Array.from({ length: segments }, (_, segment) => lookAt(work, segment));
  });
  return seen;
}
