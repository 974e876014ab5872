import type { ErrorCategory, MemoryMeasurement, StageHistory } from "@slipway/analysis";

/** Errors of one fingerprint of one function in a minute. */
export interface MinuteErrors {
  readonly function: string;
  readonly fingerprint: string;
  readonly category: ErrorCategory;
  count: number;
  firstAt: number;
  readonly versions: Record<string, number>;
}

/**
 * What a process that looks again and again remembers of earlier looks, so that it does not read the same logs every minute. Nothing is
 * decided by it: a process without it reads more, and sees the same.
 */
export class LookMemory {
  /** Errors of minutes to which no late line can come any more, by the minute's beginning. */
  readonly errors = new Map<number, readonly MinuteErrors[]>();
  /** Of earlier days what was read a while ago. */
  earlierDays: { readonly at: number; readonly value: readonly StageHistory[] } | undefined;
  memory: { readonly at: number; readonly value: readonly MemoryMeasurement[] } | undefined;
}
