import type { StepKind } from "@slipway/contracts";

/** How far a step is, as far as it decides what comes next. */
export interface StepProgress {
  readonly kind: StepKind;
  /** `started` and not finished: what was done of it is not known. */
  readonly state: "started" | "done" | "nothing-to-do" | "paused" | "failed";
  /** How often it was begun. */
  readonly attempts: number;
}

/** How far a release is, as far as it decides what comes next: the record that the ledger's entries make has all of it. */
export interface ReleaseProgress {
  readonly state: "running" | "paused" | "live" | "done" | "failed" | "put-back" | "superseded";
  /** ISO time at which all of the traffic went to it. */
  readonly liveAt?: string;
  /** Why it is being put back, from the moment that somebody decided it; a step that was judged bad decides it, too. */
  readonly puttingBack?: string;
  /** The release whose traffic came after this one went live: also where that one was put back, this one's windows count what it did. */
  readonly overtakenBy?: string;
  /** By their ids. */
  readonly steps: ReadonlyMap<string, StepProgress>;
}
