import type { SourceAnswer } from "@slipway/contracts";
import { assertNotInterrupted } from "../../assert-not-interrupted.ts";
import { ReleaseError } from "../../release-error.ts";

/** Asks sources side by side, each with its own deadline on the machine's clock: one that is down, or slow, holds up nothing else. */
export class SourceDesk {
  readonly #answers: SourceAnswer[] = [];
  readonly #answerMs: number;
  readonly #signal: AbortSignal | undefined;

  /** @param answerMs how long each source has */
  constructor(answerMs: number, signal?: AbortSignal) {
    this.#answerMs = answerMs;
    this.#signal = signal;
  }

  /** What was asked, and whether it was answered, in the order in which it was asked. */
  get answers(): readonly SourceAnswer[] {
    return this.#answers;
  }

  /**
   * @returns undefined where it has not answered; why is among the answers then
   * @throws {ReleaseError} `interrupted` when asked to stop; whatever is no ReleaseError
   */
  async ask<T>(
    source: string,
    look: (signal: AbortSignal) => Promise<T>,
    answerMs = this.#answerMs,
  ): Promise<T | undefined> {
    const index = this.#answers.push({ source, state: "too-late", durationMs: 0 }) - 1;
    const startedAt = performance.now();
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
      tell({ state: "answered" });
      return value;
    } catch (error) {
      assertNotInterrupted(this.#signal, "while it was investigated; nothing was changed");
      if (!(error instanceof ReleaseError)) {
        throw error;
      }
      const isLate = deadline.signal.aborted;
      tell(
        isLate
          ? { state: "too-late", why: `no answer within ${(answerMs / 1_000).toFixed(1)} s` }
          : { state: "down", why: `${error.what}: ${error.why}` },
      );
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}

const LATE = Symbol("too late");
