import type { LogEvent } from "@slipway/release-engine";

/**
 * Remembers which events were given, so that none is given twice when a time is read again. Its memory is bounded: beyond the bound it
 * forgets the older half, and what is older than its floor must not be read again. Events are added in the order of time within one
 * reading; those of the same millisecond are forgotten together.
 */
export class SeenEvents {
  readonly #most: number;
  readonly #times = new Map<string, number>();
  #floor = 0;
  #forgetAt: number;

  /** @param most - events to remember; about 150 bytes each */
  constructor(most: number) {
    this.#most = most;
    this.#forgetAt = most;
  }

  /** From here on it knows all that was given; milliseconds since the epoch. */
  get floor(): number {
    return this.#floor;
  }

  get size(): number {
    return this.#times.size;
  }

  has(event: LogEvent): boolean {
    return this.#times.has(key(event));
  }

  add(event: LogEvent): void {
    if (event.at < this.#floor) {
      return;
    }
    this.#times.set(key(event), event.at);
    if (this.#times.size > this.#forgetAt) {
      const times = [...this.#times.values()].sort((left, right) => left - right);
      // The reading that goes on may still come to others of this very millisecond.
      this.forgetBefore(Math.min((times[times.length >> 1] ?? 0) + 1, event.at));
      this.#forgetAt = Math.max(this.#most, Math.ceil(this.#times.size * 1.5));
    }
  }

  /** Forgets what will not be read again. */
  forgetBefore(time: number): void {
    this.#floor = Math.max(this.#floor, time);
    for (const [id, at] of this.#times) {
      if (at < this.#floor) {
        this.#times.delete(id);
      }
    }
  }
}

function key({ group, id }: LogEvent): string {
  return `${group}:${id}`;
}
