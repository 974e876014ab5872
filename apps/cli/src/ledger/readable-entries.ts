import type { LedgerEntry } from "@slipway/contracts";

/**
 * What is in a ledger, for what is worth showing without it, too.
 *
 * @param unknown what is not known where it cannot be read: `who left which state is not known`
 * @returns no entries where it cannot be read, and why
 */
export async function readableEntries(
  read: () => Promise<readonly LedgerEntry[]>,
  unknown: string,
  signal: AbortSignal,
): Promise<{ readonly entries: readonly LedgerEntry[]; readonly note?: string }> {
  try {
    return { entries: await read() };
  } catch (error) {
    if (signal.aborted || !(error instanceof Error)) {
      throw error;
    }
    return { entries: [], note: `${unknown}: the ledger cannot be read. ${error.message.split("\n")[0] ?? ""}` };
  }
}
