import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { StepHandler } from "../release/step-handler.ts";
import { moveAll } from "./move-all.ts";
import { publishedFunctions } from "./published-functions.ts";
import type { TrafficDeps } from "./traffic-handlers.ts";
import { whyNotSplit } from "./why-not-split.ts";

/**
 * Gives the new versions of all functions their share of the traffic. Where Lambda does not split the traffic of one of them, nobody's is
 * split: they move as one, and all of it comes with the promotion.
 */
export function shiftStep(deps: TrafficDeps): StepHandler<"traffic.shift"> {
  return async (context) => {
    const { percent = 0, id } = context.step;
    const functions = publishedFunctions(context.record).filter(({ changed }) => changed);
    if (functions.length === 0) {
      const summary = "no function has a new version";
      return { outcome: "nothing-to-do", summary, result: { percent: 0, functions: [] } };
    }
    const why = await whyNotSplit(deps.reader, functions);
    if (why !== undefined) {
      const summary = `not split, all of the traffic goes at once after this: ${why}`;
      return { outcome: "nothing-to-do", summary, result: { percent: 0, functions: [] } };
    }
    assertNotInterrupted(context.signal, `before ${id}`);
    const { moved, changed } = await moveAll(deps, context, functions, ({ version, previousVersion }) => ({
      version: previousVersion,
      weights: { [version]: percent / 100 },
    }));
    return {
      outcome: changed ? "done" : "nothing-to-do",
      summary: `${percent} % to ${functions.map(({ name, version }) => `version ${version} of ${name}`).join(" and ")}`,
      result: { percent, functions: moved },
    };
  };
}
