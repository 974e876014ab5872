import type { Clock } from "../ports/clock.ts";

/** How much a migration may take of a table. */
export interface MigrationRate {
  readonly perSecond: number;
  /** `records`: that are looked at. `capacity-units`: of reads and writes together, as DynamoDB reports them. */
  readonly unit: "records" | "capacity-units";
}

/** No single wait is longer, so that whoever waits can say that it is still there. */
const LONGEST_SLEEP_MS = 5_000;

/**
 * A budget that fills up at a steady rate and is paid afterwards, because nobody knows before a call what it costs:
 *
 * ```
 * budget  50 ──call costs 120──> -70 ──wait 1.4 s at 50/s──> 0 ──call ...
 * ```
 *
 * It begins empty, and what is not used within a second is lost, so that there is no burst, not even after a pause.
 */
export class RateLimit {
  readonly #rate: MigrationRate | undefined;
  readonly #clock: Clock;
  #budget = 0;
  #filledAt: number;

  constructor(rate: MigrationRate | undefined, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
    this.#filledAt = clock.now();
  }

  /**
   * Waits until the budget is not overdrawn.
   *
   * @param whileWaiting called between sleeps
   */
  async ready(signal: AbortSignal, whileWaiting: () => Promise<void>): Promise<void> {
    const rate = this.#rate;
    if (rate === undefined) {
      return;
    }
    for (let debt = this.#debt(rate); debt > 0 && !signal.aborted; debt = this.#debt(rate)) {
      await this.#clock.sleep(Math.min(LONGEST_SLEEP_MS, Math.ceil((debt / rate.perSecond) * 1_000)), signal);
      await whileWaiting();
    }
  }

  spend(used: { readonly records?: number; readonly units: number }): void {
    if (this.#rate !== undefined) {
      this.#budget -= this.#rate.unit === "records" ? (used.records ?? 0) : used.units;
    }
  }

  #debt({ perSecond }: MigrationRate): number {
    const now = this.#clock.now();
    this.#budget = Math.min(perSecond, this.#budget + (perSecond * (now - this.#filledAt)) / 1_000);
    this.#filledAt = now;
    return Math.max(0, -this.#budget);
  }
}
