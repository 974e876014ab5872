import { judgePlan } from "./judge-plan.ts";
import { findingText } from "./policy-findings.ts";

export const planExpected = judgePlan("plan-expected", "No unexpected resource changes in plan", {
  decidedIn: "infrastructure.plan",
  judge({ summary }, { subject: { environment, flags } }) {
    const { gate, counts, findings, planDigest } = summary;
    const open = findings.filter(({ status }) => status !== "waived");
    const size = `plan ${planDigest.slice(0, 12)}: ${counts.add} to add, ${counts.change} to change, ${counts.destroy} to destroy`;
    if (gate === "stopped") {
      const found = [`${size}; the plan gate stops it`, ...open.map(findingText)].join("\n");
      const next = open[0]?.next ?? `slipway plan ${environment}${flags}`;
      // A release makes a plan of its own, and waits with it until somebody accepts what stops it: who has seen that before may release, too.
      return { status: "fail", found, next, decidedIn: "infrastructure.approve" };
    }
    const unknown = open.filter(({ status }) => status === "unknown");
    return unknown.length === 0
      ? { status: "pass", found: `${size}; the plan gate lets it pass` }
      : {
          status: "unknown",
          found: [`${size}; some of it is known only after the apply`, ...unknown.map(findingText)].join("\n"),
          next: unknown[0]?.next ?? `slipway plan ${environment}${flags}`,
          decidedIn: "infrastructure.validate",
        };
  },
});
