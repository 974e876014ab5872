import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { StepHandler } from "../release/step-handler.ts";
import { moveAll } from "./move-all.ts";
import { publishedFunctions } from "./published-functions.ts";
import type { TrafficDeps } from "./traffic-handlers.ts";

/** Gives all of the traffic to the new versions. */
export function promoteStep(deps: TrafficDeps): StepHandler<"traffic.promote"> {
  return async (context) => {
    const functions = publishedFunctions(context.record).filter(({ changed }) => changed);
    if (functions.length === 0) {
      const summary = "no function has a new version";
      return { outcome: "nothing-to-do", summary, result: { percent: 100, functions: [] } };
    }
    assertNotInterrupted(context.signal, `before ${context.step.id}`);
    const { moved, changed } = await moveAll(deps, context, functions, ({ version }) => ({ version }));
    const all = functions.map(({ name, version, previousVersion }) => `${name} ${previousVersion} -> ${version}`);
    return {
      outcome: changed ? "done" : "nothing-to-do",
      summary: `all of the traffic: version ${all.join(", ")}`,
      result: { percent: 100, functions: moved },
    };
  };
}
