import type { ChecklistCheck } from "../checklist-check.ts";
import { codeInputs, DAY_MS } from "./inputs.ts";

export const terraformValidate: ChecklistCheck = {
  name: "terraform-validate",
  section: "Infrastructure Validation",
  title: "Terraform validation passes: terraform validate",
  pace: "slow",
  // A plan is made of valid code only.
  decidedIn: "infrastructure.plan",
  lifetimeMs: DAY_MS,
  async inputs(facts) {
    const code = await codeInputs(facts);
    return code === undefined ? undefined : [...code, facts.subject.config.terraform.directory];
  },
  async judge({ ports, signal, subject }) {
    const { ok, messages, command } = await ports.terraform.validate(signal);
    return ok
      ? [{ status: "pass", found: `${subject.config.terraform.directory} is valid`, command }]
      : [{ status: "fail", found: messages.join("\n"), next: command, command }];
  },
};
