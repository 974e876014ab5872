import type { Clock } from "../../../core/clock.ts";
import type { LogLine } from "../../../core/ports.ts";
import { type LiveTailScope, LiveTailSession } from "./live-tail-session.ts";

/** The live tails that are open, and what ingestion tells of new events. */
export class LiveTails {
  readonly #clock: Clock;
  readonly #open = new Set<LiveTailSession>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many are open. */
  get count(): number {
    return this.#open.size;
  }

  start(scope: LiveTailScope): LiveTailSession {
    const session = new LiveTailSession(this.#clock, scope, () => this.#open.delete(session));
    this.#open.add(session);
    return session;
  }

  /** Shows events that have just been stored to whom they concern. */
  offer(group: string, stream: string, lines: readonly LogLine[], ingestionTime: number): void {
    for (const session of this.#open) {
      session.offer(group, stream, lines, ingestionTime);
    }
  }

  /** Ends them all. */
  close(): void {
    for (const session of [...this.#open]) {
      session.close();
    }
  }
}
