import type { LedgerEntry } from "@slipway/contracts";
import type { IncidentRecord } from "../incident-record.ts";

/** While something has not fired for longer than that, each look may find what the last one could not yet. */
const YOUNG_MS = 15 * 60_000;
/** Later it is found out again when it is so much older: most of what there is to find was found. */
const OLDER_BY = 1 / 4;

/**
 * What a process that looks again and again remembers of what it has found out: an investigation reads logs of half an hour, and those of a
 * day where memory matters, and an incident that waits for people may be open for days. Nothing is decided by it: a process without it
 * finds out more often, and the same.
 */
export class InvestigationMemory {
  readonly #known = new Map<string, { readonly at: number; readonly seen: string }>();

  /**
   * Whether there may be something new to find out about an incident: it is young, it is a good deal older than the last time, or something
   * about it has changed.
   *
   * @param entries of the ledger
   * @param now milliseconds since the epoch, on the target's clock
   */
  isDue(record: IncidentRecord, entries: readonly LedgerEntry[], now: number): boolean {
    const known = this.#known.get(record.id);
    const began = Math.max(...[record.openedAt, ...firing(record).map(({ since }) => since)].map(Date.parse));
    const age = now - began;
    return (
      known === undefined ||
      known.seen !== seenOf(record, entries) ||
      age < YOUNG_MS ||
      now - known.at >= age * OLDER_BY
    );
  }

  /** Remembers that it was found out about an incident as it was then. */
  keep(record: IncidentRecord, entries: readonly LedgerEntry[], now: number): void {
    this.#known.set(record.id, { at: now, seen: seenOf(record, entries) });
  }
}

function firing({ signals }: IncidentRecord): IncidentRecord["signals"] {
  return signals.filter(({ clearedAt }) => clearedAt === undefined);
}

/** What an investigation goes by, but for numbers and logs: what fires, what was done about it, and what releases did. */
function seenOf(record: IncidentRecord, entries: readonly LedgerEntry[]): string {
  return JSON.stringify([
    record.reopened,
    firing(record).map(({ id }) => id),
    record.actions.map(({ id, state }) => `${id} ${state}`),
    entries.findLast(({ release }) => release !== null)?.sequence,
  ]);
}
