import { expect, it } from "vitest";
import { planRestore } from "./plan-restore.ts";

it("says by whose rules people have to approve what Terraform does", () => {
  const { steps } = planRestore({
    ...{ environment: "prod", release: "r4", from: "r3", switches: true, freezes: false, functions: [] },
    source: { commit: "a".repeat(40), tree: null, dirty: false },
    restore: {
      ...{ table: "items-prod", restored: "items-prod-2", to: { time: "2026-11-28T12:00:00.000Z" } },
      ...{ address: "aws_dynamodb_table.items", keepUntil: "2026-12-28" },
    },
    ...{ approvals: 2, askedBy: "the rules of r3 (aaaaaaaaaaaa), which has the traffic" },
  });

  expect(steps.find(({ kind }) => kind === "infrastructure.approve")?.because).toBe(
    "the approval of 2 people other than the author is asked for by the rules of r3 (aaaaaaaaaaaa), which has the traffic, if the plan changes anything",
  );
});
