import { readFileSync } from "node:fs";
import type { InfrastructureFinding } from "@slipway/contracts";
import { describe, expect, test } from "vitest";
import { judgePlan, judgeResources, settleFindings } from "./judge-plan.ts";

const policy = { isProtected: true, requiredTags: ["Project", "Service"] };
const fixture = JSON.parse(readFileSync(new URL("./fixtures/plan.json", import.meta.url), "utf8"));

/** `id address attribute`, with `?` where it is unknown. */
const lines = (findings: readonly InfrastructureFinding[], about = /./) =>
  findings
    .filter(({ id }) => about.test(id))
    .map(({ id, address, attribute, status }) =>
      [`${id}${status === "unknown" ? "?" : ""}`, address, ...(attribute === undefined ? [] : [attribute])].join(" "),
    );

/** A plan with one change in an environment that is there already. */
function planOf(change: {
  type: string;
  actions: string[];
  before?: object | null;
  after?: object | null;
  unknown?: object;
}) {
  const { type, actions, before = null, after = null, unknown = {} } = change;
  return {
    format_version: "1.2",
    prior_state: { values: { root_module: { child_modules: [{ resources: [{ mode: "managed" }] }] } } },
    resource_changes: [
      {
        address: `${type}.x`,
        mode: "managed",
        type,
        name: "x",
        change: { actions, before, after, after_unknown: unknown },
      },
    ],
  };
}

describe("a plan of the real Terraform", () => {
  const findings = judgePlan(fixture, policy);

  test("what it would do to what is there", () => {
    expect(lines(findings, /^plan\./)).toEqual([
      "plan.delete-stateful aws_cloudwatch_log_group.audit",
      "plan.replace-stateful aws_cloudwatch_log_group.function name",
      "plan.iam-widened aws_iam_role_policy.function policy",
      "plan.alias-moved? aws_lambda_alias.live function_version",
      "plan.alias-moved aws_lambda_alias.live routing_config",
      "plan.iam-widened? aws_s3_bucket_policy.reports policy",
    ]);
    expect(findings.find(({ id }) => id === "plan.replace-stateful")?.reason).toContain("because of name");
    expect(findings.find(({ id }) => id === "plan.iam-widened")?.reason).toContain(
      "WriteLogs: logs:PutLogEvents, logs:CreateLogGroup on *",
    );
  });

  test("what is known only after the apply is unknown, and no pass", () => {
    expect(lines(findings, /^(exposure|iam|settings)\./)).toEqual([
      "iam.wildcard-resource aws_iam_role_policy.function policy",
      "exposure.public-access-block? aws_s3_bucket.reports",
      "settings.encryption aws_s3_bucket.reports",
      "settings.tls-only? aws_s3_bucket.reports",
      "settings.versioning aws_s3_bucket.reports",
      "settings.access-logs aws_s3_bucket.reports",
      "iam.unreadable? aws_s3_bucket_policy.reports policy",
      "exposure.public-access-block aws_s3_bucket_public_access_block.reports block_public_policy",
    ]);
  });

  test("which required tags are missing, of what can have tags", () => {
    const tags = findings.filter(({ id }) => id === "tags.required");

    expect(tags.map(({ address }) => address)).toEqual([
      "aws_cloudwatch_log_group.function",
      "aws_iam_role.function",
      "aws_lambda_function.items",
      "aws_s3_bucket.reports",
    ]);
    expect(tags[0]?.reason).toContain("lacks the tag Service:");
    expect(judgePlan(fixture, { ...policy, requiredTags: ["Project"] }).some(({ id }) => id === "tags.required")).toBe(
      false,
    );
  });

  test("the apply answers what was unknown", () => {
    const statement = {
      Sid: "Read",
      Effect: "Allow",
      Action: "s3:GetObject",
      Principal: "*",
      Resource: "arn:aws:s3:::reports/*",
    };
    const applied = judgeResources(
      [
        { address: "aws_s3_bucket.reports", type: "aws_s3_bucket", attributes: { bucket: "reports" } },
        {
          address: "aws_s3_bucket_policy.reports",
          type: "aws_s3_bucket_policy",
          attributes: { bucket: "reports", policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }) },
        },
      ],
      policy,
    );

    expect(lines(settleFindings(findings, applied), /^(plan\.replace|exposure|iam|settings\.tls)/)).toEqual([
      "plan.replace-stateful aws_cloudwatch_log_group.function name",
      "exposure.public-access-block aws_s3_bucket.reports",
      "settings.tls-only aws_s3_bucket.reports",
      "iam.public-principal aws_s3_bucket_policy.reports policy",
    ]);
  });
});

describe("changes", () => {
  const table = {
    name: "items",
    server_side_encryption: [{ enabled: true }],
    deletion_protection_enabled: true,
    point_in_time_recovery: [{ enabled: true }],
  };
  const code = { s3_key: "a", source_code_hash: "1", memory_size: 128 };
  const boundary = "arn:aws:iam::1:policy/boundary";

  test.each<[string, Parameters<typeof planOf>[0], string[]]>([
    ["a table is changed", { type: "aws_dynamodb_table", actions: ["update"], before: table, after: table }, []],
    [
      "a table is deleted",
      { type: "aws_dynamodb_table", actions: ["delete"], before: table },
      ["plan.delete-stateful aws_dynamodb_table.x"],
    ],
    [
      "a table is forgotten",
      { type: "aws_dynamodb_table", actions: ["forget"], before: table },
      ["plan.forget-stateful aws_dynamodb_table.x"],
    ],
    [
      "a table is replaced, the new one first",
      { type: "aws_dynamodb_table", actions: ["create", "delete"], before: table, after: table },
      ["plan.replace-stateful aws_dynamodb_table.x"],
    ],
    ["an alarm is deleted", { type: "aws_cloudwatch_metric_alarm", actions: ["delete"], before: {} }, []],
    ["an alias is made", { type: "aws_lambda_alias", actions: ["create"], after: { function_version: "1" } }, []],
    [
      "an alias is described",
      {
        type: "aws_lambda_alias",
        actions: ["update"],
        before: { function_version: "1", routing_config: [] },
        after: { function_version: "1", routing_config: null },
      },
      [],
    ],
    [
      "an alias is moved",
      {
        type: "aws_lambda_alias",
        actions: ["update"],
        before: { function_version: "1" },
        after: { function_version: "2" },
      },
      ["plan.alias-moved aws_lambda_alias.x function_version"],
    ],
    [
      "a canary is ended",
      {
        type: "aws_lambda_alias",
        actions: ["update"],
        before: { function_version: "1", routing_config: [{ additional_version_weights: { 2: 0.1 } }] },
        after: { function_version: "1", routing_config: [] },
      },
      ["plan.alias-moved aws_lambda_alias.x routing_config"],
    ],
    [
      "an alias is deleted",
      { type: "aws_lambda_alias", actions: ["delete"], before: { function_version: "1" } },
      ["plan.alias-moved aws_lambda_alias.x"],
    ],
    [
      "an alias is replaced",
      { type: "aws_lambda_alias", actions: ["delete", "create"], before: { name: "a" }, after: { name: "b" } },
      ["plan.alias-moved aws_lambda_alias.x"],
    ],
    [
      "a function is replaced",
      { type: "aws_lambda_function", actions: ["delete", "create"], before: code, after: code },
      ["plan.code-replaced aws_lambda_function.x"],
    ],
    ["a function is deleted", { type: "aws_lambda_function", actions: ["delete"], before: code }, []],
    [
      "a function gets memory",
      { type: "aws_lambda_function", actions: ["update"], before: code, after: { ...code, memory_size: 256 } },
      [],
    ],
    [
      "a function gets code",
      { type: "aws_lambda_function", actions: ["update"], before: code, after: { ...code, s3_key: "b" } },
      ["plan.code-replaced aws_lambda_function.x s3_key"],
    ],
    [
      "a boundary is taken off",
      {
        type: "aws_iam_role",
        actions: ["update"],
        before: { permissions_boundary: boundary },
        after: { permissions_boundary: "" },
      },
      ["plan.iam-widened aws_iam_role.x permissions_boundary"],
    ],
    [
      "a boundary is put on",
      {
        type: "aws_iam_role",
        actions: ["update"],
        before: { permissions_boundary: "" },
        after: { permissions_boundary: boundary },
      },
      [],
    ],
    [
      "a policy is attached",
      {
        type: "aws_iam_role_policy_attachment",
        actions: ["create"],
        after: { policy_arn: "arn:aws:iam::1:policy/own" },
      },
      ["plan.iam-widened aws_iam_role_policy_attachment.x"],
    ],
    [
      "a policy is detached",
      {
        type: "aws_iam_role_policy_attachment",
        actions: ["delete"],
        before: { policy_arn: "arn:aws:iam::1:policy/own" },
      },
      [],
    ],
    [
      "somebody may invoke",
      {
        type: "aws_lambda_permission",
        actions: ["create"],
        after: { principal: "sns.amazonaws.com", source_arn: "arn" },
      },
      ["plan.iam-widened aws_lambda_permission.x"],
    ],
    [
      "a policy will be what is not known",
      { type: "aws_iam_policy", actions: ["update"], before: { policy: "{}" }, after: {}, unknown: { policy: true } },
      ["plan.iam-widened? aws_iam_policy.x policy"],
    ],
    [
      "nothing",
      {
        type: "aws_lambda_alias",
        actions: ["no-op"],
        before: { function_version: "1" },
        after: { function_version: "1" },
      },
      [],
    ],
  ])("%s", (_what, change, expected) => {
    expect(lines(judgePlan(planOf(change), { ...policy, requiredTags: [] }), /^plan\./)).toEqual(expected);
  });

  test("rights do not grow where there was nothing before", () => {
    const plan = {
      ...planOf({ type: "aws_lambda_permission", actions: ["create"], after: { principal: "a", source_arn: "b" } }),
      prior_state: {},
    };

    expect(lines(judgePlan(plan, policy), /^plan\./)).toEqual([]);
  });

  test("a plan that stops half-way is not judged to its end", () => {
    const plan = { format_version: "1.2", errored: true };

    expect(judgePlan(plan, policy)).toMatchObject([{ id: "plan.incomplete", status: "unknown" }]);
  });

  test.each([
    [{ format_version: "2.0" }, "this plan has the format 2.0, and only 1.x is known"],
    [{}, "this is no plan of Terraform"],
    [null, "this is no plan of Terraform"],
  ])("what is no plan is refused: %j", (plan, message) => {
    expect(() => judgePlan(plan, policy)).toThrow(message);
  });
});
