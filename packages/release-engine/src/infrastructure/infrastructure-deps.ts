import type { InfrastructurePolicy, Json, LedgerEntry, ValidationConfig } from "@slipway/contracts";
import type { PolicyInForce } from "../policy/policy-in-force.ts";
import type { Clock } from "../ports/clock.ts";
import type { LiveChecks } from "../ports/live-checks.ts";
import type { ReleaseTerraform, StateLock } from "../ports/release-terraform.ts";
import type { SourceRepository } from "../ports/source-repository.ts";
import type { StateBackupStore, StateVersions } from "../ports/state-store.ts";
import type { TerraformInit } from "../ports/terraform.ts";
import type { StateSource } from "../ports/terraform-states.ts";
import type { Redactor } from "../redaction/redactor.ts";
import type { StepHandlers } from "../release/step-handler.ts";

/** The steps of a release that are about infrastructure. */
export type InfrastructureHandlers = Pick<
  StepHandlers,
  | "infrastructure.plan"
  | "infrastructure.approve"
  | "infrastructure.apply"
  | "infrastructure.validate"
  | "infrastructure.settle"
>;

/** What an environment's root module is planned with. */
export interface PlannedRoot {
  /** How its folder is made ready. */
  readonly init: Omit<TerraformInit, "onLine" | "signal">;
  readonly variables: Readonly<Record<string, Json>>;
  /** Absolute path of the folder for plan files; it is made where it is not there. They hold secrets in clear text. */
  readonly planFolder: string;
  /** As findings and `infrastructurePolicy.accepted` call it: its path below the infrastructure folder, `environments/prod`. */
  readonly root: string;
  /** Whether its data must outlive a mistake: `environments.X.protected`. */
  readonly isProtected: boolean;
  readonly policy: Pick<InfrastructurePolicy, "requiredTags" | "accepted" | "next">;
  /** Its outputs that the release itself reads, by the keys of slipway.config.ts that name them. */
  readonly readOutputs: Readonly<Record<string, string>>;
}

/** What the steps need. */
export interface InfrastructureDeps {
  readonly terraform: ReleaseTerraform;
  readonly target: PlannedRoot;
  /** The environment's state. */
  readonly state: StateSource;
  /** Who holds the state's lock; undefined where nobody does. */
  lock(signal?: AbortSignal): Promise<StateLock | undefined>;
  /** For looks at what is deployed. */
  readonly checks: LiveChecks;
  /** Which alarms may ring while it is looked. */
  readonly validation: Pick<ValidationConfig, "alarmsNotAboutReleases">;
  /** All entries of the environment's ledger as they are now: approvals are written by others while a release waits. */
  entries(): Promise<readonly LedgerEntry[]>;
  /** Looked at right before a plan is applied. */
  readonly source: Pick<SourceRepository, "revision" | "changedFiles">;
  readonly redactor: Redactor;
  /** The target's. */
  readonly clock: Clock;
  /** Whose approvals are asked for: by the rules of what has the traffic now, never by those of the release alone. */
  policy(signal?: AbortSignal): Promise<PolicyInForce>;
  /** Where named copies of the state lie: one is made before a rollback is applied. */
  readonly states: StateBackupStore & Pick<StateVersions, "location" | "present">;
  /** How old the backup may be that a rollback counts on when it destroys a table: `release.rollback.verifiedBackupHours`. */
  readonly verifiedBackupHours: number;
  /** Names that somebody has typed of what may be destroyed with its data: `--confirm NAME`. */
  readonly confirmed?: readonly string[];
  /** Flags that commands to type next must have: empty, or with a space before each. */
  readonly flags: string;
  /**
   * `pause` (unless said otherwise): a release waits for approvals. `go-on`: a rehearsal, alone with its local AWS, says what would have
   * stopped it, and goes on.
   */
  readonly whenNotApproved?: "pause" | "go-on";
}

/** The same, with what one process knows while it takes the steps. */
export interface InfrastructureSteps extends InfrastructureDeps {
  /** Digests of the plan files whose sensitive values the redactor knows already. */
  readonly learned: Set<string>;
}
