import type { Json, ReleasePlan, TableRestore } from "@slipway/contracts";
import type { Clock } from "../ports/clock.ts";
import type {
  AdoptionState,
  RestoredContents,
  RestoredTableFile,
  TableAlarms,
  TableFreezer,
  TableRestorer,
  TableSettingsStore,
} from "../ports/table-restore.ts";
import type { StepHandlers } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";

/** The steps of a release that restore a table. */
export type RestoreHandlers = Pick<
  StepHandlers,
  | "data.freeze"
  | "data.restore"
  | "data.verify"
  | "data.settings"
  | "data.adopt"
  | "data.retire"
  | "data.discard"
  | "data.thaw"
>;

/** What the steps need. Those that change something are guarded: each call asserts first that the lease is held. */
export interface RestoreDeps {
  readonly freezer: TableFreezer;
  readonly restorer: TableRestorer;
  readonly contents: RestoredContents;
  readonly settings: TableSettingsStore;
  readonly alarms: TableAlarms;
  readonly file: RestoredTableFile;
  /** Opened by the first step that needs it. */
  readonly adoption: AdoptionState;
  /** Values of the root module's variables, beside the one that says which table is in use. */
  readonly variables: Readonly<Record<string, Json>>;
  /** Digest of the items of a backup, as an earlier verification has written it down. */
  earlierDigest(backup: string): Promise<string | undefined>;
  /** The target's: times in the ledger, and what is waited for until it is due. */
  readonly clock: Clock;
  /** The machine's: for bounded waits on AWS. */
  readonly systemClock: Clock;
  /** Flags that commands to type next must have: empty, or with a space before each. */
  readonly flags: string;
}

/** What a plan restores. @throws {Error} when it restores nothing */
export function restoreOf({ release, rollsBack }: Pick<ReleasePlan, "release" | "rollsBack">): TableRestore {
  if (rollsBack?.restore === undefined) {
    throw new Error(`${release} restores no table`);
  }
  return rollsBack.restore;
}

/** Values of the variables that say which table is in use: once the restored one is; and where earlier infrastructure is planned again. */
export function restoredVariables({ rollsBack }: Pick<ReleasePlan, "rollsBack">): Readonly<Record<string, Json>> {
  const { restore } = rollsBack ?? {};
  return {
    ...rollsBack?.tablesInUse,
    ...(restore?.variable !== undefined && { [restore.variable]: { name: restore.restored, former: restore.table } }),
  };
}

/** The variable that says which table is in use. */
export function variableOf(restore: TableRestore): string {
  if (restore.variable === undefined) {
    throw new ReleaseError({
      kind: "usage",
      what: `${restore.restored} cannot take the place of ${restore.table}`,
      why: "nothing says by which variable Terraform is told which table is in use",
      next: "set restoredVariable of the table in slipway.config.ts",
    });
  }
  return restore.variable;
}
