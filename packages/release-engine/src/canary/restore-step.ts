import type { MovedAlias } from "@slipway/contracts";
import type { StepHandler } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { notAllMoved } from "./not-all-moved.ts";
import { publishedFunctions } from "./published-functions.ts";
import { setAlias } from "./set-alias.ts";
import { spacedCalls } from "./spaced-calls.ts";
import type { TrafficDeps } from "./traffic-handlers.ts";

/**
 * Puts the traffic of all functions back to the versions before this release, each in one call. What was not moved is left as it is; and
 * should one fail, the others are put back all the same.
 *
 * It does not stop half-way when it is asked to: it takes a moment, and half of it is worse than all.
 *
 * @throws {ReleaseError} at the end, naming each function that could not be put back
 */
export function restoreStep({
  reader,
  deployer,
  systemClock,
}: Pick<TrafficDeps, "reader" | "deployer" | "systemClock">): StepHandler<"traffic.restore"> {
  return async ({ record, line }) => {
    const ports = { reader, deployer, clock: systemClock };
    const functions = publishedFunctions(record).filter(({ changed }) => changed);
    const outcomes = await spacedCalls(
      systemClock,
      functions,
      2,
      async ({ name, functionName, alias, version, previousVersion, mine }) => {
        try {
          const { changed } = await setAlias(ports, { functionName, alias, version: previousVersion, mine });
          line(`${functionName}: ${alias} is at version ${previousVersion}${changed ? "" : ", where it was"}`);
          const move: MovedAlias = { function: name, functionName, alias, from: version, to: previousVersion };
          return { move, changed };
        } catch (error) {
          if (!(error instanceof ReleaseError) || error.kind === "fenced") {
            throw error;
          }
          line(`${functionName}: ${error.what}: ${error.why}`);
          return { error };
        }
      },
    );
    const failures = outcomes.flatMap((each) => ("error" in each ? [each.error as ReleaseError] : []));
    if (failures.length > 0) {
      throw notAllMoved(failures, functions.length, "could not be put back");
    }
    const restored = outcomes.flatMap((each) => ("move" in each && each.changed ? [each.move] : []));
    return {
      outcome: restored.length > 0 ? "done" : "nothing-to-do",
      summary:
        restored.length > 0
          ? `back to ${restored.map((each) => `version ${each.to} of ${each.function}`).join(" and ")}`
          : "no traffic was at a new version",
      result: { percent: 0, functions: restored },
    };
  };
}
