import type { StepKind } from "@slipway/contracts";
import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import type { ChecklistFacts } from "../checklist-facts.ts";
import { noInputs } from "./inputs.ts";

type Plan = NonNullable<Awaited<ReturnType<ChecklistFacts["plan"]>>>;

/**
 * A line about the plan that is to be applied. Before there is one nobody knows, and a step of the release decides.
 *
 * @param decidedIn the step that decides then
 */
export function judgePlan(
  name: string,
  title: string,
  {
    decidedIn,
    judge,
  }: {
    decidedIn: StepKind;
    judge(plan: Plan, facts: ChecklistFacts): ChecklistFinding | Promise<ChecklistFinding>;
  },
): ChecklistCheck {
  return {
    ...{ name, title, section: "Infrastructure Validation", pace: "quick", lifetimeMs: 0, inputs: noInputs },
    async judge(facts) {
      const { environment, flags } = facts.subject;
      const plan = await facts.plan();
      return [
        plan === undefined
          ? {
              ...{ status: "unknown", found: "no plan of these files was made yet", decidedIn },
              next: `slipway plan ${environment}${flags}`,
            }
          : await judge(plan, facts),
      ];
    },
  };
}
