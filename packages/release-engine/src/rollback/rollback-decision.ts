import type { ReleasePlan, ReturnedFunction, RollbackPart } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { type Failure, ReleaseError } from "../release-error.ts";
import type { BegunMigration } from "./contracted-since.ts";

/** What is asked, and what the ledger says. */
export interface RollbackQuestion {
  readonly environment: string;
  /** All releases of the environment, oldest first. */
  readonly records: readonly ReleaseRecord[];
  /** What goes back; the code, unless given. */
  readonly parts?: readonly RollbackPart[];
  /** The release to go to; the one before, unless given. */
  readonly to?: string;
  /** Migrations that were begun: code does not go back to where one has taken away since what it needs. */
  readonly migrations?: readonly BegunMigration[];
  /** What commands to type next need after the environment's name: empty, or with a space before it. */
  readonly flags: string;
}

/** What a rollback does, or why it does nothing. */
export type RollbackDecision =
  /** The release ends, and the versions before it have the traffic. */
  | {
      readonly way: "put-back";
      readonly record: ReleaseRecord;
      readonly to: string | null;
      /** The same question is to be asked again after that. */
      readonly goesOn?: true;
      /** Where its traffic goes at once, because it would only pass through the versions before, which may be bad themselves. */
      readonly straight?: readonly ReturnedFunction[];
    }
  /** An earlier rollback to the same release was broken off. */
  | { readonly way: "go-on"; readonly record: ReleaseRecord }
  /** A release of its own. */
  | {
      readonly way: "release";
      readonly plan: ReleasePlan;
      readonly from: ReleaseRecord;
      readonly to: ReleaseRecord;
      /** Functions that the release to go to did not have: they stay as they are. */
      readonly stays: readonly string[];
    }
  | { readonly way: "nothing"; readonly record: ReleaseRecord; readonly because: string }
  | { readonly way: "refused"; readonly refusal: ReleaseError };

export function nothing(record: ReleaseRecord, because: string): RollbackDecision {
  return { way: "nothing", record, because };
}

export function refused(failure: Failure): RollbackDecision {
  return { way: "refused", refusal: new ReleaseError(failure) };
}
