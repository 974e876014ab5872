import { publishedFunctions, type RollbackWay, type TargetVersion } from "@slipway/release-engine";

/** Versions that the traffic would go to. */
export function targetsOf(decision: RollbackWay): TargetVersion[] {
  if (decision.way === "release") {
    return decision.plan.rollsBack?.functions ?? [];
  }
  const { record } = decision;
  return publishedFunctions(record)
    .filter(({ changed }) => changed)
    .map(({ functionName, alias, version, previousVersion }) =>
      decision.way === "put-back"
        ? { functionName, alias, from: version, version: previousVersion }
        : { functionName, alias, from: previousVersion, version },
    );
}
