import type { SourceAnswer } from "@slipway/contracts";
import { assertNotInterrupted } from "../../assert-not-interrupted.ts";
import { ReleaseError } from "../../release-error.ts";

export interface AskOptions {
  /** Milliseconds that this one has, instead of what is left of the time that all have. */
  readonly withinMs?: number;
  /** What an answer leaves out, and why. */
  readonly without?: string;
}

/**
 * Asks sources side by side, on the machine's clock: one that is down, or slow, holds up nothing else. All of them together have so long
 * since the desk was opened; whoever waits for another one's answer has what that has left.
 */
export class SourceDesk {
  readonly #answers: SourceAnswer[] = [];
  readonly #endsAt: number;
  readonly #signal: AbortSignal | undefined;

  /** @param answerMs how long all sources have, from now on */
  constructor(answerMs: number, signal?: AbortSignal) {
    this.#endsAt = performance.now() + answerMs;
    this.#signal = signal;
  }

  /** What was asked, and whether it was answered, in the order in which it was asked. */
  get answers(): readonly SourceAnswer[] {
    return this.#answers;
  }

  /**
   * Whatever a source throws, it is down: that one part of an investigation is broken must not cost all others.
   *
   * @returns undefined where it has not answered; why is among the answers then
   * @throws {ReleaseError} `interrupted` when asked to stop
   */
  async ask<T>(
    source: string,
    look: (signal: AbortSignal) => Promise<T>,
    { withinMs, without }: AskOptions = {},
  ): Promise<T | undefined> {
    const index = this.#answers.push({ source, state: "too-late", durationMs: 0 }) - 1;
    const startedAt = performance.now();
    const answerMs = Math.max(0, withinMs ?? this.#endsAt - startedAt);
    const deadline = new AbortController();
    const { promise: tooLate, resolve } = Promise.withResolvers<typeof LATE>();
    const timer = setTimeout(() => {
      resolve(LATE);
      deadline.abort();
    }, answerMs);
    const signal = this.#signal === undefined ? deadline.signal : AbortSignal.any([this.#signal, deadline.signal]);
    const tell = (answer: Pick<SourceAnswer, "state" | "why">) => {
      this.#answers[index] = { source, ...answer, durationMs: Math.round(performance.now() - startedAt) };
    };
    try {
      const looking = look(signal);
      looking.catch(() => {});
      const value = await Promise.race([looking, tooLate]);
      if (value === LATE) {
        tell({ state: "too-late", why: `no answer within ${(answerMs / 1_000).toFixed(1)} s` });
        return undefined;
      }
      tell(without === undefined ? { state: "answered" } : { state: "in-part", why: without });
      return value;
    } catch (error) {
      assertNotInterrupted(this.#signal, "while it was investigated; nothing was changed");
      const isLate = deadline.signal.aborted;
      tell(
        isLate
          ? { state: "too-late", why: `no answer within ${(answerMs / 1_000).toFixed(1)} s` }
          : { state: "down", why: whyOf(error) },
      );
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Notes that a source could not be asked, because nobody knows what for. */
  leave(source: string, why: string): undefined {
    this.#answers.push({ source, state: "unknown", why, durationMs: 0 });
  }
}

/** Any other error than a ReleaseError is a fault of our own: it is named as such. */
function whyOf(error: unknown): string {
  return error instanceof ReleaseError
    ? `${error.what}: ${error.why}`
    : `a fault of Slipway's own: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
}

const LATE = Symbol("too late");
