import { createHash } from "node:crypto";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";

/**
 * What differs between `$LATEST` and a version that was just published from it, or says nothing about how the code runs.
 * Everything else counts, so that a setting which Lambda adds one day is not overlooked.
 */
const ignored = new Set([
  "$metadata",
  "CodeSha256",
  "CodeSize",
  "ConfigSha256",
  "Description",
  "FunctionArn",
  "LastModified",
  "LastUpdateStatus",
  "LastUpdateStatusReason",
  "LastUpdateStatusReasonCode",
  "MasterArn",
  "RevisionId",
  // Lambda moves it by itself.
  "RuntimeVersionConfig",
  "SigningJobArn",
  "SigningProfileVersionArn",
  "State",
  "StateReason",
  "StateReasonCode",
  "Version",
  // Of SnapStart: whether the snapshot is ready.
  "OptimizationStatus",
]);

/** Lists without an order of their own. */
const sets = new Set(["SubnetIds", "SecurityGroupIds"]);

/**
 * Digest of how a function is configured, the same for `$LATEST` and for a version of it.
 *
 * @returns undefined when Lambda could not show the environment variables (no permission for their key, for example)
 */
export function configurationDigest(configuration: FunctionConfiguration): string | undefined {
  if (configuration.Environment?.Error !== undefined) {
    return undefined;
  }
  return createHash("sha256")
    .update(JSON.stringify(normalise(configuration)) ?? "")
    .digest("hex");
}

/** Sorted keys; what is empty is the same as what is not there. */
function normalise(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) {
    const list = value.map((element) => normalise(element));
    if (list.length === 0) return undefined;
    return sets.has(key) ? list.map(String).sort() : list;
  }
  if (typeof value === "object" && value !== null) {
    if (key === "Variables") {
      // Any name can be a variable's, and an empty variable is not the same as none.
      return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    }
    const entries = Object.entries(value)
      .filter(([name]) => !ignored.has(name))
      .map(([name, inner]): [string, unknown] => [name, normalise(inner, name)])
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }
  return value === null || value === "" ? undefined : value;
}
