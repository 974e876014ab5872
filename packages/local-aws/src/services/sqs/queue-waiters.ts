import type { Clock } from "../../core/clock.ts";

/** Consumers that wait for messages (long polling). */
export class QueueWaiters {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<() => void>>();
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether SQS is being closed: then nobody may look for messages any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Ends when something has happened to the queue, the clock has reached `until`, or the consumer has gone away. */
  async wait(queue: string, until: number, signal: AbortSignal): Promise<void> {
    if (this.#isClosed || signal.aborted) {
      return;
    }
    const waiting = this.#waiting.get(queue) ?? new Set();
    this.#waiting.set(queue, waiting);
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#clock.schedule(until, resolve);
    waiting.add(resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
    try {
      await promise;
    } finally {
      cancel();
      waiting.delete(resolve);
      if (waiting.size === 0) {
        this.#waiting.delete(queue);
      }
    }
  }

  /** Lets everybody who waits for a queue look again. */
  notify(queue: string): void {
    for (const wake of this.#waiting.get(queue) ?? []) {
      wake();
    }
  }

  /** Sends everybody away. */
  close(): void {
    this.#isClosed = true;
    for (const queue of this.#waiting.keys()) {
      this.notify(queue);
    }
  }
}
