import type { Value } from "../values/value.ts";
import type { LogEvent } from "./log-event.ts";

/** What a slot holds when its value was looked for and is missing. */
const MISSING = Symbol("missing");

type Slot = Value | typeof MISSING;

/**
 * A row on its way through a query: an event with what the query has made of it, or a row of `stats`, which has slots only. Slots
 * are filled when somebody asks, so that a query does not compute what it does not show.
 */
export class Row {
  readonly event: LogEvent | undefined;
  #slots: Slot[] | undefined;

  /** @param values - the first slots, all of which are known */
  constructor(event: LogEvent | undefined, values?: readonly Value[]) {
    this.event = event;
    this.#slots = values?.map((value) => value ?? MISSING);
  }

  /** A row of the same event that has another value in one slot. */
  with(slot: number, value: Value): Row {
    const row = new Row(this.event);
    row.#slots = [...(this.#slots ?? [])];
    row.#slots[slot] = value ?? MISSING;
    return row;
  }

  /** The value in a slot, computed when it is asked for the first time. */
  slot(index: number, compute: (row: Row) => Value): Value {
    this.#slots ??= [];
    const known = this.#slots[index];
    if (known !== undefined) {
      return known === MISSING ? undefined : known;
    }
    const value = compute(this);
    this.#slots[index] = value ?? MISSING;
    return value;
  }
}
