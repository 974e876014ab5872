import { unsignedWords } from "../../infrastructure/unsigned-words.ts";
import { judgePlan } from "./judge-plan.ts";

export const planReviewed = judgePlan("plan-reviewed", "Terraform plan reviewed", {
  decidedIn: "infrastructure.approve",
  async judge({ summary, approvals }, facts) {
    const { environment, flags } = facts.subject;
    const { counted, ignored, needed, isApproved } = approvals;
    const digest = summary.planDigest.slice(0, 12);
    if (!summary.changed) {
      return { status: "pass", found: `plan ${digest} changes nothing, so there is nothing to review` };
    }
    if (needed === 0 && isApproved) {
      const found = `plan ${digest}: the plan gate has judged it, and release.approvals.infrastructure demands nobody's yes`;
      return { status: "pass", found };
    }
    const unsigned = unsignedWords(approvals, await facts.policy());
    const found = [
      `plan ${digest}: ${counted.length} of ${needed} approvals${counted.length === 0 ? "" : ` (${counted.map(({ name }) => name).join(", ")})`}`,
      ...ignored.map(({ by, why }) => `that of ${by.name} does not count: ${why}`),
      ...(unsigned === undefined ? [] : [unsigned]),
    ].join("\n");
    return isApproved
      ? { status: "pass", found }
      : {
          status: "unknown",
          found,
          decidedIn: "infrastructure.approve",
          next: `slipway approve ${environment}${flags}`,
        };
  },
});
