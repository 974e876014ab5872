import type { MovedAlias, ReturnedFunction } from "@slipway/contracts";
import type { StepHandler } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { moveAlias } from "./move-alias.ts";
import { notAllMoved } from "./not-all-moved.ts";
import { spacedCalls } from "./spaced-calls.ts";
import type { TrafficDeps } from "./traffic-handlers.ts";

/**
 * Sends all of the traffic to the versions that a rollback goes to, one call a function and nothing before it: the plan has all that it
 * takes. What an alias was before does not matter, so the call can be repeated, and says itself where the alias is.
 *
 * Should one function fail, the others go back all the same. It does not stop half-way when it is asked to.
 *
 * @throws {ReleaseError} at the end, naming each function that could not be moved
 */
export function returnStep({
  deployer,
  systemClock: clock,
}: {
  readonly deployer: Pick<TrafficDeps["deployer"], "moveAlias">;
  readonly systemClock: TrafficDeps["systemClock"];
}): StepHandler<"traffic.return"> {
  return async ({ plan, line }) => {
    const functions = plan.rollsBack?.functions ?? [];
    const outcomes = await spacedCalls(clock, functions, 1, async (each) => {
      const failure = await moveAlias({ deployer, clock }, each);
      const { functionName, alias, version } = each;
      line(
        failure === undefined
          ? `${functionName}: ${alias} is at version ${version}`
          : `${functionName}: ${failure.what}: ${failure.why}`,
      );
      return failure;
    });
    const failures = outcomes.filter((each) => each instanceof ReleaseError);
    if (failures.length > 0) {
      throw notAllMoved(failures, functions.length, "could not be sent back");
    }
    return {
      outcome: "done",
      summary: functions.map((each) => `version ${each.version} of ${each.function}`).join(" and "),
      result: { percent: 100, functions: functions.map(moveOf) },
    };
  };
}

function moveOf({ function: name, functionName, alias, from, version: to }: ReturnedFunction): MovedAlias {
  return { function: name, functionName, alias, from, to };
}
