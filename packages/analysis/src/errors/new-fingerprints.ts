import type { ErrorFingerprint } from "./error-fingerprint.ts";

/** Errors of a period by their fingerprint. */
export interface ErrorPeriod {
  /** Messages of log events; those that are no error are passed over. */
  readonly lines: Iterable<string>;
  /** How long the period is, in milliseconds. */
  readonly durationMs: number;
}

/** Which errors are told of. Everything has a default. */
export interface NewFingerprintsPolicy {
  /** How often an error that comes as often as before may be told of, over all fingerprints together: 0.01. */
  readonly falseAlarms?: number;
  /** Less than so many times as often as before is not more frequent: 3. */
  readonly minimumRatio?: number;
  /** Fewer than these are not more frequent: 5. One is enough for a new one. */
  readonly minimumEvents?: number;
}

/** An error that was not there before, or much less often. */
export interface NewFingerprint {
  readonly kind: "new" | "more-frequent";
  readonly fingerprint: ErrorFingerprint;
  /** How often in each period. */
  readonly before: number;
  readonly now: number;
  /** The first line of its kind in the present period, at most 1,000 characters. */
  readonly example: string;
}

/** Which errors are new, or much more frequent; the most frequent first. */
export function newFingerprints(
  _baseline: ErrorPeriod,
  _current: ErrorPeriod,
  _policy: NewFingerprintsPolicy = {},
): NewFingerprint[] {
  throw new Error("To be written.");
}
