import { assertCommitIsThere } from "@slipway/aws";
import { commitToPlan, ReleaseError, type RollbackWay } from "@slipway/release-engine";
import type { EnvironmentPlace } from "../target/environment-work.ts";
import { assertCommitCanBePlanned } from "./earlier-place.ts";

/**
 * Looks, before a rollback of the infrastructure is begun, whether the commit can be had that it is planned from. Where the code goes back
 * with it, users wait for the traffic: then it is only looked whether the commit is in the clone, and what is wrong with its configuration
 * stops the rollback later, where it can be resumed.
 *
 * @throws {ReleaseError} why not
 */
export async function assertCommitThere(
  place: Pick<EnvironmentPlace, "repository" | "env" | "signal" | "environment">,
  decision: RollbackWay,
): Promise<void> {
  const parts = decision.way === "release" ? (decision.plan.rollsBack?.parts ?? []) : [];
  if (decision.way !== "release" || !parts.includes("infrastructure")) {
    return;
  }
  const { source } = decision.plan;
  const to = decision.to.id;
  if (!parts.includes("code")) {
    await assertCommitCanBePlanned(place, source, to);
    return;
  }
  const commit = commitToPlan(source, { environment: place.environment, to });
  if (commit instanceof ReleaseError) {
    throw commit;
  }
  await assertCommitIsThere(place, commit);
}
