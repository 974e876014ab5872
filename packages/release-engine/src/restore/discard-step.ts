import type { StepHandler } from "../release/step-handler.ts";
import { removeRestored } from "./remove-restored.ts";
import { type RestoreDeps, restoreOf } from "./restore-deps.ts";

/** `data.discard`: deletes what a dry run has restored: it costs money, and holds everybody's data. */
export function discardStep(deps: RestoreDeps): StepHandler<"data.discard"> {
  return async ({ plan, line }) => {
    const { restored } = restoreOf(plan);
    const wasThere = await removeRestored(deps, restored, line);
    return {
      outcome: wasThere ? "done" : "nothing-to-do",
      summary: `${restored} is gone`,
      result: { table: restored },
    };
  };
}
