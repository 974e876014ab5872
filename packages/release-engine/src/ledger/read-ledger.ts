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
 * Reads entries of a ledger, and checks them. What this process has read of it before is not read again: entries never change, and those
 * that are new have to follow them.
 *
 * @throws {BrokenLedgerError} naming the first entry that is not what it should be
 */
export async function readLedger(
  writer: Pick<LedgerWriter, "table" | "options" | "known">,
  { until, latest, signal }: ReadOptions,
): Promise<readonly LedgerEntry[]> {
  const { table, known, options } = writer;
  const { environment, leaseClock } = options;
  // Before the entries: what is written meanwhile is behind it.
  const head = await withPatience(leaseClock, until, () => table.readHead(environment));
  const wanted = latest === undefined ? 0 : Math.max(0, (head?.sequence ?? 0) - latest);
  const isKnown = wanted <= known.length;
  const after = isKnown ? known.length : wanted;
  const chain = new EntryChain(environment, after, isKnown ? known.at(-1)?.hash : undefined);
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
  const all = isKnown ? [...known, ...entries] : entries;
  const before = isKnown ? 0 : after;
  chain.end(head, all[(head?.sequence ?? 0) - before - 1]);
  if (isKnown) {
    writer.known = all;
  }
  options.onRead?.(all);
  return all.slice(wanted - before);
}
