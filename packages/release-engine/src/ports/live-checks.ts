import type { EvidenceStatus } from "@slipway/contracts";
import type { StateResource } from "./terraform-states.ts";

/** What is looked at of what is deployed: the last parts of the ids of these checks, `deployment.function-active`. */
export const LIVE_CHECKS = [
  "exists",
  "api-healthy",
  "no-drift",
  "resource-there",
  "function-active",
  "alias-settled",
  "table-active",
  "table-recoverable",
  "table-encrypted",
  "stage-deployed",
  "stage-throttled",
  "bucket-private",
  "alarm-quiet",
  "logs-kept",
  "key-usable",
  "queue-empty",
] as const;

export type LiveCheck = (typeof LIVE_CHECKS)[number];

/** What a look at one deployed resource showed. */
export interface LiveFinding {
  readonly check: LiveCheck;
  readonly title: string;
  readonly status: Extract<EvidenceStatus, "pass" | "fail" | "unknown">;
  readonly found: string;
  readonly next?: string;
  /** Name of an alarm of which nothing is wrong but that it is in ALARM: whether a release is to blame for that, the configuration says. */
  readonly ringing?: string;
}

/** Looks at deployed resources. */
export interface LiveChecks {
  /** Whether there is anything to look at for resources of this type. */
  knows(resource: StateResource): boolean;
  /**
   * Looks at one resource as it is now.
   *
   * @throws {ReleaseError} when it cannot be looked at
   */
  look(resource: StateResource, signal?: AbortSignal): Promise<readonly LiveFinding[]>;
}
