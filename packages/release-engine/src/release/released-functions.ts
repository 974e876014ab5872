import type { ReleasedFunction } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { isStepDone, stepResult } from "./step-result.ts";

/** The versions that a release has made so far, or that a rollback goes to, and those that they take the place of. */
export function releasedFunctions(record: ReleaseRecord): ReleasedFunction[] {
  const made = madeVersions(record);
  const returned = (record.plan.rollsBack?.functions ?? []).map(
    ({ function: name, functionName, alias, version, from: previousVersion, artifactSha256 }) => {
      const own = made.find((each) => each.name === name);
      return own !== undefined && own.functionName !== functionName
        ? own
        : { name, functionName, alias, version: own?.version ?? version, previousVersion, artifactSha256 };
    },
  );
  return [...returned, ...made.filter(({ name }) => !returned.some((each) => each.name === name))];
}

function madeVersions(record: ReleaseRecord): ReleasedFunction[] {
  const { plan } = record;
  return plan.steps.flatMap(({ id, kind, function: name }) => {
    if (kind !== "code.publish" || name === undefined || !isStepDone(record, id)) {
      return [];
    }
    const artifactSha256 = artifactOf(record, name);
    const { functionName, alias, version, previousVersion } = stepResult(record, "code.publish", id);
    return artifactSha256 === undefined
      ? []
      : [{ name, functionName, alias, version, previousVersion, artifactSha256 }];
  });
}

function artifactOf(record: ReleaseRecord, name: string): string | undefined {
  const { steps, rollsBack } = record.plan;
  const returned = rollsBack?.functions.find((each) => each.function === name);
  const packaged = steps.find((each) => each.kind === "code.package" && each.function === name);
  return (
    returned?.artifactSha256 ??
    (packaged === undefined ? undefined : stepResult(record, "code.package", packaged.id).sha256)
  );
}
