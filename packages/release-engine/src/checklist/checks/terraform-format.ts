import type { ChecklistCheck } from "../checklist-check.ts";
import { codeInputs, DAY_MS } from "./inputs.ts";

export const terraformFormat: ChecklistCheck = {
  name: "terraform-format",
  section: "Infrastructure Validation",
  title: "Terraform formatting is correct: terraform fmt -check",
  pace: "quick",
  lifetimeMs: DAY_MS,
  inputs: codeInputs,
  async judge({ ports, signal, subject: { infrastructure } }) {
    const { ok, messages, command } = await ports.terraform.format(signal);
    return ok
      ? [{ status: "pass", found: `all of ${infrastructure} is formatted`, command }]
      : [
          {
            ...{ status: "fail", found: messages.join("\n"), command },
            next: `terraform fmt -recursive ${infrastructure}`,
          },
        ];
  },
};
