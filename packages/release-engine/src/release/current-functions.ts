import type { ReturnedFunction } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { ReleaseError } from "../release-error.ts";
import { recordedFunctions } from "../rollback/recorded-functions.ts";

/**
 * The functions as a release left them, each with where its code lies: for new versions of the same code, where only the configuration
 * changes.
 *
 * @param live a release that has ended with the traffic
 * @throws {ReleaseError} `not-found` when the ledger does not say where the code of one lies
 */
export function currentFunctions(live: ReleaseRecord): readonly ReturnedFunction[] {
  const { functions, missing } = recordedFunctions(live);
  if (missing.length > 0) {
    const names = missing.join(" and ");
    throw new ReleaseError({
      kind: "not-found",
      what: `The ledger of ${live.plan.environment} does not say where the code of ${names} lies`,
      why: `${live.id} has neither uploaded it nor knows who did`,
      next: `release anew: slipway deploy ${live.plan.environment}; then type the same command again`,
    });
  }
  return functions.map((each) => ({ ...each, from: each.version }));
}
