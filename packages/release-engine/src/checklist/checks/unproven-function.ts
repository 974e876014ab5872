import { UNPROVEN_FUNCTION } from "../../smoke/unproven-function.ts";
import { whyUnproven } from "../../smoke/why-unproven.ts";
import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import { noInputs } from "./inputs.ts";

/**
 * Something says how to prove each function. It is none of the guide's lines: the release would come across it only once its
 * infrastructure is applied, and the word that somebody gives for it there counts here.
 */
export const unprovenFunction: ChecklistCheck = {
  name: "unproven-function",
  id: UNPROVEN_FUNCTION,
  section: "Code Quality",
  title: "Each function can be proven before it has traffic",
  pace: "quick",
  lifetimeMs: 0,
  inputs: noInputs,
  judge({ subject: { config } }): Promise<ChecklistFinding[]> {
    return Promise.resolve(
      config.functions.map((each): ChecklistFinding => {
        const { name: subject } = each;
        const found = whyUnproven(each, config);
        return found === undefined
          ? { subject, status: "pass", found: `a new version of ${subject} is asked before it has traffic` }
          : {
              ...{ subject, status: "unknown", found },
              next: `add functions[].proof of ${subject} in slipway.config.ts, or answer for it: --waive ${UNPROVEN_FUNCTION}:${subject} --reason WHY`,
            };
      }),
    );
  },
};
