import type { Evidence } from "@slipway/contracts";

/** What the evidence of a checkpoint comes to. */
export interface CheckpointVerdict {
  readonly verdict: "pass" | "fail" | "unknown";
  /** Whether what failed puts the release back. */
  readonly putsBack: boolean;
  /** Whether something is not known that a later look may show. */
  readonly mayChange: boolean;
  /** The evidence that decided: what failed, or else what is not known. */
  readonly decidedBy: readonly Evidence[];
  /** What is not known. */
  readonly unknown: readonly Evidence[];
}

/**
 * Judges the evidence of a checkpoint: what fails decides, and what is not known is never a pass.
 *
 * @param putBackOn ids of the checks that put a release back
 */
export function judgeCheckpoint(evidence: readonly Evidence[], putBackOn: ReadonlySet<string>): CheckpointVerdict {
  const failed = evidence.filter(({ status }) => status === "fail");
  const unknown = evidence.filter(({ status }) => status === "unknown");
  const bad = failed.filter(({ check }) => putBackOn.has(check));
  const isEmpty = evidence.length === 0;
  return {
    verdict: failed.length > 0 ? "fail" : unknown.length > 0 || isEmpty ? "unknown" : "pass",
    putsBack: bad.length > 0,
    mayChange: isEmpty || unknown.some(({ forPeople }) => forPeople !== true),
    decidedBy: bad.length > 0 ? bad : failed.length > 0 ? failed : unknown,
    unknown,
  };
}
