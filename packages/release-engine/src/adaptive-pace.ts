import type { Clock } from "./ports/clock.ts";
import { ReleaseError } from "./release-error.ts";

/** How calls to one service are paced. */
export interface PaceOptions {
  readonly clock: Clock;
  /** No call is begun, and no wait goes on, once it is aborted. */
  readonly signal: AbortSignal;
  /** Calls at the same time, in the beginning and at most. */
  readonly first?: number;
  readonly most?: number;
  /** How often one call may be throttled before it is given up. */
  readonly patience?: number;
  /** From 0 to 1; `Math.random` by default. */
  readonly random?: () => number;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Sends calls to one service as fast as it takes them: one more at a time while all goes well, half as many when it
 * throttles, and each throttled call again after a pause that doubles. The way of TCP: additive increase, multiplicative
 * decrease.
 *
 * ```
 * limit   4 5 6 7 8 4 5 6 3 4 5 ...
 *                   ^     ^ throttled: halved, once for all calls that were under way at that moment
 * ```
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html for the retries of the SDK below it
 */
export class AdaptivePace {
  readonly #options: Required<PaceOptions>;
  readonly #waiting: (() => void)[] = [];
  #limit: number;
  #running = 0;
  #successes = 0;
  #shrunkAt = 0;
  #started = 0;

  constructor(options: PaceOptions) {
    this.#options = { first: 4, most: 16, patience: 12, random: Math.random, ...options };
    this.#limit = this.#options.first;
  }

  /** Calls that may be under way at the same time, at this moment. */
  get limit(): number {
    return this.#limit;
  }

  /**
   * Runs a call when its turn has come, and again while it is throttled.
   *
   * @throws ReleaseError what the call throws; `throttled` when it was throttled too often; `interrupted` once aborted
   */
  async run<T>(call: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#attempt(call);
      if ("value" in outcome) {
        return outcome.value;
      }
      if (attempt >= this.#options.patience) {
        const { what, why, next } = outcome.throttled;
        throw new ReleaseError(
          { kind: "throttled", what, why: `${why}\nthrottled ${attempt} times, with longer and longer pauses`, next },
          { cause: outcome.throttled },
        );
      }
      await this.#pause(attempt);
    }
  }

  async #attempt<T>(call: () => Promise<T>): Promise<{ value: T } | { throttled: ReleaseError }> {
    await this.#turn();
    this.#started += 1;
    const mine = this.#started;
    try {
      const value = await call();
      this.#grow();
      return { value };
    } catch (error) {
      if (error instanceof ReleaseError && error.kind === "throttled") {
        this.#shrink(mine);
        return { throttled: error };
      }
      throw error;
    } finally {
      this.#running -= 1;
      this.#wake();
    }
  }

  async #turn(): Promise<void> {
    this.#assertGoesOn();
    if (this.#running < this.#limit) {
      this.#running += 1;
      return;
    }
    // Whoever wakes it has counted it as running already, so that nobody slips in between.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#options.signal.aborted) {
      this.#running -= 1;
      this.#wake();
    }
    this.#assertGoesOn();
  }

  #wake(): void {
    while (this.#running < this.#limit && this.#waiting.length > 0) {
      this.#running += 1;
      this.#waiting.shift()?.();
    }
  }

  /** After as many successes as there are calls at a time. */
  #grow(): void {
    this.#successes += 1;
    if (this.#successes >= this.#limit) {
      this.#successes = 0;
      this.#limit = Math.min(this.#options.most, this.#limit + 1);
    }
  }

  #shrink(call: number): void {
    this.#successes = 0;
    if (call > this.#shrunkAt) {
      this.#limit = Math.max(1, Math.floor(this.#limit / 2));
      this.#shrunkAt = this.#started;
    }
  }

  async #pause(attempt: number): Promise<void> {
    const { clock, random, signal } = this.#options;
    const ceiling = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
    // Between half of it and all of it: what was refused together must not come back together.
    await clock.sleep(ceiling * (0.5 + random() / 2), signal);
  }

  #assertGoesOn(): void {
    if (this.#options.signal.aborted) {
      throw new ReleaseError({
        kind: "interrupted",
        what: "The call was not sent",
        why: "it was asked to stop, or its time was over",
        next: "type the same command again",
      });
    }
  }
}
