import type { PolicyInForce } from "../policy/policy-in-force.ts";
import type { StepContext } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import type { InfrastructureDeps } from "./infrastructure-deps.ts";

/**
 * The rules that a release goes by. A rehearsal, alone with its local AWS, goes by its own where nobody knows those of what runs, and says
 * so; a release waits until somebody can tell.
 *
 * @throws {ReleaseError} `not-found` when they are not known
 */
export async function knownPolicy(
  { policy, whenNotApproved = "pause" }: Pick<InfrastructureDeps, "policy" | "whenNotApproved">,
  { line, signal }: Pick<StepContext, "line" | "signal">,
): Promise<PolicyInForce> {
  const inForce = await policy(signal);
  const { unknown } = inForce;
  if (unknown === undefined) {
    return inForce;
  }
  if (whenNotApproved === "pause") {
    throw new ReleaseError({ kind: "not-found", ...unknown });
  }
  line(`a rehearsal goes on by its own rules: ${unknown.what}: ${unknown.why}`);
  return inForce;
}
