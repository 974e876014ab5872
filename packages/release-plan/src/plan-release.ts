import type { ReleasePlan, SourceRevision } from "@slipway/contracts";

/** What is known when a release is planned. */
export interface ReleaseFacts {
  readonly environment: string;
  /** The number of this release: `r12`. */
  readonly release: string;
  readonly source: SourceRevision;
  /** The release that has the traffic now; null for the first. */
  readonly previous: string | null;
  /** Names of the functions in the configuration, in their order. */
  readonly functions: readonly string[];
}

/** What the configuration says about how to release. */
export interface ReleasePolicy {
  readonly approvals: number;
  readonly canary: readonly { readonly percent: number; readonly holdSeconds: number }[];
}

/** The steps of a release, in their order. */
export function planRelease(_facts: ReleaseFacts, _policy: ReleasePolicy): ReleasePlan {
  throw new Error("not written yet");
}
