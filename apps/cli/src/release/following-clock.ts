import type { Clock } from "@slipway/release-engine";

const LOOK_EVERY_MS = 1_000;

/**
 * The clock of a local AWS that is waited for: with the machine's, and ahead with it whenever somebody moves it, as
 * `slipway local clock advance 1h` does in another terminal.
 */
export class FollowingClock implements Clock {
  readonly #system: Clock;
  readonly #readOffset: () => Promise<number | undefined>;
  #offsetMs: number;

  /**
   * @param offsetMs by how much it is ahead of this machine's clock now
   * @param readOffset looks again; undefined when nobody answers
   */
  constructor(system: Clock, offsetMs: number, readOffset: () => Promise<number | undefined>) {
    this.#system = system;
    this.#offsetMs = offsetMs;
    this.#readOffset = readOffset;
  }

  now(): number {
    return this.#system.now() + this.#offsetMs;
  }

  /** Looks where it is now. */
  async follow(): Promise<void> {
    this.#offsetMs = (await this.#readOffset()) ?? this.#offsetMs;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const until = this.now() + milliseconds;
    const isAsked = () => signal?.aborted === true;
    for (let left = milliseconds; left > 0 && !isAsked(); left = until - this.now()) {
      await this.#system.sleep(Math.min(left, LOOK_EVERY_MS), signal);
      if (milliseconds > LOOK_EVERY_MS) {
        await this.follow();
      }
    }
  }
}
