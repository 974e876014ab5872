import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import { approvers } from "../reviews/approvers.ts";
import { noInputs } from "./inputs.ts";

export const planReviewed: ChecklistCheck = {
  name: "plan-reviewed",
  section: "Infrastructure Validation",
  title: "Terraform plan reviewed",
  pace: "quick",
  lifetimeMs: 0,
  inputs: noInputs,
  async judge(facts): Promise<ChecklistFinding[]> {
    const { environment, config, flags } = facts.subject;
    const plan = await facts.plan();
    if (plan === undefined) {
      return [
        {
          ...{ status: "unknown", found: "no plan of these files was made yet", decidedIn: "infrastructure.approve" },
          next: `slipway plan ${environment}${flags}`,
        },
      ];
    }
    const { summary, approvals } = plan;
    const digest = summary.planDigest.slice(0, 12);
    if (!summary.changed) {
      return [{ status: "pass", found: `plan ${digest} changes nothing, so there is nothing to review` }];
    }
    const needed = config.release.approvals.infrastructure;
    if (needed === 0) {
      const found = `plan ${digest}: the plan gate has judged it, and release.approvals.infrastructure demands nobody's yes`;
      return [{ status: "pass", found }];
    }
    const { counting, left } = await approvers(facts, approvals);
    const found = [
      `plan ${digest}: ${counting.length} of ${needed} approvals${counting.length === 0 ? "" : ` (${counting.join(", ")})`}`,
      ...left,
    ].join("\n");
    return counting.length >= needed
      ? [{ status: "pass", found }]
      : [
          {
            ...{ status: "unknown", found, decidedIn: "infrastructure.approve" },
            next: `slipway approve ${environment}${flags}`,
          },
        ];
  },
};
