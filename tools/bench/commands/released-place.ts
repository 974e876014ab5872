import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { CreateAliasCommand, LambdaClient, PublishVersionCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoLedgerTable } from "@slipway/aws";
import type { LedgerBody, PlannedStep } from "@slipway/contracts";
import { createRedactor, openLedger, systemClock } from "@slipway/release-engine";
import { helloFolder } from "../invoke/invoke.ts";
import { createFunction, functionName } from "../support/deploy-function-api.ts";
import { type ClientSettings, region } from "../support/local-aws-server.ts";

const API_URL = "https://abcdefghij.execute-api.us-east-1.amazonaws.com/prod";
const LEDGER = "bench-ledger";
const STATES = "bench-states";
const ALARMS = 20;
/** An incident that is open for so many releases: status has to read from where it was opened. */
const OPEN_SINCE_RELEASES = 4;
/** A real release writes some forty entries; this is about their size. */
const STEPS = 15;

/**
 * Makes an environment `prod` with a function, alarms and a history, as a rehearsal leaves it, and a repository that it belongs to.
 *
 * @param releases how many there were
 */
export async function releasedPlace(
  { folder, dataDir }: { readonly folder: string; readonly dataDir: string },
  settings: ClientSettings,
  releases: number,
): Promise<void> {
  await writeRepository(folder);
  await writeBootstrapState(dataDir);
  await putState(settings);
  await makeFunction(settings);
  await makeAlarms(settings);
  await makeHistory(settings, releases);
}

async function writeRepository(folder: string): Promise<void> {
  for (const each of ["tf/bootstrap", "tf/prod", "f"]) {
    await mkdir(join(folder, each), { recursive: true });
  }
  const config = {
    ...{ project: "bench", region, infrastructure: "tf" },
    bootstrap: { directory: "tf/bootstrap", outputs: { stateBucket: "bucket", ledgerTable: "ledger" } },
    environments: {
      prod: {
        terraform: { directory: "tf/prod", stateKey: "prod/terraform.tfstate" },
        functions: [
          {
            ...{ name: "hello", directory: "f", build: ["true"], artifact: "f/out" },
            outputs: { functionName: "function", alias: "alias", artifactBucket: "bucket" },
          },
        ],
        api: { urlOutput: "url" },
        smoke: { steps: [{ name: "alive", method: "GET", path: "/", expect: { status: 200 } }] },
      },
    },
  };
  await writeFile(join(folder, "slipway.config.ts"), `export default ${JSON.stringify(config)};\n`);
}

const outputs = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, type: "string", sensitive: false }]),
  );

async function writeBootstrapState(dataDir: string): Promise<void> {
  const file = join(dataDir, "state/rehearsal/tf/bootstrap/terraform.tfstate");
  await mkdir(dirname(file), { recursive: true });
  const state = { version: 4, serial: 1, outputs: outputs({ bucket: STATES, ledger: LEDGER }), resources: [] };
  await writeFile(file, JSON.stringify(state));
}

async function putState(settings: ClientSettings): Promise<void> {
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const resource = (type: string, name: string, attributes: object) => ({
    ...{ mode: "managed", type, name, provider: "p", instances: [{ attributes }] },
  });
  const resources = [
    resource("aws_lambda_function", "hello", { function_name: functionName, timeout: 3 }),
    ...Array.from({ length: ALARMS }, (_, n) =>
      resource("aws_cloudwatch_metric_alarm", `a${n}`, { alarm_name: `bench-${n}` }),
    ),
  ];
  const values = outputs({ function: functionName, alias: "live", url: API_URL });
  try {
    await s3.send(new CreateBucketCommand({ Bucket: STATES }));
    const Body = JSON.stringify({ version: 4, serial: 1, outputs: values, resources });
    await s3.send(new PutObjectCommand({ Bucket: STATES, Key: "prod/terraform.tfstate", Body }));
  } finally {
    s3.destroy();
  }
}

async function makeFunction(settings: ClientSettings): Promise<void> {
  await createFunction(helloFolder, settings);
  const lambda = new LambdaClient(settings);
  try {
    await lambda.send(new PublishVersionCommand({ FunctionName: functionName }));
    await lambda.send(new CreateAliasCommand({ FunctionName: functionName, Name: "live", FunctionVersion: "1" }));
  } finally {
    lambda.destroy();
  }
}

async function makeAlarms(settings: ClientSettings): Promise<void> {
  const cloudwatch = new CloudWatchClient(settings);
  try {
    for (let n = 0; n < ALARMS; n += 1) {
      await cloudwatch.send(
        new PutMetricAlarmCommand({
          ...{ AlarmName: `bench-${n}`, Namespace: "AWS/Lambda", MetricName: "Errors", Statistic: "Sum" },
          ...{ EvaluationPeriods: 1, Period: 300, Threshold: 0, ComparisonOperator: "GreaterThanThreshold" },
        }),
      );
    }
  } finally {
    cloudwatch.destroy();
  }
}

async function makeHistory(settings: ClientSettings, releases: number): Promise<void> {
  const dynamodb = new DynamoDBClient(settings);
  try {
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
    await waitUntilTableExists({ client: dynamodb, maxWaitTime: 30, minDelay: 1 }, { TableName: LEDGER });
    const ledger = openLedger(new DynamoLedgerTable(dynamodb, LEDGER), {
      ...{ environment: "prod", clock: systemClock, leaseClock: systemClock, redactor: createRedactor() },
      leaseSeconds: 60,
    });
    for (let n = 1; n <= releases; n += 1) {
      for (const body of releaseBodies(n)) {
        await ledger.append({ by: { name: "bench" }, release: `r${n}`, body });
      }
      if (n === releases - OPEN_SINCE_RELEASES) {
        for (const body of incidentBodies()) {
          await ledger.append({ by: { name: "bench" }, release: null, body });
        }
      }
    }
  } finally {
    dynamodb.destroy();
  }
}

/** Somebody is at it: otherwise status would need somebody, and end so. */
function incidentBodies(): LedgerBody[] {
  return [
    {
      ...{ type: "incident.opened", incident: "i1", title: "Some answers are slow", severity: 4, openedBy: "person" },
      ...{ reasons: ["2 of 400 customers say so"], startedAt: new Date().toISOString(), signals: [] },
    },
    { type: "incident.acknowledged", incident: "i1" },
  ];
}

function releaseBodies(n: number): LedgerBody[] {
  const steps = Array.from({ length: STEPS }, (_, index): PlannedStep => {
    const common = { guide: "Phase 2: Lambda Deployment", undo: "slipway rollback puts the traffic back" };
    return index === STEPS - 1
      ? { id: "traffic.promote", kind: "traffic.promote", title: "give it all of the traffic", ...common }
      : { id: `code.prove.f${index}`, kind: "code.prove", title: `prove function ${index}`, ...common };
  });
  const hash = n.toString(16).padStart(40, "0");
  const plan = {
    ...{ version: 1 as const, environment: "prod", release: `r${n}`, previous: n === 1 ? null : `r${n - 1}`, steps },
    source: { commit: hash, tree: hash, dirty: false },
  };
  const evidence = Array.from({ length: 20 }, (_, index) => ({
    ...{ check: `checklist.check-${index}`, title: "what is demanded of it", status: "pass" as const },
    ...{ found: "and what was found, in a sentence of some length", at: new Date(0).toISOString() },
  }));
  const functions = [
    {
      ...{ name: "hello", functionName, alias: "live", version: "1", previousVersion: "1" },
      artifactSha256: hash.padStart(64, "0"),
    },
  ];
  return [
    { type: "release.started", plan, authors: ["bench"] },
    { type: "evidence", step: "checklist", evidence },
    ...steps.flatMap(({ id, kind }): LedgerBody[] => [
      { type: "step.started", step: id, kind, attempt: 1 },
      { type: "step.finished", step: id, kind, outcome: "done", summary: "done as planned", durationMs: 1 },
    ]),
    { type: "release.ended", outcome: "live", reason: "all of the traffic goes to it", functions },
  ];
}
