import type { DocumentRecord } from "@slipway/contracts";
import { AdaptivePace } from "../adaptive-pace.ts";
import type { Clock } from "../ports/clock.ts";
import type { SeedTable } from "../ports/migration-table.ts";
import { sideBySide } from "../side-by-side.ts";

/** What became of seed records. */
export interface SeedResult {
  readonly put: number;
  /** There already, whatever is in them by now. */
  readonly there: number;
  readonly writeUnits: number;
}

/**
 * Puts records that are not there yet; those that are stay as they are, so that a second time changes nothing.
 *
 * @throws {ReleaseError} when the table refuses, or it was asked to stop: what was put stays
 */
export async function seedTable(
  { table, clock }: { readonly table: SeedTable; readonly clock: Clock },
  records: readonly DocumentRecord[],
  signal: AbortSignal,
): Promise<SeedResult> {
  const what = () => `the seeding of ${records.length} records`;
  const answers = await sideBySide(signal, what, (each) => {
    const pace = new AdaptivePace({ clock, signal: each });
    return records.map((record) => pace.run(() => table.putIfMissing(record, each)));
  });
  return {
    put: answers.filter(({ outcome }) => outcome === "put").length,
    there: answers.filter(({ outcome }) => outcome === "there").length,
    writeUnits: answers.reduce((sum, { writeUnits }) => sum + writeUnits, 0),
  };
}
