import type { ReturnedFunction } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { ReleaseError } from "../release-error.ts";
import { stepResult } from "./step-result.ts";

/**
 * The functions as a release left them, each with where its code lies: for new versions of the same code, where only the configuration
 * changes.
 *
 * @param live a release that has ended with the traffic
 * @throws {ReleaseError} `not-found` when the ledger does not say where the code of one lies
 */
export function currentFunctions(live: ReleaseRecord): readonly ReturnedFunction[] {
  return live.functions.map(({ name, functionName, alias, version, artifactSha256 }) => {
    const artifact = artifactOf(live, name);
    if (artifact === undefined) {
      throw new ReleaseError({
        kind: "not-found",
        what: `The ledger of ${live.plan.environment} does not say where the code of ${name} lies`,
        why: `${live.id} has version ${version} of ${functionName}, and neither uploaded its code nor knows who did`,
        next: `release anew: slipway deploy ${live.plan.environment}; then type the same command again`,
      });
    }
    return { function: name, functionName, alias, from: version, version, artifactSha256, artifact };
  });
}

function artifactOf({ plan, steps }: ReleaseRecord, name: string): ReturnedFunction["artifact"] | undefined {
  const returned = plan.rollsBack?.functions.find((each) => each.function === name);
  if (returned !== undefined) {
    return returned.artifact;
  }
  const find = (kind: string) => plan.steps.find((step) => step.kind === kind && step.function === name)?.id;
  const [packaged, uploaded] = [find("code.package"), find("code.upload")];
  if (packaged === undefined || uploaded === undefined) {
    return undefined;
  }
  const { sha256Base64, bytes } = stepResult({ plan, steps }, "code.package", packaged);
  return { sha256Base64, bytes, ...stepResult({ plan, steps }, "code.upload", uploaded) };
}
