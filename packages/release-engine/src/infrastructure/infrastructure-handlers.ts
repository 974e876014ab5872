import { applyStep } from "./apply-step.ts";
import { approveStep } from "./approve-step.ts";
import type { InfrastructureDeps, InfrastructureHandlers } from "./infrastructure-deps.ts";
import { planStep } from "./plan-step.ts";
import { settleStep } from "./settle-step.ts";
import { validateStep } from "./validate-step.ts";

/**
 * What a release does about infrastructure: plan, wait for people, apply exactly that plan, look at what is there.
 *
 *     plan -> file with a digest -> plan.made
 *                                      |   approval.given: bound to digest, commit, serial
 *     approve <------------------------+
 *        |       the state moved, the file is gone, the commit is another one: a new plan, and approvals begin anew
 *     apply --> events -> outputs, serial; the file is deleted
 *        |
 *     validate: what was known only after the apply is judged
 *
 *     settle: on the way back of a release that was broken off in one of the above, how the state was left is written down
 */
export function infrastructureHandlers(deps: InfrastructureDeps): InfrastructureHandlers {
  const steps = { ...deps, learned: new Set<string>() };
  return {
    "infrastructure.plan": planStep(steps),
    "infrastructure.approve": approveStep(steps),
    "infrastructure.apply": applyStep(steps),
    "infrastructure.validate": validateStep(steps),
    "infrastructure.settle": settleStep(steps),
  };
}
