import { BrokenLedgerError, type Ledger, releases } from "@slipway/release-engine";
import { formatTime } from "../charts/format-time.ts";
import type { CommandIo } from "../command.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";

/** What the ledger of an environment came to. */
export interface LedgerReport {
  readonly version: 1;
  readonly environment: string;
  readonly target: string;
  readonly table: string;
  readonly whole: boolean;
  /** Where it is whole. */
  readonly entries?: number;
  readonly releases?: number;
  /** Of the last entry; null where there is none. */
  readonly hash?: string | null;
  /** Where it is broken: the first entry that is not what it should be, 0 for the head. */
  readonly brokenAt?: number;
  readonly why?: string;
  readonly next?: string;
}

/**
 * Recomputes a ledger's chain and compares it with the head.
 *
 * @throws ReleaseError when it cannot be read
 */
export async function verifyLedger(
  ledger: Ledger,
  { target, tableName: table }: { readonly target: string; readonly tableName: string },
  { columns, signal }: Pick<CommandIo, "columns" | "signal">,
): Promise<{ readonly report: LedgerReport; readonly text: string }> {
  const { environment } = ledger;
  const place = { version: 1, environment, target, table } as const;
  const wrap = (text: string) => `${wrapText(escapeControls(text), columns, "").join("\n")}\n`;
  try {
    const entries = await ledger.read(signal);
    const last = entries.at(-1);
    const count = releases(entries).length;
    const report = { ...place, whole: true, entries: entries.length, releases: count, hash: last?.hash ?? null };
    const text =
      last === undefined
        ? wrap(`The ledger of ${environment} on ${target} is empty.`)
        : wrap(
            `The ledger of ${environment} on ${target} is whole: ${plural(entries.length, "entry", "entries")} of ${plural(count, "release", "releases")}, the last from ${formatTime(Date.parse(last.at))}.`,
          ) +
          wrap("Its hash, to be compared with one that was written down elsewhere:") +
          `  ${last.hash}\n`;
    return { report, text };
  } catch (error) {
    if (!(error instanceof BrokenLedgerError)) {
      throw error;
    }
    const { sequence: brokenAt, what, why, next } = error;
    return {
      report: { ...place, whole: false, brokenAt, why, next },
      text: `${wrap(`${what} (${target}, table ${table}).`)}${wrap(`Why:  ${why}.`)}${wrap(`Next: ${next}.`)}`,
    };
  }
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
