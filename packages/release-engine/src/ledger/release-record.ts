import type {
  Evidence,
  LedgerBodyOf,
  ReleasedFunction,
  ReleasePlan,
  StepKind,
  ValidationWindow,
} from "@slipway/contracts";

/** How far a step is. */
export interface StepRecord {
  readonly id: string;
  readonly kind: StepKind;
  readonly attempts: number;
  /** `started` and not finished: what was done of it is not known. */
  readonly state: "started" | "done" | "nothing-to-do" | "paused" | "failed";
  readonly summary?: string;
  readonly durationMs?: number;
  readonly result?: unknown;
  /** ISO time of its last entry. */
  readonly at: string;
}

/** A release, as the ledger's entries tell it. */
export interface ReleaseRecord {
  readonly id: string;
  readonly plan: ReleasePlan;
  readonly authors: readonly string[];
  /** Why there may be others, whom nobody knows. */
  readonly authorsUnknown?: string;
  /** ISO times. */
  readonly startedAt: string;
  readonly startedBy: string;
  readonly endedAt?: string;
  /**
   * `running`: begun, not ended; whether somebody is at it says the lease. `live` is the one outcome that can change: a release that is
   * live can be put back, or superseded by the next.
   */
  readonly state: "running" | "paused" | LedgerBodyOf<"release.ended">["outcome"];
  /** Whether it has ever ended `live`, also where it was put back since: then a rollback can go to it. */
  readonly wasLive?: true;
  /** Why it is paused, or ended. */
  readonly reason?: string;
  /** Why it is being put back, from the moment that this was decided (`release.putting-back`). */
  readonly puttingBack?: string;
  /** What to do where it is paused. */
  readonly next?: string;
  /** By their ids, in the order in which they were started; those of putting back, too. */
  readonly steps: ReadonlyMap<string, StepRecord>;
  readonly functions: readonly ReleasedFunction[];
  /** ISO time at which all of the traffic went to it; the checkpoints count from here. */
  readonly liveAt?: string;
  /**
   * The release that has moved traffic since this one went live: this one's later checkpoints are not judged any more, also where the
   * other one was put back to it, because their windows count what the other one did.
   */
  readonly overtakenBy?: string;
  readonly checkpoints: Readonly<Partial<Record<ValidationWindow, CheckpointRecord>>>;
}

export interface CheckpointRecord {
  readonly verdict: "pass" | "fail" | "unknown";
  readonly at: string;
  readonly evidence: readonly Evidence[];
}
