import type { Clock } from "@slipway/release-engine";

/** A clock that moves only when it is waited for, and then at once. */
export class ManualClock implements Clock {
  #now: number;

  /** @param now milliseconds since the epoch */
  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
