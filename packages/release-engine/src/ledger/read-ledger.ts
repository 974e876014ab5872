import type { LedgerEntry } from "@slipway/contracts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import { EntryChain } from "./entry-chain.ts";
import type { LedgerWriter } from "./ledger-writer.ts";
import { withPatience } from "./with-patience.ts";

export interface ReadOptions {
  /** Time on the machine's clock up to which a call that fails is tried again, from the last entry that came. */
  readonly until: number;
  /** How many entries, from the end; all unless given. What came before the first of them is taken on trust. */
  readonly latest?: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads entries of a ledger, and checks them.
 *
 * @throws {BrokenLedgerError} naming the first entry that is not what it should be
 */
export async function readLedger(
  { table, options: { environment, leaseClock } }: Pick<LedgerWriter, "table" | "options">,
  { until, latest, signal }: ReadOptions,
): Promise<readonly LedgerEntry[]> {
  // Before the entries: what is written meanwhile is behind it.
  const head = await withPatience(leaseClock, until, () => table.readHead(environment));
  const after = latest === undefined ? 0 : Math.max(0, (head?.sequence ?? 0) - latest);
  const chain = new EntryChain(environment, after);
  const entries: LedgerEntry[] = [];
  let broken: unknown;
  await withPatience(leaseClock, until, async () => {
    for await (const stored of table.readEntries(environment, chain.sequence, signal)) {
      assertNotInterrupted(signal, `while the ledger of ${environment} was read`);
      try {
        entries.push(chain.take(stored));
      } catch (error) {
        // Not thrown here: a broken chain does not heal by being read again.
        broken = error;
        return;
      }
    }
  });
  if (broken !== undefined) {
    throw broken;
  }
  chain.end(head, entries[(head?.sequence ?? 0) - after - 1]);
  return entries;
}
