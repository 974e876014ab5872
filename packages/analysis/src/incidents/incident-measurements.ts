import type { MeasuredValue } from "@slipway/contracts";
import type { TimeWindow } from "../costs/usage.ts";
import type { StageHistory } from "./earlier-days.ts";
import type { SharePoint } from "./find-share.ts";

/** What a stage of an API did in a minute. */
export interface StageMinute {
  /** Its beginning, in milliseconds since the epoch. */
  readonly at: number;
  readonly requests: number;
  /** Answered with 5xx. */
  readonly errors: number;
  /** Answers whose time was measured, and those of them that took longer than `validation.responseTime.limitMs`. */
  readonly timed: number;
  readonly slow: number;
}

/** Answers that take clearly longer than on earlier days, by the minute. */
export interface RisenLatency {
  /** What clearly longer is, in milliseconds. */
  readonly fromMs: number;
  /** What nine tenths of the answers usually do not exceed at this hour, by so many earlier days. */
  readonly usualMs: number;
  readonly days: number;
  /** Of all answers those that took longer than that. */
  readonly minutes: readonly SharePoint[];
}

export interface StageMeasurement {
  /** `items-api-prod/prod`. */
  readonly name: string;
  /** Oldest first; a minute without any request is not there. */
  readonly minutes: readonly StageMinute[];
  /** Answered with 429, by the minute, as the access log has it; null without an access log. */
  readonly refused: MeasuredValue<readonly { readonly at: number; readonly count: number }[]> | null;
  /** Absent, or null, where earlier days do not say what is usual. */
  readonly risen?: RisenLatency | null;
}

export interface FunctionMinute {
  readonly at: number;
  readonly calls: number;
  readonly errors: number;
  /** Refused for lack of concurrency; they are not among the calls. */
  readonly throttles: number;
  /** Calls that took more than nine tenths of the timeout. */
  readonly long: number;
}

/** What one version of a function did in a minute, by what Lambda and the application itself have counted. */
export interface VersionMinute {
  readonly at: number;
  readonly calls: number;
  /** Failed calls, and answers that were errors without failing. */
  readonly errors: number;
  /** Calls that took longer than `validation.responseTime.limitMs`. */
  readonly slow: number;
}

export interface FunctionMeasurement {
  readonly name: string;
  readonly timeoutMs: number;
  readonly minutes: readonly FunctionMinute[];
  /** The versions that matter: the one that is live, and those of a release that is under way or was put back. */
  readonly versions: readonly { readonly version: string; readonly minutes: readonly VersionMinute[] }[];
}

export interface TableMinute {
  readonly at: number;
  /** Requests that succeeded. */
  readonly requests: number;
  readonly throttles: number;
  readonly systemErrors: number;
}

export interface TableMeasurement {
  readonly name: string;
  readonly minutes: readonly TableMinute[];
}

/** What an alarm looks at, as far as it is measured here, too; or calls of a schedule of backups that were given up. */
export type AlarmMetric = "errors" | "latency" | "duration" | "throttling" | "dropped-backups" | "other";

export interface AlarmMeasurement {
  readonly name: string;
  /** What it looks at, by the names of {@link nodeOf}; empty where that is everything, or nobody knows. */
  readonly watches: readonly string[];
  readonly metric: AlarmMetric;
  /** For a composite one. */
  readonly children: readonly string[];
  /** How many actions the Terraform state gives it for the state ALARM. */
  readonly expectedActions: number;
  /** Null where it is not there. */
  readonly observed: {
    readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
    readonly reason: string;
    /** Milliseconds since the epoch. */
    readonly since: number;
    readonly actionsEnabled: boolean;
    readonly actions: number;
    /** By its own description: `Severity 1`. */
    readonly severity?: 1 | 2 | 3 | 4;
  } | null;
  /** How often it has gone off within a day; null where its history was not looked at. */
  readonly wentOff: number | null;
  /** Actions that CloudWatch could not carry out since it last went off. */
  readonly failedActions: readonly { readonly at: number; readonly why: string }[];
}

/** One request of our own, with every time that it was tried. */
export interface ProbeMeasurement {
  /** `GET /health`. */
  readonly name: string;
  readonly expected: readonly number[];
  /** The last one counts: who was answered well at last was answered. Status null: no answer came. */
  readonly attempts: readonly { readonly status: number | null; readonly durationMs: number; readonly why?: string }[];
}

/** What a line about an error is about. */
export type ErrorCategory = "timeout" | "memory" | "access" | "data" | "other";

/** Errors of one fingerprint that one function has logged. */
export interface LoggedError {
  readonly fingerprint: string;
  readonly category: ErrorCategory;
  readonly function: string;
  /** In the window, and in how many of its minutes. */
  readonly count: number;
  readonly minutes: number;
  /** In the time before the window. */
  readonly before: number;
  readonly firstAt: number;
  /** How many of them each version has logged. */
  readonly versions: Readonly<Record<string, number>>;
}

export interface LogMeasurement {
  readonly errors: readonly LoggedError[];
  /** Lines about errors, in the window and before it. */
  readonly total: number;
  readonly totalBefore: number;
  readonly windowMs: number;
  readonly beforeMs: number;
}

/** How near the calls of a function came to its memory, in the window. */
export interface MemoryMeasurement {
  readonly function: string;
  readonly memoryMb: number;
  readonly calls: number;
  /** A tenth of the calls used more than this. */
  readonly highMb: number;
  readonly mostMb: number;
}

/** A release whose new versions are not everybody's yet, or were not in the time that is looked at. */
export interface Rollout {
  /** `r12`. */
  readonly release: string;
  /** `judged`: somebody is at it, and looks at its canary; `put-back`: its versions had traffic, and have none any more. */
  readonly state: "judged" | "put-back";
  readonly versions: readonly { readonly function: string; readonly version: string }[];
  /** Whether its infrastructure may be changing right now. */
  readonly changesInfrastructure: boolean;
}

/** What somebody has begun, as the ledger has it. Times are milliseconds since the epoch. */
export interface OperationsMeasurement {
  readonly lease: {
    /** `slipway deploy prod on build-7`. */
    readonly who: string;
    /** `dead`: its holder is known not to be there any more; `over`: it has run out. */
    readonly state: "held" | "over" | "dead";
    readonly takenAt: number;
    readonly expiresAt: number;
  } | null;
  readonly unfinished: {
    readonly release: string;
    readonly state: "running" | "paused";
    /** When the last was heard of it. */
    readonly lastAt: number;
    /** The step that it stands at. */
    readonly step: string;
    /** Whether it waits for people, as an approval does. */
    readonly waitsForPeople: boolean;
  } | null;
  readonly rollout: Rollout | null;
}

/** Who holds the lock of the Terraform state. */
export interface LockMeasurement {
  readonly location: string;
  readonly who: string;
  readonly operation: string;
  readonly since: number;
  /** Whether its process is known to be dead; null: nobody knows. */
  readonly abandoned: boolean | null;
}

/**
 * Everything that one look has seen of an environment. Nothing is judged in it; what could not be read is told as such.
 */
export interface IncidentMeasurements {
  /** When it was looked, in milliseconds since the epoch, on the target's clock. */
  readonly at: number;
  /** The whole minutes, and the one that runs, that are judged: `incidents.windowMinutes`. */
  readonly window: TimeWindow;
  /** What the minutes were read of; it ends with the window, and began before it. */
  readonly read: TimeWindow;
  /** Why nobody knows what there is: the state could not be read, and only what the ledger names was measured. Absent where it could. */
  readonly withoutState?: { readonly unknown: string; readonly next?: string };
  readonly stages: MeasuredValue<readonly StageMeasurement[]>;
  /** Earlier days of the stages; absent where nothing is compared with them. */
  readonly earlier?: MeasuredValue<readonly StageHistory[]>;
  readonly functions: MeasuredValue<readonly FunctionMeasurement[]>;
  readonly tables: MeasuredValue<readonly TableMeasurement[]>;
  readonly alarms: MeasuredValue<readonly AlarmMeasurement[]>;
  /** Null where the configuration has none, or nobody knows where to send them. */
  readonly probes: MeasuredValue<{ readonly stage: string | null; readonly sent: readonly ProbeMeasurement[] }> | null;
  readonly logs: MeasuredValue<LogMeasurement>;
  readonly memory: MeasuredValue<readonly MemoryMeasurement[]>;
  readonly lock: MeasuredValue<LockMeasurement | null>;
  readonly operations: OperationsMeasurement;
  /** What depends on what, by the names of {@link nodeOf}: `api items-api-prod/prod` on `function api-handler-prod`. */
  readonly dependencies: Dependencies;
}

/** For each thing what it needs. */
export type Dependencies = Readonly<Record<string, readonly string[]>>;

/** What a resource is called among others: `function api-handler-prod`. */
export function nodeOf({ type, name }: { readonly type: string; readonly name: string }): string {
  return `${type} ${name}`;
}
