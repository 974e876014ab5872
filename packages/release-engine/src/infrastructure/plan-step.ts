import { stopsPlan } from "@slipway/analysis";
import type { PlanSummary } from "@slipway/contracts";
import type { StepHandler } from "../release/step-handler.ts";
import { describeCounts } from "./describe-counts.ts";
import { ensurePlan } from "./ensure-plan.ts";
import type { InfrastructureSteps } from "./infrastructure-deps.ts";

/** `infrastructure.plan`: plans to a file, judges the plan, and writes down what a person has to know of it. */
export function planStep(deps: InfrastructureSteps): StepHandler<"infrastructure.plan"> {
  return async (context) => {
    const { summary } = await ensurePlan(deps, context);
    const { planDigest, changed, counts, stateSerial, stateLineage } = summary;
    return {
      outcome: changed ? "done" : "nothing-to-do",
      summary: describePlan(summary),
      result: { planDigest, changed, counts, stateSerial, stateLineage },
    };
  };
}

function describePlan({ changed, counts, findings, resources }: PlanSummary): string {
  const stopping = findings.filter(stopsPlan).length;
  const lasting = resources.filter(({ isReversible }) => isReversible === false).length;
  const open = findings.filter(({ status }) => status !== "waived").length - stopping;
  return [
    changed ? describeCounts(counts) : "no changes",
    ...(lasting === 0 ? [] : [`${lasting} of them irreversible`]),
    ...(stopping === 0 ? [] : [`STOPPED by ${stopping} finding${stopping === 1 ? "" : "s"}`]),
    ...(open === 0 ? [] : [`${open} ${stopping === 0 ? "" : "other "}finding${open === 1 ? "" : "s"}`]),
  ].join(", ");
}
