import { applyStep } from "./apply-step.ts";
import { approveStep } from "./approve-step.ts";
import type { InfrastructureDeps, InfrastructureHandlers } from "./infrastructure-deps.ts";
import { planStep } from "./plan-step.ts";
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
 */
export function infrastructureHandlers(deps: InfrastructureDeps): InfrastructureHandlers {
  return {
    "infrastructure.plan": planStep(deps),
    "infrastructure.approve": approveStep(deps),
    "infrastructure.apply": applyStep(deps),
    "infrastructure.validate": validateStep(deps),
  };
}
