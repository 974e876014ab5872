import type { LedgerEntry, PlanSummary, ReleasePlan } from "@slipway/contracts";
import { groundBefore, restoredVariables } from "@slipway/release-engine";
import { planEnvironment } from "../infrastructure/plan-environment.ts";
import type { OpenedPolicy } from "../release/open-policy.ts";
import { type EnvironmentPlace, environmentWork } from "../target/environment-work.ts";
import { withEarlierPlace } from "./earlier-place.ts";

/**
 * What Terraform would change if a rollback of the infrastructure were made now, judged by the rules in force. Planned from the files of the
 * commit, in a worktree that is gone afterwards; the plan is thrown away. As for `slipway plan`, the state's lock is all that is taken, and
 * given back.
 *
 * @throws {ReleaseError} when the commit cannot be had, or not be planned
 * @throws {UserError} when another command works in Terraform's folder
 */
export async function planBack(
  place: EnvironmentPlace,
  policy: Pick<OpenedPolicy, "inForce">,
  plan: ReleasePlan,
  entries: readonly LedgerEntry[],
): Promise<PlanSummary> {
  const inForce = await policy.inForce(entries, place.signal);
  return await withEarlierPlace(place, plan, async (earlier) => {
    const work = await environmentWork(earlier.place);
    try {
      return await planEnvironment(earlier.place, work, {
        ...{ before: groundBefore(entries), inForce, source: earlier.source },
        variables: restoredVariables(plan),
      });
    } finally {
      work.release();
    }
  });
}
