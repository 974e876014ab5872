import { randomUUID } from "node:crypto";
import type { Actor, LedgerBody, LedgerEntry } from "@slipway/contracts";
import type { Clock } from "../ports/clock.ts";
import type { LeaseRecord, LedgerHead, LedgerTable } from "../ports/ledger-table.ts";
import type { Redactor } from "../redaction/redactor.ts";
import { ReleaseError } from "../release-error.ts";
import { canonicalJson } from "./canonical-json.ts";
import { hashOfText, NO_HASH } from "./entry-chain.ts";
import { headIncidents } from "./head-incidents.ts";
import { redactBody } from "./redact-body.ts";
import { withPatience } from "./with-patience.ts";

/** What a write makes of the head that it finds. */
export interface Decision {
  readonly lease: LeaseRecord | null;
  /** Where a token is given out. */
  readonly lastToken?: number;
  /** What is written down with it; a sign of life has nothing to say. */
  readonly entry?: {
    readonly by: Actor;
    readonly release: string | null;
    readonly body: LedgerBody;
    readonly token: number | null;
  };
}

export interface Written {
  readonly head: LedgerHead;
  readonly entry: LedgerEntry | undefined;
}

export interface WriterOptions {
  readonly environment: string;
  /** The target's time, which entries are dated by. */
  readonly clock: Clock;
  /** The machine's time, which pauses and patience go by. */
  readonly leaseClock: Clock;
  readonly redactor: Redactor;
  /** Gets all entries in a row that were read and checked, the last one included. */
  readonly onRead?: (entries: readonly LedgerEntry[]) => void;
}

/** DynamoDB takes items up to 400 KB; keys and attribute names are a part of it. */
const MOST_BYTES = 400 * 1024 - 512;

/** What an entry's hash adds to it. */
const HASH_BYTES = `,"hash":"${NO_HASH}"`.length;

const BEFORE_FIRST: LedgerHead = { sequence: 0, hash: NO_HASH, revision: 0, writeId: "", lastToken: 0, lease: null };

/**
 * Writes to a ledger's table so that each change arrives once, whatever becomes of the calls.
 *
 * ```
 * head r7 ── decide ── write r8 if r7 ── written
 *                          ├── no answer: the same r8 again, with the same writeId; it cannot arrive twice, as r7 is gone after the first
 *                          └── conflict: the head is read again
 *                                 ├── it has our writeId, or the entry is there: it had arrived
 *                                 └── somebody else was faster: decide again, on the head that is there now
 * ```
 */
export class LedgerWriter {
  readonly table: LedgerTable;
  readonly options: WriterOptions;
  /** From the first, what was read and checked. */
  known: readonly LedgerEntry[] = [];

  constructor(table: LedgerTable, options: WriterOptions) {
    this.table = table;
    this.options = options;
  }

  /** @param until time on the machine's clock up to which a call that fails is tried again */
  async readHead(until: number): Promise<LedgerHead | undefined> {
    const { environment, leaseClock } = this.options;
    return withPatience(leaseClock, until, () => this.table.readHead(environment));
  }

  /**
   * Changes the head, and adds an entry.
   *
   * @param decide what to make of the head; asked again when somebody else was faster; throws to refuse
   * @param known the head as it was last seen, to save a call
   * @throws {ReleaseError} what `decide` throws, and what the table does when patience is at its end
   */
  async write(decide: (head: LedgerHead) => Decision, until: number, known?: LedgerHead): Promise<Written> {
    let head = known ?? (await this.readHead(until)) ?? BEFORE_FIRST;
    for (;;) {
      const written = this.#build(head, decide(head));
      const isThere = await this.#send(head.revision, written, until);
      if (isThere === true) {
        return written;
      }
      head = isThere;
    }
  }

  /** @returns true when it arrived; otherwise the head that is there instead */
  async #send(expected: number, written: Written, until: number): Promise<true | LedgerHead> {
    const { environment, leaseClock } = this.options;
    let isInDoubt = false;
    const outcome = await withPatience(leaseClock, until, async () => {
      try {
        return await this.table.write(environment, { expected, ...written });
      } catch (error) {
        isInDoubt = true;
        throw error;
      }
    });
    if (outcome === "written") {
      return true;
    }
    const head = await this.readHead(until);
    if (head === undefined) {
      throw new ReleaseError({
        kind: "conflict",
        what: `The ledger of ${environment} has lost its head`,
        why: "the record was there, and is not any more",
        next: "restore the table from before (point-in-time recovery)",
      });
    }
    const hasArrived =
      head.writeId === written.head.writeId || (isInDoubt && (await this.#isThere(written.entry, until)));
    return hasArrived ? true : head;
  }

  async #isThere(entry: LedgerEntry | undefined, until: number): Promise<boolean> {
    if (entry === undefined) {
      return false;
    }
    const { environment, leaseClock } = this.options;
    return withPatience(leaseClock, until, async () => {
      for await (const stored of this.table.readEntries(environment, entry.sequence - 1)) {
        return typeof stored === "object" && stored !== null && "hash" in stored && stored.hash === entry.hash;
      }
      return false;
    });
  }

  #build(head: LedgerHead, { lease, lastToken = head.lastToken, entry: draft }: Decision): Written {
    const { environment, clock, redactor } = this.options;
    const entry =
      draft === undefined
        ? undefined
        : chained({
            version: 1,
            environment,
            sequence: head.sequence + 1,
            at: new Date(clock.now()).toISOString(),
            by: { ...draft.by, name: redactor.text(draft.by.name) },
            token: draft.token,
            release: draft.release,
            body: redactBody(draft.body, redactor),
            previous: head.hash,
          });
    const incidents = entry === undefined ? head.incidents : headIncidents(head.incidents, entry);
    return {
      entry,
      head: {
        sequence: entry?.sequence ?? head.sequence,
        hash: entry?.hash ?? head.hash,
        revision: head.revision + 1,
        writeId: randomUUID(),
        lastToken,
        lease,
        ...(incidents && { incidents }),
      },
    };
  }
}

function chained(rest: Omit<LedgerEntry, "hash">): LedgerEntry {
  const text = canonicalJson(rest);
  const entry: LedgerEntry = { ...rest, hash: hashOfText(text) };
  const bytes = Buffer.byteLength(text) + HASH_BYTES;
  if (bytes > MOST_BYTES) {
    throw new ReleaseError({
      kind: "failed",
      what: `An entry ${entry.body.type} is too large for the ledger`,
      why: `it has ${bytes.toLocaleString("en-US")} bytes, and DynamoDB takes ${MOST_BYTES.toLocaleString("en-US")}`,
      next: "report it with the entry's type: what is written down at once has to be less",
    });
  }
  return entry;
}
