import type { IncidentRecord } from "../incidents/incident-record.ts";

/** What can be done to an environment on a game day. */
export const plants = [
  /** A release whose answers to users fail, and to the smoke test do not. */
  "bad-release",
  /** One that takes seconds for them. */
  "slow-release",
  /** One that keeps memory of each of them. */
  "leaking-release",
  /** One that takes seconds to start. */
  "slow-starting-release",
  /** One whose infrastructure lets nobody through. */
  "bad-infrastructure",
  "table-throttled",
  "table-unreachable",
  /** Somebody's job writes what no application can read. */
  "corrupted-data",
  "permission-revoked",
  "alarm-deleted",
  /** Requests that a weakness of the function, which is in every release, cannot bear. */
  "poisoned-input",
  /** More users than the limits are made for. */
  "traffic-spike",
  /** A process that changes infrastructure dies and leaves its lock. */
  "dead-lock",
] as const;

export type Plant = (typeof plants)[number];

/** A fault that is there. */
export interface Planted {
  /** What was done, for the report. */
  readonly what: string;
  /** Takes it away, where that has not happened yet: it passes, or somebody else cures it. */
  end(): Promise<void>;
}

/** What users have asked in a minute. */
export interface TrafficMinute {
  readonly requests: number;
  /** Not answered, or with 429 or 5xx. */
  readonly failed: number;
}

/** Where a game day is played: an environment on a local AWS of its own. */
export interface GameStage {
  readonly environment: string;
  plant(plant: Plant): Promise<Planted>;
  /** Users ask for a minute of local AWS's clock, which is moved by as much. */
  minute(): Promise<TrafficMinute>;
  /** Milliseconds since the epoch, on local AWS's clock. */
  now(): Promise<number>;
  /** Reads what was acknowledged and is to be there still. Null where nothing was. */
  lostWrites(): Promise<number | null>;
  incidents(): Promise<readonly IncidentRecord[]>;
}

/** The incident system that a game day tries: what `slipway incident detect --watch` does in a round. */
export interface IncidentWatch {
  /** One round. @param automatic whether it may act without a person */
  look(options: { readonly automatic: boolean; readonly signal?: AbortSignal }): Promise<void>;
}
