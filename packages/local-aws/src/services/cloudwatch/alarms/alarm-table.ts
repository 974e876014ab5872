import type { Collection } from "../../../store/store.ts";
import type { Alarm } from "./alarm.ts";

/**
 * The alarms, held in memory in front of the store: every one of them is looked at every minute, and an advance of the clock by a
 * day is 1,440 minutes. What is put is written through.
 */
export class AlarmTable implements Collection<Alarm> {
  readonly #stored: Collection<Alarm>;
  #known: Map<string, Alarm> | undefined;

  constructor(stored: Collection<Alarm>) {
    this.#stored = stored;
  }

  get(name: string): Alarm | undefined {
    return this.#all().get(name);
  }

  has(name: string): boolean {
    return this.#all().has(name);
  }

  put(name: string, alarm: Alarm): void {
    const known = this.#all();
    this.#stored.put(name, alarm);
    if (known.has(name)) {
      known.set(name, alarm);
    } else {
      this.#known = inOrder([...known, [name, alarm]]);
    }
  }

  delete(name: string): boolean {
    this.#known?.delete(name);
    return this.#stored.delete(name);
  }

  entries(prefix = ""): [string, Alarm][] {
    const entries = [...this.#all()];
    return prefix === "" ? entries : entries.filter(([name]) => name.startsWith(prefix));
  }

  values(prefix = ""): Alarm[] {
    return prefix === "" ? [...this.#all().values()] : this.entries(prefix).map(([, alarm]) => alarm);
  }

  /** Reads anew at the next look: what was put in a transaction that was rolled back is not there. */
  forget(): void {
    this.#known = undefined;
  }

  #all(): Map<string, Alarm> {
    this.#known ??= inOrder(this.#stored.entries());
    return this.#known;
  }
}

function inOrder(entries: [string, Alarm][]): Map<string, Alarm> {
  return new Map(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}
