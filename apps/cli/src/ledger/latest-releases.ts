import type { LedgerEntry } from "@slipway/contracts";
import { type Ledger, type ReleaseRecord, releases } from "@slipway/release-engine";

/** A release has some dozens of entries. */
const FIRST_COUNT = 120;

/**
 * The last releases of a ledger, oldest first, without reading the years before them.
 *
 * @param isEnough whether they are those that are asked for; otherwise more are read
 */
export async function latestReleases(
  ledger: Ledger,
  isEnough: (records: readonly ReleaseRecord[]) => boolean,
  signal?: AbortSignal,
): Promise<{ readonly records: readonly ReleaseRecord[]; readonly entries: readonly LedgerEntry[] }> {
  for (let count = FIRST_COUNT; ; count *= 4) {
    const entries = await ledger.readLatest(count, signal);
    const records = releases(entries);
    if (isEnough(records) || (entries[0]?.sequence ?? 1) === 1) {
      return { records, entries };
    }
  }
}
