import type { StepKind } from "@slipway/contracts";
import type { Redactor } from "../redaction/redactor.ts";
import type { StepHandler } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
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
  const { redactor } = deps;
  const steps = { ...deps, learned: new Set<string>() };
  return {
    "infrastructure.plan": discreet(redactor, planStep(steps)),
    "infrastructure.approve": discreet(redactor, approveStep(steps)),
    "infrastructure.apply": discreet(redactor, applyStep(steps)),
    "infrastructure.validate": discreet(redactor, validateStep(steps)),
    "infrastructure.settle": discreet(redactor, settleStep(steps)),
  };
}

/** A step whose lines and errors have no secrets in them: Terraform quotes what services and providers say. */
function discreet<K extends StepKind>(redactor: Redactor, handler: StepHandler<K>): StepHandler<K> {
  return async (context) => {
    try {
      return await handler({ ...context, line: (text) => context.line(redactor.text(text)) });
    } catch (error) {
      if (!(error instanceof ReleaseError)) {
        throw error;
      }
      const { kind, what, why, next } = error;
      const words = { what: redactor.text(what), why: redactor.text(why), next: redactor.text(next) };
      // Its cause goes too: it says the same, unredacted.
      throw words.what === what && words.why === why && words.next === next
        ? error
        : new ReleaseError({ kind, ...words });
    }
  };
}
