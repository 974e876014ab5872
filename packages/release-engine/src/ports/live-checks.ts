import type { EvidenceStatus } from "@slipway/contracts";
import type { StateResource } from "./terraform-states.ts";

/** What a look at one deployed resource showed. */
export interface LiveFinding {
  /** Last part of the check's id, such as `function-active`. */
  readonly check: string;
  readonly title: string;
  readonly status: Extract<EvidenceStatus, "pass" | "fail" | "unknown">;
  readonly found: string;
  readonly next?: string;
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
