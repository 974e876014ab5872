import type { IncidentSignal } from "@slipway/contracts";

/** What was seen of something that fails. Whatever is not known is left out, and says nothing. Times are milliseconds since the epoch. */
export interface Symptoms {
  readonly now: number;
  /** When it began, and how far that may be off: what two of three measurements are within. */
  readonly onset: { readonly at: number; readonly errorMs: number };
  /** When it was seen last. */
  readonly lastSeenAt: number;
  readonly signals: readonly Pick<IncidentSignal, "kind" | "resource">[];
  /** Calls since it began, by function and version; also of functions that fail in nothing. */
  readonly versions: readonly VersionCalls[];
  /** Errors in the logs since it began, with how often each was there in a time before that was alike. */
  readonly errors: readonly SeenError[];
  /** The time that `before` was counted in. */
  readonly baseline?: { readonly from: number; readonly to: number; readonly calls: number };
  /** Requests a minute: since it began, and what is usual at this time of the day. */
  readonly requests?: { readonly now: number; readonly usual: number };
  /** Requests in the time before, oldest first: what nobody calls does not fail. */
  readonly traffic?: readonly { readonly at: number; readonly perMinute: number }[];
  /** Requests since it began, by who sent them, where the access log tells. */
  readonly callers?: readonly { readonly caller: string; readonly calls: number; readonly failed: number }[];
  /** How fast the used memory grows, by version. */
  readonly growth?: readonly { readonly function: string; readonly version: string; readonly mbPerHour: number }[];
}

/** How a version of a function did. */
export interface VersionCalls {
  readonly function: string;
  readonly version: string;
  readonly calls: number;
  readonly failed: number;
  /**
   * The same by the minute around when it began, and in longer steps for a day or more before, oldest first, each by when it begins. What
   * began small began long before somebody noticed. Steps without calls may be left out.
   */
  readonly minutes?: readonly { readonly at: number; readonly calls: number; readonly failed: number }[];
}

/** An error of the logs. */
export interface SeenError {
  /** Its fingerprint. */
  readonly id: string;
  readonly errorClass: string;
  readonly message: string;
  readonly count: number;
  readonly before: number;
  /** Function and file of the stack frame that it came from. */
  readonly place?: string;
  /** Versions that wrote it, since it began and before. */
  readonly versions?: readonly string[];
  readonly versionsBefore?: readonly string[];
}
