/**
 * What kind of failure it is, for code that can do something about it:
 *
 * - `usage`: the configuration or the repository is not as it must be
 * - `conflict`: somebody else changed the thing since it was looked at
 * - `busy`: the thing is being changed or locked right now
 * - `not-found`, `denied`, `throttled`, `unreachable`: what AWS answered, or that it did not
 * - `timeout`: a bounded wait ended
 * - `interrupted`: it was asked to stop
 * - `fenced`: the lease was lost, so nothing may be changed any more
 * - `failed`: everything else that can be expected to go wrong
 */
export type FailureKind =
  | "usage"
  | "conflict"
  | "busy"
  | "not-found"
  | "denied"
  | "throttled"
  | "unreachable"
  | "timeout"
  | "interrupted"
  | "fenced"
  | "failed";

export interface Failure {
  kind: FailureKind;
  /** What happened, as one short sentence without a full stop. */
  what: string;
  /** Why: what was found, or the other side's own words. May have several lines. */
  why: string;
  /** What to type or do now. */
  next: string;
}

/** A failure that can be expected: its message is complete. Any other error is a bug of ours. */
export class ReleaseError extends Error {
  override readonly name = "ReleaseError";
  readonly kind: FailureKind;
  readonly what: string;
  readonly why: string;
  readonly next: string;

  constructor({ kind, what, why, next }: Failure, options?: { cause?: unknown }) {
    super(`${what}.\n  Why:  ${why.trimEnd().replaceAll("\n", "\n        ")}\n  Next: ${next}`, options);
    this.kind = kind;
    this.what = what;
    this.why = why;
    this.next = next;
  }
}
