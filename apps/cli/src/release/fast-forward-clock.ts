import type { Clock } from "@slipway/release-engine";

/** What it needs of a local AWS. */
export interface MovableTime {
  /** Moves its time forward. @returns what it is then, ISO */
  advance(milliseconds: number): Promise<string>;
}

/** Done in each step that is passed over, before it passes. */
export type InEachStep = (step: {
  readonly index: number;
  readonly of: number;
  readonly signal?: AbortSignal;
}) => Promise<void>;

const MINUTE_MS = 60_000;
/** What an hour and a half has in minutes, and a day in quarters of an hour. */
const MOST_STEPS = 96;

/**
 * The clock of a local AWS that is moved forward instead of waited for, a minute at a time: CloudWatch counts by the minute, and alarms
 * look by it. Long waits take more minutes at a time, so that a day does not have 1,440 steps. Waits that are shorter than a second are real
 * ones: they are for what happens on this machine.
 *
 * @param offsetMs by how much it is ahead of this machine's clock already
 * @param meanwhile sends the requests that a real wait would have seen
 */
export class FastForwardClock implements Clock {
  readonly #system: Clock;
  readonly #time: MovableTime;
  readonly #meanwhile: InEachStep | undefined;
  #offsetMs: number;

  constructor(system: Clock, time: MovableTime, offsetMs: number, meanwhile?: InEachStep) {
    this.#system = system;
    this.#time = time;
    this.#offsetMs = offsetMs;
    this.#meanwhile = meanwhile;
  }

  now(): number {
    return this.#system.now() + this.#offsetMs;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (milliseconds < 1_000) {
      await this.#system.sleep(milliseconds, signal);
      return;
    }
    const until = this.now() + milliseconds;
    const stepMs = MINUTE_MS * Math.max(1, Math.ceil(milliseconds / MOST_STEPS / MINUTE_MS));
    const of = Math.ceil(milliseconds / stepMs);
    // Asked anew each time: it is given while something is waited for.
    const isAsked = () => signal?.aborted === true;
    for (let index = 0; this.now() < until && !isAsked(); index += 1) {
      await this.#meanwhile?.({ index, of, ...(signal === undefined ? {} : { signal }) });
      // What was done meanwhile took time, too.
      const left = until - this.now();
      if (left > 0 && !isAsked()) {
        const clock = await this.#time.advance(Math.min(stepMs, left));
        // Somebody else may have moved it, too: what it says counts.
        this.#offsetMs = Date.parse(clock) - this.#system.now();
      }
    }
  }
}
