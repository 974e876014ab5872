import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { APIGatewayClient, UpdateAccountCommand, UpdateStageCommand } from "@aws-sdk/client-api-gateway";
import { CloudWatchClient, PutCompositeAlarmCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  type EnvironmentConfig,
  type SlipwayConfigInput,
  type ValidationReport,
  validationReportSchema,
} from "@slipway/contracts";
import type { FaultRequest } from "@slipway/local-aws";
import { loadConfig } from "@slipway/release-engine";
import { deployItemsApi, ITEMS_FUNCTION } from "../items-api/deploy-items-api.ts";
import { LocalAwsProcess } from "../support/local-aws-process.ts";
import { repositoryRoot } from "../support/repository.ts";
import type { Ran } from "../support/run-program.ts";
import { slipway } from "../support/slipway.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const STAGE = "dev";
const TABLE = "items";
const ACCESS_LOG = "/aws/apigateway/items";
const BUCKET = "terraform-state";

/** The items API on a local AWS of its own, without Terraform: made by the SDK, with the states that name what was made. */
export interface ValidatedEnvironment {
  readonly localAws: LocalAwsProcess;
  /** Where its API answers. */
  readonly url: string;
  /** Types `slipway WORDS...` in a repository that knows the environment as `live`. */
  slipway(...words: readonly string[]): Promise<Ran>;
  /** The same, until Ctrl-C. */
  interrupted(interrupt: AbortSignal, ...words: readonly string[]): Promise<Ran>;
  /** Sends requests, spread over hours of the clock. */
  traffic(hours: number, requests: number, options?: { readonly mayFail?: boolean }): Promise<void>;
  /** Validates the last 24 hours, as JSON. */
  validate(...words: readonly string[]): Promise<ValidationReport>;
  /** Publishes what is there as a new version, and lets the alias point to it: a release. */
  release(): Promise<void>;
  /** Plants faults while something is done. */
  withFaults(faults: readonly FaultRequest[], work: () => Promise<void>): Promise<void>;
  /** Takes the function's rights to its table away while something is done. */
  withoutRights(work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts and fills it. */
export async function validatedEnvironment(): Promise<ValidatedEnvironment> {
  const localAws = await LocalAwsProcess.start();
  const repository = temporaryFolder("validated");
  const clients = {
    gateway: new APIGatewayClient(localAws.client),
    cloudwatch: new CloudWatchClient(localAws.client),
    dynamodb: new DynamoDBClient(localAws.client),
    iam: new IAMClient(localAws.client),
    lambda: new LambdaClient(localAws.client),
    logs: new CloudWatchLogsClient(localAws.client),
    s3: new S3Client({ ...localAws.client, forcePathStyle: true }),
    sns: new SNSClient(localAws.client),
  };
  const url = await deployItemsApi(localAws, { CORS_ALLOW_ORIGIN: "*" });
  const apiId = /restapis\/([^/]+)/.exec(url)?.[1] ?? "";
  await logAccess(clients, apiId);
  await encryptTable(clients);
  const alarms = await makeAlarms(clients);
  await publish(clients.lambda, (FunctionVersion) =>
    clients.lambda.send(new CreateAliasCommand({ FunctionName: ITEMS_FUNCTION, Name: "live", FunctionVersion })),
  );
  await clients.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await clients.s3.send(
    new PutObjectCommand({
      ...{ Bucket: BUCKET, Key: "live/terraform.tfstate" },
      Body: stateOf({ api_url: url }, resourcesOf(apiId, alarms)),
    }),
  );
  // Where a rehearsal keeps the bootstrap's own state.
  write(join(localAws.dataDir, "state/rehearsal/tf/bootstrap/terraform.tfstate"), stateOf({ bucket: BUCKET }, []));
  write(join(repository.path, "slipway.config.ts"), `export default ${JSON.stringify(await configuration())};\n`);
  for (const folder of ["tf/bootstrap", "tf/live", "f"]) {
    write(join(repository.path, folder, "README.md"), "");
  }
  const port = String(localAws.port);
  const options = { cwd: repository.path, env: { PATH: process.env.PATH } };
  const run = (...words: readonly string[]) => slipway([...words, "--port", port], options);
  return {
    ...{ localAws, url },
    slipway: run,
    interrupted: (interrupt, ...words) => slipway([...words, "--port", port], { ...options, interrupt }),
    async traffic(hours, requests, { mayFail = false } = {}) {
      const { code, stdout, stderr } = await run(
        ...["local", "traffic", "live", "--over", `${hours}h`, "--requests", String(requests), "--step", "1h"],
      );
      if (code !== 0 && !(mayFail && code === 1)) {
        throw new Error(`${stdout}\n${stderr}`);
      }
    },
    async validate(...words) {
      const where = ["live", "--local", "--window", "extended", "--output", "json"];
      const { code, stdout, stderr } = await run("validate", ...where, ...words);
      if (stdout === "") {
        throw new Error(stderr);
      }
      const report = validationReportSchema.parse(JSON.parse(stdout));
      if (code !== { pass: 0, fail: 1, unknown: 2 }[report.verdict]) {
        throw new Error(`exit code ${code} for ${report.verdict}`);
      }
      return report;
    },
    async release() {
      const FunctionName = ITEMS_FUNCTION;
      const { clock } = await localAws.control<{ clock: string }>("GET", "clock");
      // Something has to differ, or no version is made.
      await clients.lambda.send(
        new UpdateFunctionConfigurationCommand({ FunctionName, Description: `as of ${clock}` }),
      );
      await waitUntilFunctionUpdatedV2({ client: clients.lambda, maxWaitTime: 30, minDelay: 0.1 }, { FunctionName });
      await publish(clients.lambda, (FunctionVersion) =>
        clients.lambda.send(new UpdateAliasCommand({ FunctionName, Name: "live", FunctionVersion })),
      );
    },
    async withFaults(faults, work) {
      for (const fault of faults) {
        await localAws.control("POST", "faults", fault);
      }
      try {
        await work();
      } finally {
        await localAws.control("DELETE", "faults");
      }
    },
    async withoutRights(work) {
      const name = { RoleName: ITEMS_FUNCTION, PolicyName: "work" };
      const { PolicyDocument = "" } = await clients.iam.send(new GetRolePolicyCommand(name));
      const document = decodeURIComponent(PolicyDocument);
      const crippled = document.replaceAll("dynamodb:", "dynamodb-not:");
      await clients.iam.send(new PutRolePolicyCommand({ ...name, PolicyDocument: crippled }));
      try {
        await work();
      } finally {
        await clients.iam.send(new PutRolePolicyCommand({ ...name, PolicyDocument: document }));
      }
    },
    async stop() {
      for (const client of Object.values(clients)) {
        client.destroy();
      }
      await localAws.stop();
      repository.remove();
    },
  };
}

interface Clients {
  readonly gateway: APIGatewayClient;
  readonly cloudwatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
  readonly iam: IAMClient;
  readonly logs: CloudWatchLogsClient;
  readonly sns: SNSClient;
}

async function logAccess({ gateway, iam, logs }: Clients, restApiId: string): Promise<void> {
  const RoleName = "api-logs";
  const trust = { Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" };
  const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(trust) }));
  const allow = { Effect: "Allow", Action: "logs:*", Resource: "*" };
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "logs", PolicyDocument: policy(allow) }));
  await gateway.send(
    new UpdateAccountCommand({ patchOperations: [{ op: "replace", path: "/cloudwatchRoleArn", value: Role?.Arn }] }),
  );
  await logs.send(new CreateLogGroupCommand({ logGroupName: ACCESS_LOG }));
  const format = '{"requestId":"$context.requestId","path":"$context.path","status":"$context.status"}';
  const change = (path: string, value: string) => ({ op: "replace" as const, path, value });
  await gateway.send(
    new UpdateStageCommand({
      ...{ restApiId, stageName: STAGE },
      patchOperations: [
        change("/accessLogSettings/destinationArn", `arn:aws:logs:us-east-1:000000000000:log-group:${ACCESS_LOG}`),
        change("/accessLogSettings/format", format),
        change("/*/*/throttling/rateLimit", "1000"),
        change("/*/*/throttling/burstLimit", "1000"),
      ],
    }),
  );
}

async function encryptTable({ dynamodb }: Clients): Promise<void> {
  await dynamodb.send(
    new UpdateTableCommand({ TableName: TABLE, SSESpecification: { Enabled: true, SSEType: "KMS" } }),
  );
}

/** One that speaks for itself, and one that another speaks for. */
async function makeAlarms({ cloudwatch, sns }: Clients): Promise<readonly string[]> {
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "alarms" }));
  const common = {
    ...{ Namespace: "AWS/Lambda", Dimensions: [{ Name: "FunctionName", Value: ITEMS_FUNCTION }], Period: 60 },
    ...{ EvaluationPeriods: 1, ComparisonOperator: "GreaterThanThreshold" as const, TreatMissingData: "notBreaching" },
  };
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      ...{ ...common, AlarmName: "live-duration", MetricName: "Duration", Statistic: "Maximum", Threshold: 9_000 },
      AlarmActions: [TopicArn],
    }),
  );
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      ...{ ...common, AlarmName: "live-throttles", MetricName: "Throttles", Statistic: "Sum", Threshold: 0 },
    }),
  );
  await cloudwatch.send(
    new PutCompositeAlarmCommand({
      ...{ AlarmName: "live-down", AlarmRule: 'ALARM("live-throttles")', AlarmActions: [TopicArn] },
    }),
  );
  return ["live-duration", "live-throttles", "live-down"];
}

async function publish(lambda: LambdaClient, point: (version: string) => Promise<unknown>): Promise<void> {
  const { Version = "" } = await lambda.send(new PublishVersionCommand({ FunctionName: ITEMS_FUNCTION }));
  await point(Version);
}

type Resource = readonly [type: string, attributes: Readonly<Record<string, unknown>>];

function resourcesOf(apiId: string, alarms: readonly string[]): readonly Resource[] {
  const [composite] = alarms.filter((name) => name.endsWith("-down"));
  return [
    ["aws_lambda_function", { id: ITEMS_FUNCTION, function_name: ITEMS_FUNCTION, timeout: 10, memory_size: 128 }],
    ["aws_lambda_alias", { id: "live", function_name: ITEMS_FUNCTION, name: "live" }],
    ["aws_api_gateway_rest_api", { id: apiId, name: "Items API" }],
    [
      "aws_api_gateway_stage",
      {
        ...{ id: `ags-${apiId}-${STAGE}`, rest_api_id: apiId, stage_name: STAGE },
        access_log_settings: [{ destination_arn: `arn:aws:logs:us-east-1:000000000000:log-group:${ACCESS_LOG}` }],
      },
    ],
    [
      "aws_api_gateway_method_settings",
      {
        ...{ id: `${apiId}-${STAGE}-*/*`, rest_api_id: apiId, stage_name: STAGE, method_path: "*/*" },
        settings: [{ throttling_rate_limit: 1_000, throttling_burst_limit: 1_000, data_trace_enabled: false }],
      },
    ],
    [
      "aws_dynamodb_table",
      {
        ...{ id: TABLE, name: TABLE, global_secondary_index: [{ name: "status-index" }] },
        server_side_encryption: [{ enabled: true, kms_key_arn: "arn:aws:kms:us-east-1:000000000000:key/own" }],
      },
    ],
    ...alarms
      .filter((name) => name !== composite)
      .map((name): Resource => ["aws_cloudwatch_metric_alarm", { id: name, alarm_name: name }]),
    ["aws_cloudwatch_composite_alarm", { id: composite, alarm_name: composite }],
  ];
}

function stateOf(outputs: Readonly<Record<string, string>>, resources: readonly Resource[]): string {
  return JSON.stringify({
    ...{ version: 4, serial: 1, lineage: "validated" },
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value, type: "string" }])),
    resources: resources.map(([type, attributes], index) => ({
      ...{ mode: "managed", type, name: `r${index}`, provider: 'provider["registry.terraform.io/hashicorp/aws"]' },
      instances: [{ schema_version: 0, attributes }],
    })),
  });
}

/** A repository of its own, with the smoke scenario of this one. */
async function configuration(): Promise<SlipwayConfigInput> {
  const { environments } = await loadConfig(join(repositoryRoot, "slipway.config.ts"));
  const { smoke } = environments.prod as EnvironmentConfig;
  return {
    ...{ project: "items", region: "us-east-1", infrastructure: "tf" },
    bootstrap: { directory: "tf/bootstrap", outputs: { stateBucket: "bucket" } },
    environments: {
      live: {
        terraform: { directory: "tf/live", stateKey: "live/terraform.tfstate" },
        protected: false,
        functions: [
          {
            ...{ name: "api-handler", directory: "f", build: ["true"], artifact: "f/out" },
            outputs: { functionName: "function", alias: "alias", artifactBucket: "artifacts" },
          },
        ],
        api: { urlOutput: "api_url" },
        smoke,
        validation: {
          // Tests run beside each other: what takes longer only because of that is no news.
          responseTime: { unnoticedMs: 1_000 },
          ...{ logs: { withinSeconds: 10 }, metricNamespaces: ["ItemsApi"], monthlyCostUsd: { most: 50 } },
        },
      },
    },
  };
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
