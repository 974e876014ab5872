import type { InfrastructureFinding, PlannedResource, PlanSummary } from "@slipway/contracts";

/** A finding that stops a plan. */
export const replacedTable: InfrastructureFinding = {
  ...{ id: "plan.replace-stateful", severity: "high", status: "fail", root: "environments/prod" },
  ...{ address: "module.items.module.table.aws_dynamodb_table.this", attribute: "hash_key" },
  reason: "The table would be deleted and made anew because of hash_key: what is in it is lost.",
  next: "keep the arguments that force it, or move the data first and approve the replacement by name",
};

const resource = (action: PlannedResource["action"], address: string, details: Partial<PlannedResource> = {}) => ({
  ...{ address, type: address.split(".").at(-2) ?? "", action, attributes: [], because: [] },
  ...details,
});

/** A plan with something of everything. */
export function planSummary(change: Partial<PlanSummary> = {}): PlanSummary {
  const missingTags = (name: string): InfrastructureFinding => ({
    ...{ id: "tags.required", severity: "low", status: "fail", address: `aws_sqs_queue.${name}`, attribute: "tags" },
    reason: "It lacks the tag Service: nobody can tell whose it is, what it costs them, and whether it may go.",
    next: "add it to the provider's default_tags, or to the resource's tags",
  });
  return {
    ...{ version: 1, environment: "prod", release: "r12", at: "2026-11-28T12:30:00.000Z", changed: true },
    source: { commit: "1a2b3c4d5e6f".padEnd(40, "0"), tree: "2".repeat(40), dirty: false },
    planDigest: "3f2a9c1b0d7e".padEnd(64, "0"),
    ...{ stateSerial: 41, stateLineage: "lineage", counts: { add: 15, change: 1, destroy: 2 } },
    resources: [
      resource("destroy", "module.items.aws_cloudwatch_log_group.audit"),
      resource("replace", "module.items.module.table.aws_dynamodb_table.this", { because: ["hash_key"] }),
      resource("change", "module.items.module.function.aws_lambda_function.this", {
        attributes: ["memory_size", "timeout"],
      }),
      resource("move", "module.items.aws_sqs_queue.jobs", { from: "aws_sqs_queue.jobs" }),
      ...Array.from({ length: 14 }, (_, index) => resource("add", `module.items.aws_sqs_queue.q${index}`)),
    ],
    omitted: 0,
    outputs: ["api_url"],
    findings: [
      replacedTable,
      {
        ...{
          id: "iam.unreadable",
          severity: "high",
          status: "unknown",
          address: "module.items.aws_s3_bucket_policy.this",
        },
        reason: "The policy is made of what the apply makes, so nobody knows yet what it allows.",
        next: "judge it again after the apply",
      },
      ...["a", "b", "c", "d", "e"].map(missingTags),
      { ...missingTags("f"), status: "waived", accepted: { reason: "it goes next week" } },
    ],
    omittedFindings: 0,
    gate: "stopped",
    ...change,
  };
}
