import type { HeadIncidents, IncidentSummary, SourceRevision, ValidationWindow } from "@slipway/contracts";
import type { LeaseRecord, ReleaseRecord } from "@slipway/release-engine";

/** A function as Lambda has it now. */
export interface StatusFunction {
  /** In the configuration. */
  readonly name: string;
  readonly functionName: string;
  readonly alias: string;
  /** What the alias sends traffic to, and how much; the larger share first. */
  readonly versions: readonly { readonly version: string; readonly percent: number }[];
  /** What the ledger says that it should be, where that is something else and no release is under way. */
  readonly expected?: string;
}

/** What could not be looked at, and why. */
export interface Unknown {
  readonly unknown: string;
}

/** Alarms of the environment, in numbers and by name where they matter. */
export interface StatusHealth {
  readonly counts: Readonly<Record<"OK" | "ALARM" | "INSUFFICIENT_DATA", number>>;
  readonly alarming: readonly { readonly name: string; readonly since: string }[];
  /** Those that the Terraform state has, and CloudWatch has not. */
  readonly missing: readonly string[];
}

/** Where the API answers. */
export interface StatusApi {
  /** Without a slash at the end. */
  readonly url: string;
}

export interface StatusCheckpoint {
  readonly window: ValidationWindow;
  readonly state: "pass" | "fail" | "unknown" | "due" | "overdue" | "to-come";
  /** When it was judged, or can be. */
  readonly at: string;
}

/** Where an environment stands. Times are ISO times on the target. */
export interface StatusReport {
  readonly version: 1;
  readonly environment: string;
  readonly target: string;
  readonly now: string;
  readonly functions: readonly StatusFunction[] | Unknown;
  readonly api: StatusApi | Unknown;
  /** The release whose versions have the traffic, apart from what an unfinished one does; null before the first. */
  readonly release: {
    readonly release: string;
    readonly source: SourceRevision;
    readonly since: string;
    readonly by: string;
  } | null;
  readonly health: StatusHealth | Unknown;
  readonly checkpoints: readonly StatusCheckpoint[];
  readonly lease: (LeaseRecord & { readonly state: "held" | "over" }) | null;
  /** The release that has to be gone on with, or put back. */
  readonly unfinished: {
    readonly release: string;
    readonly source: SourceRevision;
    readonly state: ReleaseRecord["state"];
    readonly since: string;
    /** Where it is: the step's words. */
    readonly at: string | null;
    readonly reason: string | null;
    readonly next: string;
  } | null;
  /** Those that are not over, oldest first. */
  readonly openIncidents: readonly IncidentSummary[];
  /** The one that was opened last, over or not; null before the first. `overAt` is when it was resolved. */
  readonly lastIncident: HeadIncidents["last"] | null;
}

export function isUnknown(part: object): part is Unknown {
  return "unknown" in part;
}
