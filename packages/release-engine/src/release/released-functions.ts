import type { ReleasedFunction } from "@slipway/contracts";
import type { Journal } from "./journal.ts";
import { isStepDone, stepResult } from "./step-result.ts";

/** The versions that a release has made so far, and those that they take the place of. */
export function releasedFunctions(journal: Journal): ReleasedFunction[] {
  const { plan } = journal;
  return plan.steps.flatMap(({ id, kind, function: name }) => {
    const packaged = plan.steps.find((each) => each.kind === "code.package" && each.function === name);
    if (kind !== "code.publish" || name === undefined || packaged === undefined || !isStepDone(journal, id)) {
      return [];
    }
    const { functionName, alias, version, previousVersion } = stepResult(journal, "code.publish", id);
    const { sha256 } = stepResult(journal, "code.package", packaged.id);
    return [{ name, functionName, alias, version, previousVersion, artifactSha256: sha256 }];
  });
}
