import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";

type Attributes = Readonly<Record<string, unknown>>;

const ACCOUNT = "111122223333";
const tags = (name: string) => ({
  Environment: "prod",
  ManagedBy: "terraform",
  Name: name,
  Project: "bench",
  Service: "orders",
});

const policy = (name: string, sid: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: ["Read", "Write", "Find"].map((what) => ({
      Sid: `${sid}${what}`,
      Effect: "Allow",
      Action: [`dynamodb:${what}Item`, `dynamodb:Batch${what}Item`, `s3:${what}Object`],
      Resource: [`arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/${name}`, `arn:aws:s3:::${name}/*`],
      Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
    })),
  });

/** What one service is made of, with about as many arguments as the AWS provider writes. */
const TYPES: readonly (readonly [type: string, attributes: (name: string, version: number) => Attributes])[] = [
  [
    "aws_s3_bucket",
    (name) => ({
      bucket: name,
      force_destroy: false,
      versioning: [{ enabled: true, mfa_delete: false }],
      grant: [{ id: "c".repeat(64), permissions: ["FULL_CONTROL"], type: "CanonicalUser", uri: "" }],
      hosted_zone_id: "Z3AQBSTGFYJSTF",
      bucket_domain_name: `${name}.s3.amazonaws.com`,
      bucket_regional_domain_name: `${name}.s3.us-east-1.amazonaws.com`,
      server_side_encryption_configuration: [
        {
          rule: [
            {
              apply_server_side_encryption_by_default: [{ kms_master_key_id: "", sse_algorithm: "aws:kms" }],
              bucket_key_enabled: true,
            },
          ],
        },
      ],
    }),
  ],
  [
    "aws_s3_bucket_public_access_block",
    (name) => ({
      bucket: name,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    }),
  ],
  [
    "aws_s3_bucket_versioning",
    (name) => ({
      bucket: name,
      expected_bucket_owner: "",
      mfa: null,
      versioning_configuration: [{ mfa_delete: "", status: "Enabled" }],
    }),
  ],
  [
    "aws_s3_bucket_server_side_encryption_configuration",
    (name) => ({
      bucket: name,
      rule: [{ apply_server_side_encryption_by_default: [{ kms_master_key_id: "", sse_algorithm: "aws:kms" }] }],
    }),
  ],
  ["aws_s3_bucket_policy", (name) => ({ bucket: name, policy: policy(name, "Bucket") })],
  [
    "aws_dynamodb_table",
    (name, version) => ({
      name,
      hash_key: "id",
      billing_mode: "PAY_PER_REQUEST",
      deletion_protection_enabled: true,
      point_in_time_recovery: [{ enabled: true, recovery_period_in_days: 35 }],
      server_side_encryption: [{ enabled: true, kms_key_arn: `arn:aws:kms:us-east-1:${ACCOUNT}:key/${name}` }],
      attribute: ["id", "status", "createdAt", "owner"].map((attribute) => ({ name: attribute, type: "S" })),
      global_secondary_index: ["status", "owner"].map((key) => ({
        hash_key: key,
        key_schema: [],
        name: `by-${key}`,
        non_key_attributes: [],
        projection_type: "ALL",
        range_key: "createdAt",
        read_capacity: 0,
        write_capacity: 0,
        on_demand_throughput: [],
      })),
      ttl: [{ attribute_name: "expiresAt", enabled: true }],
      stream_enabled: version > 1,
      table_class: "STANDARD",
    }),
  ],
  [
    "aws_cloudwatch_log_group",
    (name, version) => ({
      name: `/aws/lambda/${name}`,
      retention_in_days: 30 * version,
      kms_key_id: "",
      log_group_class: "STANDARD",
      skip_destroy: false,
    }),
  ],
  [
    "aws_iam_role",
    (name) => ({
      name,
      assume_role_policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Sid: "Lambda", Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
        ],
      }),
      force_detach_policies: false,
      inline_policy: [],
      managed_policy_arns: [],
      max_session_duration: 3600,
      path: "/",
      permissions_boundary: "",
      unique_id: "AROA".padEnd(21, "X"),
    }),
  ],
  ["aws_iam_role_policy", (name, version) => ({ name, role: name, policy: policy(name, `V${version}`) })],
  [
    "aws_lambda_function",
    (name, version) => ({
      function_name: name,
      role: `arn:aws:iam::${ACCOUNT}:role/${name}`,
      handler: "index.handler",
      runtime: "nodejs22.x",
      memory_size: 256 * version,
      timeout: 10,
      publish: false,
      architectures: ["arm64"],
      environment: [
        {
          variables: Object.fromEntries(
            Array.from({ length: 15 }, (_, index) => [`SETTING_${index}`, `${name}-value-${index}`]),
          ),
        },
      ],
      dead_letter_config: [{ target_arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}` }],
      ephemeral_storage: [{ size: 512 }],
      logging_config: [
        {
          application_log_level: "INFO",
          log_format: "JSON",
          log_group: `/aws/lambda/${name}`,
          system_log_level: "WARN",
        },
      ],
      tracing_config: [{ mode: "Active" }],
      s3_bucket: "artifacts",
      s3_key: "bootstrap.zip",
      source_code_hash: "h".repeat(44),
      qualified_arn: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}:1`,
      reserved_concurrent_executions: -1,
      version: "1",
      layers: [],
      vpc_config: [],
    }),
  ],
  [
    "aws_lambda_alias",
    (name) => ({
      name: "live",
      function_name: name,
      function_version: "1",
      routing_config: [],
      invoke_arn: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${name}/invocations`,
    }),
  ],
  [
    "aws_lambda_permission",
    (name) => ({
      function_name: name,
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      source_arn: `arn:aws:execute-api:us-east-1:${ACCOUNT}:abc/*/*`,
      qualifier: "live",
      statement_id: "Api",
    }),
  ],
  [
    "aws_sqs_queue",
    (name) => ({
      name,
      sqs_managed_sse_enabled: true,
      delay_seconds: 0,
      fifo_queue: false,
      max_message_size: 262144,
      message_retention_seconds: 1209600,
      visibility_timeout_seconds: 30,
      policy: "",
      url: `https://sqs.us-east-1.amazonaws.com/${ACCOUNT}/${name}`,
    }),
  ],
  [
    "aws_sns_topic",
    (name) => ({
      name,
      kms_master_key_id: "alias/aws/sns",
      policy: policy(name, "Topic"),
      owner: ACCOUNT,
      fifo_topic: false,
      display_name: "",
    }),
  ],
  [
    "aws_kms_key",
    (name) => ({
      description: name,
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      is_enabled: true,
      key_usage: "ENCRYPT_DECRYPT",
      policy: policy(name, "Key"),
    }),
  ],
  [
    "aws_cloudwatch_metric_alarm",
    (name, version) => ({
      alarm_name: name,
      comparison_operator: "GreaterThanThreshold",
      evaluation_periods: version,
      threshold: 5,
      treat_missing_data: "notBreaching",
      alarm_actions: [`arn:aws:sns:us-east-1:${ACCOUNT}:${name}`],
      dimensions: { FunctionName: name },
      metric_name: "Errors",
      namespace: "AWS/Lambda",
      period: 60,
      statistic: "Sum",
      metric_query: [],
    }),
  ],
  [
    "aws_api_gateway_stage",
    (name) => ({
      rest_api_id: name,
      stage_name: "live",
      deployment_id: "d1",
      access_log_settings: [
        { destination_arn: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:${name}`, format: "$context.requestId" },
      ],
      variables: {},
      xray_tracing_enabled: true,
    }),
  ],
  [
    "aws_api_gateway_method_settings",
    (name) => ({
      rest_api_id: name,
      stage_name: "live",
      method_path: "*/*",
      settings: [
        {
          throttling_rate_limit: 500,
          throttling_burst_limit: 1000,
          data_trace_enabled: false,
          logging_level: "INFO",
          metrics_enabled: true,
        },
      ],
    }),
  ],
];

/** What a plan does, one after the other. */
const ACTIONS = [
  ["no-op"],
  ["create"],
  ["update"],
  ["delete"],
  ["update"],
  ["no-op"],
  ["delete", "create"],
  ["create"],
] as const;

/**
 * Writes what `terraform show -json` would print of a plan with so many changes of services that are alike: everything of it, also the
 * planned values, the prior state and the configuration, which say the same again.
 *
 * @returns the file's size in bytes
 */
export async function writePlan(file: string, changes: number): Promise<number> {
  const stream = createWriteStream(file);
  const resources = Array.from({ length: changes }, (_, index) => resourceAt(index));
  await write(
    stream,
    '{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{"resources":[',
  );
  await writeAll(
    stream,
    resources.filter(({ after }) => after !== null),
    ({ head, after }) => ({ ...head, values: after }),
  );
  await write(stream, ']}},"resource_changes":[');
  await writeAll(stream, resources, ({ head, ...change }) => ({ ...head, change }));
  await write(
    stream,
    '],"output_changes":{},"prior_state":{"format_version":"1.0","values":{"root_module":{"resources":[',
  );
  await writeAll(
    stream,
    resources.filter(({ before }) => before !== null),
    ({ head, before }) => ({ ...head, values: before }),
  );
  await write(
    stream,
    ']}}},"configuration":{"provider_config":{"aws":{"name":"aws","full_name":"registry.terraform.io/hashicorp/aws"}},"root_module":{"resources":[',
  );
  await writeAll(stream, resources, ({ head }) => ({
    ...head,
    expressions: { name: { references: ["var.name", "local.tags"] } },
  }));
  await write(stream, ']}},"complete":true,"errored":false}');
  stream.end();
  await finished(stream);
  return stream.bytesWritten;
}

function resourceAt(index: number) {
  const [type, attributes] = TYPES[index % TYPES.length] as (typeof TYPES)[number];
  const service = Math.floor(index / TYPES.length);
  const name = `orders-${service}`;
  const actions = ACTIONS[service % ACTIONS.length] as (typeof ACTIONS)[number];
  const values = (version: number) => ({
    ...{ id: name, arn: `arn:aws:x:us-east-1:${ACCOUNT}:${type}/${name}`, region: "us-east-1" },
    ...{ tags: tags(name), tags_all: tags(name), timeouts: null, ...attributes(name, version) },
  });
  const has = (action: string) => (actions as readonly string[]).includes(action);
  const before = has("create") && !has("delete") ? null : values(1);
  const after = has("delete") && !has("create") ? null : values(has("no-op") ? 1 : 2);
  return {
    head: {
      ...{ address: `module.orders[${service}].${type}.this`, module_address: `module.orders[${service}]` },
      ...{ mode: "managed", type, name: "this", provider_name: "registry.terraform.io/hashicorp/aws" },
    },
    ...{ actions, before, after, after_unknown: has("create") ? { id: true, arn: true } : {} },
    before_sensitive: before === null ? false : { tags_all: {} },
    after_sensitive: after === null ? false : { tags_all: {}, environment: [{ variables: { SETTING_0: true } }] },
    ...(has("delete") && has("create") ? { replace_paths: [["name"]] } : {}),
  };
}

async function writeAll<T>(stream: WriteStream, items: readonly T[], shape: (item: T) => unknown): Promise<void> {
  for (const [index, item] of items.entries()) {
    await write(stream, `${index === 0 ? "" : ","}${JSON.stringify(shape(item))}`);
  }
}

async function write(stream: WriteStream, text: string): Promise<void> {
  if (!stream.write(text)) {
    await once(stream, "drain");
  }
}
