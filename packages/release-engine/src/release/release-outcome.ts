import type { PlannedStep } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";

/** Where a release stands when nothing more can be done for now; what went wrong on the way is thrown instead. */
export interface ReleaseOutcome {
  /**
   * - `live`: it has all of the traffic; `pending` says which checkpoints are to come
   * - `done`: it is done, and was to move no traffic
   * - `failed`: it was judged bad before any traffic went to it
   * - `put-back`: the versions before it have the traffic
   * - `superseded`: a later release has taken its place
   * - `paused`: a person, or time, is needed
   * - `interrupted`: it was asked to stop
   */
  readonly state: "live" | "done" | "failed" | "put-back" | "superseded" | "paused" | "interrupted";
  /** One line. */
  readonly reason: string;
  /** What to type now, where something is left to do. */
  readonly next?: string;
  readonly record: ReleaseRecord;
  readonly pending: readonly PendingCheckpoint[];
}

/** A checkpoint that has not been passed. */
export interface PendingCheckpoint {
  readonly step: PlannedStep;
  /** Milliseconds since the epoch, on the target's clock. */
  readonly dueAt: number;
  /** Whether it was judged, could not be decided, and waits for a person. */
  readonly setAside: boolean;
}
