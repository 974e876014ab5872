import { describe, expect, test } from "vitest";
import { judgeResources } from "./judge-plan.ts";

type Resource = [type: string, attributes: Record<string, unknown>];

const bucket: Resource = ["aws_s3_bucket", { bucket: "b", force_destroy: false }];
const open = {
  block_public_acls: true,
  block_public_policy: true,
  ignore_public_acls: true,
  restrict_public_buckets: true,
};
const tls = {
  Sid: "DenyPlainHttp",
  Effect: "Deny",
  Action: "s3:*",
  Principal: "*",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const policy = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const companions: Readonly<Record<string, Resource>> = {
  "exposure.public-access-block": ["aws_s3_bucket_public_access_block", { bucket: "b", ...open }],
  "settings.encryption": [
    "aws_s3_bucket_server_side_encryption_configuration",
    { bucket: "b", rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "aws:kms" }] }] },
  ],
  "settings.tls-only": ["aws_s3_bucket_policy", { bucket: "b", policy: policy(tls) }],
  "settings.versioning": [
    "aws_s3_bucket_versioning",
    { bucket: "b", versioning_configuration: [{ status: "Enabled" }] },
  ],
  "settings.access-logs": ["aws_s3_bucket_logging", { bucket: "b", target_bucket: "logs" }],
};

function judge(resources: readonly Resource[], isProtected = true, requiredTags: string[] = []): string[] {
  const applied = resources.map(([type, attributes]) => ({ address: `module.m.${type}.x`, type, attributes }));
  return judgeResources(applied, { isProtected, requiredTags }).map(({ id, attribute }) =>
    attribute === undefined ? id : `${id} ${attribute}`,
  );
}

describe("buckets", () => {
  test("with everything are good", () => {
    expect(judge([bucket, ...Object.values(companions)])).toEqual([]);
  });

  test.each(Object.keys(companions))("without the one of %s have that finding, and no other", (id) => {
    const others = Object.entries(companions).filter(([other]) => other !== id);

    expect(judge([bucket, ...others.map(([, resource]) => resource)])).toEqual([id]);
  });

  test("gain nothing by what belongs to another bucket", () => {
    const others = Object.values(companions).map(
      ([type, attributes]): Resource => [type, { ...attributes, bucket: "other" }],
    );

    expect(judge([bucket, ...others])).toEqual(expect.arrayContaining(Object.keys(companions)));
  });

  test("that receive access logs need none of their own", () => {
    const own = Object.entries(companions)
      .filter(([id]) => id !== "settings.access-logs")
      .map(([, resource]) => resource);

    expect(judge([bucket, ...own, ["aws_s3_bucket_logging", { bucket: "other", target_bucket: "b" }]])).toEqual([]);
  });

  test("of an environment without protection may be thrown away", () => {
    const { "settings.versioning": _versions, "settings.access-logs": _logs, ...needed } = companions;

    expect(judge([["aws_s3_bucket", { bucket: "b", force_destroy: true }], ...Object.values(needed)], false)).toEqual(
      [],
    );
  });

  test("that a destroy would empty are not protected", () => {
    expect(judge([["aws_s3_bucket", { bucket: "b", force_destroy: true }], ...Object.values(companions)])).toEqual([
      "settings.force-destroy force_destroy",
    ]);
  });

  test.each<[string, Resource, string[]]>([
    [
      "a block that is off",
      ["aws_s3_bucket_public_access_block", { ...open, ignore_public_acls: false }],
      ["exposure.public-access-block ignore_public_acls"],
    ],
    ["a public ACL", ["aws_s3_bucket_acl", { acl: "public-read" }], ["exposure.bucket-acl acl"]],
    ["a private ACL", ["aws_s3_bucket_acl", { acl: "private" }], []],
  ])("%s", (_what, resource, expected) => {
    expect(judge([resource])).toEqual(expected);
  });

  test("are not TLS-only by a denial that holds for some, or for something else", () => {
    for (const weak of [
      { ...tls, Principal: { AWS: "arn:aws:iam::1:role/x" } },
      { ...tls, Action: "s3:PutObject" },
      { ...tls, Condition: {} },
    ]) {
      const others = {
        ...companions,
        "settings.tls-only": ["aws_s3_bucket_policy", { bucket: "b", policy: policy(weak) }] as Resource,
      };
      expect(judge([bucket, ...Object.values(others)])).toEqual(["settings.tls-only"]);
    }
  });
});

describe("single settings", () => {
  const table = {
    server_side_encryption: [{ enabled: true }],
    deletion_protection_enabled: true,
    point_in_time_recovery: [{ enabled: true }],
  };

  test.each<[string, Resource, string[]]>([
    ["a good table", ["aws_dynamodb_table", table], []],
    [
      "a table that can be deleted",
      ["aws_dynamodb_table", { ...table, deletion_protection_enabled: false }],
      ["settings.deletion-protection deletion_protection_enabled"],
    ],
    [
      "a table without recovery",
      ["aws_dynamodb_table", { ...table, point_in_time_recovery: [{ enabled: false }] }],
      ["settings.point-in-time-recovery point_in_time_recovery"],
    ],
    [
      "a table without a key",
      ["aws_dynamodb_table", { ...table, server_side_encryption: [] }],
      ["settings.encryption server_side_encryption"],
    ],
    ["a key that rotates", ["aws_kms_key", { enable_key_rotation: true }], []],
    [
      "a key that does not",
      ["aws_kms_key", { enable_key_rotation: false }],
      ["settings.key-rotation enable_key_rotation"],
    ],
    ["a group for a while", ["aws_cloudwatch_log_group", { retention_in_days: 30 }], []],
    [
      "a group for ever",
      ["aws_cloudwatch_log_group", { retention_in_days: 0 }],
      ["settings.retention retention_in_days"],
    ],
    ["an encrypted queue", ["aws_sqs_queue", { sqs_managed_sse_enabled: true, kms_master_key_id: null }], []],
    ["a queue with a key", ["aws_sqs_queue", { sqs_managed_sse_enabled: false, kms_master_key_id: "k" }], []],
    [
      "a plain queue",
      ["aws_sqs_queue", { sqs_managed_sse_enabled: false, kms_master_key_id: "" }],
      ["settings.encryption"],
    ],
    ["a plain topic", ["aws_sns_topic", { kms_master_key_id: "" }], ["settings.encryption"]],
    [
      "a permission for one API",
      ["aws_lambda_permission", { principal: "apigateway.amazonaws.com", source_arn: "arn:x" }],
      [],
    ],
    [
      "a permission for any API",
      ["aws_lambda_permission", { principal: "apigateway.amazonaws.com", source_arn: null }],
      ["exposure.function-permission source_arn"],
    ],
    [
      "a permission for everybody",
      ["aws_lambda_permission", { principal: "*" }],
      ["exposure.function-permission principal"],
    ],
    ["a permission for an account", ["aws_lambda_permission", { principal: "111111111111" }], []],
    [
      "an open URL",
      ["aws_lambda_function_url", { authorization_type: "NONE" }],
      ["exposure.function-url authorization_type"],
    ],
    ["a closed URL", ["aws_lambda_function_url", { authorization_type: "AWS_IAM" }], []],
    [
      "an open method",
      ["aws_api_gateway_method", { http_method: "GET", authorization: "NONE" }],
      ["exposure.unauthenticated-api authorization"],
    ],
    [
      "a method with a key",
      ["aws_api_gateway_method", { http_method: "GET", authorization: "NONE", api_key_required: true }],
      [],
    ],
    ["a preflight method", ["aws_api_gateway_method", { http_method: "OPTIONS", authorization: "NONE" }], []],
    [
      "logged payloads",
      ["aws_api_gateway_method_settings", { settings: [{ data_trace_enabled: true }] }],
      ["exposure.payloads-logged data_trace_enabled"],
    ],
    [
      "AWS's widest policy",
      ["aws_iam_role_policy_attachment", { policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" }],
      ["iam.managed-policy policy_arn"],
    ],
    [
      "AWS's policy for logs",
      [
        "aws_iam_role_policy_attachment",
        { policy_arn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole" },
      ],
      [],
    ],
    [
      "all of DynamoDB",
      ["aws_iam_role", { managed_policy_arns: ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"] }],
      ["iam.managed-policy managed_policy_arns"],
    ],
  ])("%s", (_what, resource, expected) => {
    expect(judge([resource])).toEqual(expected);
  });

  test("deletion protection and recovery are demanded of protected environments only", () => {
    expect(judge([["aws_dynamodb_table", { server_side_encryption: [{ enabled: true }] }]], false)).toEqual([]);
  });
});

describe("stages", () => {
  const stage: Resource = [
    "aws_api_gateway_stage",
    { rest_api_id: "api", stage_name: "prod", access_log_settings: [{ format: "x" }] },
  ];
  const settings = (change: object): Resource => [
    "aws_api_gateway_method_settings",
    {
      rest_api_id: "api",
      stage_name: "prod",
      method_path: "*/*",
      settings: [{ throttling_rate_limit: 500 }],
      ...change,
    },
  ];

  test("with logs and throttling are good", () => {
    expect(judge([stage, settings({})])).toEqual([]);
  });

  test.each<[string, object]>([
    ["no limit", { settings: [{ throttling_rate_limit: -1 }] }],
    ["a limit of one path", { method_path: "items/GET" }],
    ["a limit of another stage", { stage_name: "dev" }],
    ["a limit of another API", { rest_api_id: "other" }],
  ])("%s does not throttle them", (_what, change) => {
    expect(judge([stage, settings(change)])).toEqual(["settings.throttling"]);
  });

  test("need an access log", () => {
    expect(judge([["aws_api_gateway_stage", { ...stage[1], access_log_settings: [] }], settings({})])).toEqual([
      "settings.access-logs access_log_settings",
    ]);
  });
});

test("tags may be the provider's, must not be empty, and are not demanded of what has none", () => {
  const required = ["Project", "Service"];

  expect(
    judge([["aws_sns_topic", { kms_master_key_id: "k", tags_all: { Project: "a", Service: "b" } }]], true, required),
  ).toEqual([]);
  expect(
    judge([["aws_sns_topic", { kms_master_key_id: "k", tags_all: { Project: "a", Service: " " } }]], true, required),
  ).toEqual(["tags.required tags"]);
  expect(judge([["aws_sns_topic", { kms_master_key_id: "k", tags_all: null }]], true, required)).toEqual([
    "tags.required tags",
  ]);
  expect(judge([["aws_lambda_alias", {}]], true, required)).toEqual([]);
});

test("each policy is judged by its kind and its own account", () => {
  const root = {
    Sid: "Delegate",
    Effect: "Allow",
    Action: "kms:*",
    Resource: "*",
    Principal: { AWS: "arn:aws:iam::111111111111:root" },
  };
  const key = (account: string): Resource => [
    "aws_kms_key",
    { arn: `arn:aws:kms:us-east-1:${account}:key/k`, enable_key_rotation: true, policy: policy(root) },
  ];
  const self = { Sid: "Manage", Effect: "Allow", Action: "iam:PutRolePolicy", Resource: "arn:aws:iam::1:role/own" };

  expect(judge([key("111111111111")])).toEqual([]);
  expect(judge([key("222222222222")])).toEqual(["iam.wildcard-action policy", "iam.trusts-account policy"]);
  expect(judge([["aws_iam_role_policy", { role: "own", policy: policy(self) }]])).toEqual(["iam.escalation policy"]);
  expect(judge([["aws_iam_role_policy", { role: "other", policy: policy(self) }]])).toEqual([]);
  expect(judge([["aws_sqs_queue_policy", { policy: "" }]])).toEqual([]);
});
