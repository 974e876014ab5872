import {
  appendFileSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type LedgerEntry, ledgerEntrySchema } from "@slipway/contracts";
import { EntryChain, ReleaseError } from "@slipway/release-engine";
import { withLockFile } from "./with-lock-file.ts";

/** An entry has at most 400 KB. */
const TAIL_BYTES = 512 * 1_024;

/**
 * A copy of an environment's ledger on this machine, for the day that its table cannot be reached: one entry a line, as they were read and
 * checked, without secrets as they are there. Only new ones are added.
 */
export class LedgerCopy {
  readonly path: string;
  readonly #folder: string;
  readonly #environment: string;

  constructor(folder: string, environment: string) {
    this.#folder = folder;
    this.#environment = environment;
    this.path = join(folder, `${environment}.jsonl`);
  }

  /**
   * Keeps entries that were read in a row. A copy that cannot be written is no reason to stop: it is older then.
   *
   * @param entries to the last one; from the first, unless they follow what is there
   */
  keep(entries: readonly LedgerEntry[]): void {
    const [first] = entries;
    const last = entries.at(-1);
    if (first === undefined || last === undefined) {
      return;
    }
    try {
      const known = this.#last();
      if (known?.hash === last.hash) {
        return;
      }
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      // Another process that is at it writes the same.
      withLockFile(`${this.path}.lock`, 0, () => {
        const there = this.#last();
        const at = there === undefined ? undefined : entries[there.sequence - first.sequence];
        if (there !== undefined && at?.hash === there.hash) {
          appendFileSync(this.path, linesOf(entries.slice(there.sequence - first.sequence + 1)), { mode: 0o600 });
        } else if (first.sequence === 1) {
          writeFileSync(`${this.path}.new`, linesOf(entries), { mode: 0o600 });
          renameSync(`${this.path}.new`, this.path);
        }
      });
    } catch {
      // No disk, no right: whoever needs the copy is told that there is none.
    }
  }

  /**
   * @returns its entries, their chain checked; undefined where there is no copy
   * @throws {ReleaseError} when it is not what was written
   */
  load(): readonly LedgerEntry[] | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, "utf8");
    } catch {
      return undefined;
    }
    const chain = new EntryChain(this.#environment);
    // A last line without its end was broken off by a kill: what is before it is whole.
    const lines = text.split("\n").slice(0, -1);
    try {
      return lines.map((line) => chain.take(JSON.parse(line)));
    } catch (error) {
      throw new ReleaseError(
        {
          kind: "failed",
          what: `The copy of the ledger ${this.path} is not what was written`,
          why: error instanceof ReleaseError ? error.why : String(error),
          next: "name the versions instead: --version FUNCTION=N, for each function",
        },
        { cause: error },
      );
    }
  }

  /** The last entry; undefined where there is none, or its line was broken off. */
  #last(): LedgerEntry | undefined {
    let file: number;
    try {
      file = openSync(this.path, "r");
    } catch {
      return undefined;
    }
    try {
      const { size } = fstatSync(file);
      const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
      readSync(file, tail, 0, tail.length, size - tail.length);
      const line = /(?:^|\n)([^\n]+)\n$/.exec(tail.toString("utf8"))?.[1];
      return line === undefined ? undefined : ledgerEntrySchema.parse(JSON.parse(line));
    } catch {
      return undefined;
    } finally {
      closeSync(file);
    }
  }
}

function linesOf(entries: readonly LedgerEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}
