import type { ChecklistCheck } from "../checklist-check.ts";
import { noInputs } from "./inputs.ts";
import { judgeByPolicy } from "./policy-findings.ts";

export const iam: ChecklistCheck = {
  name: "iam",
  section: "Security",
  title: "IAM roles and policies reviewed",
  pace: "quick",
  lifetimeMs: 0,
  inputs: noInputs,
  async judge(facts) {
    const isAbout = (id: string) => id.startsWith("iam.") || id === "plan.iam-widened";
    return [await judgeByPolicy(facts, isAbout, "no policy gives more than it needs")];
  },
};
