import type { ReleasedFunction } from "@slipway/contracts";
import { publishedFunctions } from "../canary/published-functions.ts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { isStepDone, stepResult } from "./step-result.ts";

/** The versions that a release has made so far, or that a rollback goes to, and those that they take the place of. */
export function releasedFunctions(record: ReleaseRecord): ReleasedFunction[] {
  const made = madeVersions(record);
  const published = publishedFunctions(record);
  const returned = (record.plan.rollsBack?.functions ?? []).map(
    ({ function: name, functionName, alias, version, from: previousVersion, artifactSha256 }) => {
      // It has packaged nothing, and yet made a version where the configuration had to be another one.
      const own = published.find((each) => each.name === name)?.version ?? version;
      return { name, functionName, alias, version: own, previousVersion, artifactSha256 };
    },
  );
  return [...returned, ...made.filter(({ name }) => !returned.some((each) => each.name === name))];
}

function madeVersions(record: ReleaseRecord): ReleasedFunction[] {
  const { plan } = record;
  return plan.steps.flatMap(({ id, kind, function: name }) => {
    const packaged = plan.steps.find((each) => each.kind === "code.package" && each.function === name);
    if (kind !== "code.publish" || name === undefined || packaged === undefined || !isStepDone(record, id)) {
      return [];
    }
    const { functionName, alias, version, previousVersion } = stepResult(record, "code.publish", id);
    const { sha256 } = stepResult(record, "code.package", packaged.id);
    return [{ name, functionName, alias, version, previousVersion, artifactSha256: sha256 }];
  });
}
