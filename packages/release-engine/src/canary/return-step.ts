import type { MovedAlias, ReturnedFunction } from "@slipway/contracts";
import type { StepContext, StepHandler } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { notAllMoved } from "./not-all-moved.ts";
import { spacedCalls } from "./spaced-calls.ts";
import type { TrafficDeps } from "./traffic-handlers.ts";

const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 250;
const PASSING = new Set(["conflict", "busy", "throttled", "unreachable", "failed"]);

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
    const outcomes = await spacedCalls(clock, functions, 1, (each) => moveBack({ deployer, clock, line }, each));
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

async function moveBack(
  {
    deployer,
    clock,
    line,
  }: Pick<Parameters<typeof returnStep>[0], "deployer"> & { clock: TrafficDeps["systemClock"] } & Pick<
      StepContext,
      "line"
    >,
  { functionName, alias, version }: ReturnedFunction,
): Promise<ReleaseError | undefined> {
  for (let attempt = 1, pauseMs = FIRST_PAUSE_MS; ; attempt += 1, pauseMs *= 2) {
    try {
      await deployer.moveAlias({ functionName, alias, version });
      line(`${functionName}: ${alias} is at version ${version}`);
      return undefined;
    } catch (error) {
      if (!(error instanceof ReleaseError) || error.kind === "fenced") {
        throw error;
      }
      if (attempt === ATTEMPTS || !PASSING.has(error.kind)) {
        line(`${functionName}: ${error.what}: ${error.why}`);
        return error;
      }
      await clock.sleep(pauseMs);
    }
  }
}

function moveOf({ function: name, functionName, alias, from, version: to }: ReturnedFunction): MovedAlias {
  return { function: name, functionName, alias, from, to };
}
