import type { FailureKind } from "../release-error.ts";

/** What Lambda's control plane may answer otherwise a moment later; `failed` is what AWS calls an error of its own. */
export const PASSING_FAILURES: ReadonlySet<FailureKind> = new Set([
  "conflict",
  "busy",
  "throttled",
  "unreachable",
  "failed",
]);
