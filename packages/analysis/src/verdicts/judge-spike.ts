import type { Verdict } from "@slipway/contracts";

/** Errors in two periods that may differ in length. */
export interface SpikeQuestion {
  /** Errors in the period before. */
  readonly before: number;
  /** Errors now. */
  readonly now: number;
  /** How long both periods are, in milliseconds. */
  readonly durations: { readonly before: number; readonly now: number };
}

/** When more errors are a spike. Everything has a default. */
export interface SpikePolicy {
  /** How often errors that come as before may be failed: 0.01. */
  readonly falseAlarms?: number;
  /** Fewer errors than these are no spike: 5. */
  readonly minimumEvents?: number;
  /** Less than so many times the rate before is no spike: 2. */
  readonly minimumRatio?: number;
  /** What is counted: `errors`. */
  readonly words?: { readonly events: string };
}

/** Whether there are more errors now than in the period before. */
export function judgeSpike(_question: SpikeQuestion, _policy: SpikePolicy = {}): Verdict {
  throw new Error("To be written.");
}
