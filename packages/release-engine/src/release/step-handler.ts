import type { LedgerBody, PlannedStep, ReleasePlan, StepKind, StepResult } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";

/** What a step has at hand while it runs. */
export interface StepContext {
  readonly plan: ReleasePlan;
  readonly step: PlannedStep;
  /** 1, and one more each time that it is begun again after it was broken off. */
  readonly attempt: number;
  /** The release as the ledger had it when the step began. */
  readonly record: ReleaseRecord;
  /**
   * The result of an earlier step of this release.
   *
   * @param id of the step, where the plan has several of the kind
   * @throws {Error} when there is none: the plan is in the wrong order
   */
  result<K extends StepKind>(kind: K, id?: string): StepResult<K>;
  /**
   * What the infrastructure is called, as this release has left it, or an earlier one where this one applies none, as a rollback of code;
   * undefined where none was ever applied.
   */
  outputs(): Readonly<Record<string, unknown>> | undefined;
  /** Writes something down while the step runs: a verdict, evidence, events of Terraform. */
  write(body: LedgerBody): Promise<void>;
  /**
   * To be called right before anything that is not done through a port of `GuardedPorts`, and changes something.
   *
   * @throws {ReleaseError} `fenced`
   */
  assertHeld(): void;
  /** A line of detail; with `isWait` one about what is waited for, which is shown everywhere. */
  line(text: string, about?: { readonly isWait?: true }): void;
  /** Ctrl-C was typed once, or the lease is lost: finish what is under way, begin nothing, and come back. */
  readonly signal: AbortSignal;
}

/** How a step came out. */
export type StepEnd<K extends StepKind = StepKind> =
  | {
      readonly outcome: "done" | "nothing-to-do";
      /** One line for people. */
      readonly summary: string;
      readonly result: StepResult<K>;
    }
  | {
      /** `paused`: a person, or time, is needed. `failed`: it was judged, and is bad; what went wrong otherwise is thrown. */
      readonly outcome: "paused" | "failed";
      readonly summary: string;
      /** What to do now. */
      readonly next: string;
      readonly result?: StepResult<K>;
    };

/**
 * Does one kind of step: looks, acts only if needed, looks again. It may have been begun before, by a process that was killed anywhere
 * in it, and has to come to the same end.
 *
 * @throws {ReleaseError} when something goes wrong; `interrupted` when asked to stop
 */
export type StepHandler<K extends StepKind> = (context: StepContext) => Promise<StepEnd<K>>;

export type StepHandlers = { readonly [K in StepKind]: StepHandler<K> };
