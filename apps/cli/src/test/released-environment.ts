import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { DynamoLedgerTable } from "@slipway/aws";
import type { LedgerBody, ReleasePlan } from "@slipway/contracts";
import {
  createRedactor,
  type Ledger,
  type LedgerTable,
  openLedger,
  packageFunction,
  systemClock,
} from "@slipway/release-engine";
import { type LocalAwsFixture, localAwsFixture } from "./local-aws-fixture.ts";
import { type Place, runSlipway, type Said } from "./run-slipway.ts";
import { type StateFixture, stateFixture } from "./state-fixture.ts";
import { temporaryRepository } from "./temporary-repository.ts";

/** An environment `prod` of somebody else's repository, on an AWS in this process: a function with two versions, an alarm, and a ledger. */
export interface ReleasedEnvironment {
  readonly aws: LocalAwsFixture;
  readonly dynamodb: DynamoDBClient;
  readonly table: LedgerTable;
  /** Folder with slipway.config.ts; the infrastructure of prod is in `tf/prod`. */
  readonly repository: string;
  /** Opens the ledger of an environment. */
  ledger(environment: string, isGone?: () => boolean): Ledger;
  /** Writes entries as `Jane Doe <jane@example.com>`, at times of the machine's clock. */
  write(ledger: Ledger, release: string | null, bodies: readonly LedgerBody[]): Promise<void>;
  /** Deletes the state, as if it had never been. */
  forgetState(): Promise<void>;
  moveAlias(version: string, weights?: Record<string, number>): Promise<void>;
  setAlarm(state: "OK" | "ALARM"): Promise<void>;
  /** Runs `slipway WORDS...` on it: as AWS, or with `--port` as local AWS. */
  run(words: readonly string[], place?: Place): Promise<Said>;
  /** What leads to it as local AWS. */
  readonly asLocal: readonly string[];
  close(): Promise<void>;
}

export const LEDGER = "release-ledger";
export const JANE = { name: "Jane Doe <jane@example.com>" };

/**
 * @param withFunction whether the function and the alarm are there, and not only in the state
 * @param apiUrl in the output `url`, which the state has not otherwise: no API answers there
 */
export async function releasedEnvironment({
  withFunction = true,
  apiUrl,
}: {
  readonly withFunction?: boolean;
  readonly apiUrl?: string;
} = {}): Promise<ReleasedEnvironment> {
  const aws = await localAwsFixture();
  const { endpoint, port } = aws.localAws;
  const states = await stateFixture(endpoint);
  const client = { region: "us-east-1", endpoint, credentials: states.credentials };
  const repository = temporaryRepository();
  writeRepository(repository.path);
  writeBootstrapState(aws.dataDir);
  const [dynamodb, cloudwatch, lambda] = [
    new DynamoDBClient(client),
    new CloudWatchClient(client),
    new LambdaClient(client),
  ];
  await Promise.all([makeTable(dynamodb), putState(states, apiUrl)]);
  if (withFunction) {
    await Promise.all([makeAlarm(cloudwatch), makeFunction(client, lambda)]);
  }
  const table = new DynamoLedgerTable(dynamodb, LEDGER);
  return {
    ...{ aws, dynamodb, table, repository: repository.path, asLocal: ["--port", String(port)] },
    ledger: (environment, isGone = () => false) =>
      openLedger(table, {
        ...{ environment, clock: systemClock, leaseClock: systemClock, redactor: createRedactor(), leaseSeconds: 60 },
        isGone,
      }),
    async write(ledger, release, bodies) {
      for (const body of bodies) {
        await ledger.append({ by: JANE, release, body });
      }
    },
    forgetState: () => states.forgetState("prod"),
    async moveAlias(FunctionVersion, AdditionalVersionWeights = {}) {
      await lambda.send(
        new UpdateAliasCommand({
          ...{ FunctionName: "orders-prod", Name: "live", FunctionVersion },
          RoutingConfig: { AdditionalVersionWeights },
        }),
      );
    },
    async setAlarm(StateValue) {
      await cloudwatch.send(
        new SetAlarmStateCommand({ AlarmName: "orders-errors", StateValue, StateReason: "a test" }),
      );
    },
    run: (words, place = {}) =>
      runSlipway(words, {
        cwd: repository.path,
        ...place,
        // The SDK reads credentials from this process's environment, where the states' fixture has put them.
        env: {
          ...process.env,
          // Whoever runs the tests: documents are compared with those that others have printed.
          ...{ GIT_AUTHOR_NAME: "Jane Doe", GIT_AUTHOR_EMAIL: "jane@example.com" },
          ...(words.includes("--port") ? {} : { AWS_ENDPOINT_URL: endpoint }),
          NO_COLOR: "1",
          ...place.env,
        },
      }),
    async close() {
      dynamodb.destroy();
      cloudwatch.destroy();
      lambda.destroy();
      states.close();
      repository.remove();
      await aws.close();
    },
  };
}

/** A plan of a release with these steps. */
export function planOf(release: string, previous: string | null, commit: string): ReleasePlan {
  const common = { guide: "Phase 2: Lambda Deployment", undo: "nothing to undo" };
  return {
    ...{ version: 1, environment: "prod", release, previous },
    source: { commit: commit.repeat(40), tree: commit.repeat(40), dirty: false },
    steps: [
      { id: "infrastructure.plan", kind: "infrastructure.plan", title: "plan the infrastructure", ...common },
      { id: "infrastructure.approve", kind: "infrastructure.approve", title: "wait for approvals", ...common },
      { id: "traffic.judge.10", kind: "traffic.judge", title: "judge 10 % of the traffic", ...common, percent: 10 },
      { id: "traffic.promote", kind: "traffic.promote", title: "give it all of the traffic", ...common },
      {
        ...{ id: "checkpoint.immediate", kind: "checkpoint", title: "judge its first 5 minutes", ...common },
        window: "immediate",
      },
      { id: "checkpoint.short", kind: "checkpoint", title: "judge its first hour", ...common, window: "short" },
    ],
  };
}

/** What a release has written that made version `version` of `previousVersion`, and is live. */
export function liveRelease(plan: ReleasePlan, version: string, previousVersion: string): LedgerBody[] {
  const functions = [
    {
      ...{ name: "orders", functionName: "orders-prod", alias: "live", version, previousVersion },
      artifactSha256: "b".repeat(64),
    },
  ];
  const promoted = { step: "traffic.promote", kind: "traffic.promote" } as const;
  return [
    { type: "release.started", plan, authors: ["Joe Bloggs <joe@example.com>"] },
    { type: "step.started", ...promoted, attempt: 1 },
    { type: "step.finished", ...promoted, outcome: "done", summary: `orders: version ${version}`, durationMs: 1_234 },
    { type: "release.ended", outcome: "live", reason: "all of the traffic goes to it", functions },
  ];
}

function writeRepository(path: string): void {
  for (const folder of ["tf/bootstrap", "tf/prod", "tf/bare", "f"]) {
    mkdirSync(join(path, folder), { recursive: true });
  }
  const environment = {
    terraform: { directory: "tf/prod", stateKey: "prod/terraform.tfstate" },
    functions: [
      {
        ...{ name: "orders", directory: "f", build: ["true"], artifact: "f/out" },
        outputs: { functionName: "function", alias: "alias", artifactBucket: "bucket" },
      },
    ],
    api: { urlOutput: "url" },
    smoke: { steps: [{ name: "alive", method: "GET", path: "/", expect: { status: 200 } }] },
  };
  const config = {
    ...{ project: "orders", region: "us-east-1", infrastructure: "tf" },
    bootstrap: {
      ...{ directory: "tf/bootstrap", state: { bucket: "terraform-state" }, ledger: { table: LEDGER } },
      outputs: { stateBucket: "bucket", ledgerTable: "ledger" },
    },
    environments: {
      prod: environment,
      bare: { ...environment, terraform: { directory: "tf/bare", stateKey: "bare/terraform.tfstate" } },
    },
  };
  writeFileSync(join(path, "slipway.config.ts"), `export default ${JSON.stringify(config)};\n`);
}

/** As a rehearsal leaves it. */
function writeBootstrapState(dataDir: string): void {
  const file = join(dataDir, "state", "rehearsal", "tf/bootstrap", "terraform.tfstate");
  const text = (value: string) => ({ value, type: "string", sensitive: false });
  mkdirSync(dirname(file), { recursive: true });
  const outputs = { bucket: text("terraform-state"), ledger: text(LEDGER) };
  writeFileSync(file, JSON.stringify({ version: 4, serial: 1, outputs, resources: [] }));
}

async function putState(states: StateFixture, url: string | undefined): Promise<void> {
  const resources = [
    { type: "aws_lambda_function", attributes: { function_name: "orders-prod", timeout: 3 } },
    { type: "aws_cloudwatch_metric_alarm", attributes: { alarm_name: "orders-errors" } },
  ];
  await states.putState("prod", resources, { function: "orders-prod", alias: "live", ...(url && { url }) });
}

async function makeTable(dynamodb: DynamoDBClient): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      ...{ TableName: LEDGER, BillingMode: "PAY_PER_REQUEST" },
      AttributeDefinitions: [
        { AttributeName: "environment", AttributeType: "S" },
        { AttributeName: "sequence", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "environment", KeyType: "HASH" },
        { AttributeName: "sequence", KeyType: "RANGE" },
      ],
    }),
  );
}

async function makeAlarm(cloudwatch: CloudWatchClient): Promise<void> {
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      // Of a metric that never has data, and ignores that: it stays in the state that a test puts it into.
      ...{ AlarmName: "orders-errors", Namespace: "AWS/Lambda", MetricName: "AsyncEventsDropped", Statistic: "Sum" },
      ...{ EvaluationPeriods: 1, Period: 300, Threshold: 0, ComparisonOperator: "GreaterThanThreshold" },
      TreatMissingData: "ignore",
    }),
  );
}

async function makeFunction(client: ConstructorParameters<typeof IAMClient>[0], lambda: LambdaClient): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-released-"));
  writeFileSync(join(folder, "index.mjs"), "export const handler = async () => 'yes';\n");
  const { bytes: ZipFile } = await packageFunction(folder);
  rmSync(folder, { recursive: true });
  const iam = new IAMClient(client ?? {});
  const Statement = [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "orders", AssumeRolePolicyDocument }));
  iam.destroy();
  const FunctionName = "orders-prod";
  const waiting = [{ client: lambda, maxWaitTime: 20, minDelay: 1 }, { FunctionName }] as const;
  await lambda.send(
    new CreateFunctionCommand({
      ...{ FunctionName, Runtime: "nodejs22.x", Handler: "index.handler", Role: Role?.Arn, Code: { ZipFile } },
    }),
  );
  await waitUntilFunctionActiveV2(...waiting);
  await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: "the second" }));
  await waitUntilFunctionUpdatedV2(...waiting);
  await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }));
}
