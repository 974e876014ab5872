import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { runSlipway } from "../test/run-slipway.ts";
import { type StateFixture, stateFixture } from "../test/state-fixture.ts";
import { temporaryRepository } from "../test/temporary-repository.ts";

/** Somebody else's repository without roles, whose bootstrap and whose environment are there as a rehearsal leaves them. */
let aws: LocalAwsFixture;
let states: StateFixture;
let repository: ReturnType<typeof temporaryRepository>;

const write = (path: string, content: object | string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
};

beforeAll(async () => {
  aws = await localAwsFixture();
  states = await stateFixture(aws.localAws.endpoint);
  repository = temporaryRepository();
  const environment = (name: string) => ({
    terraform: { directory: `tf/${name}`, stateKey: `${name}/terraform.tfstate` },
    functions: [
      {
        ...{ name: "orders", directory: "f", build: ["true"], artifact: "f/out" },
        outputs: { functionName: "a", alias: "b", artifactBucket: "c" },
      },
    ],
    api: { urlOutput: "url" },
    smoke: { steps: [{ name: "alive", method: "GET", path: "/", expect: { status: 200 } }] },
  });
  const config = {
    ...{ project: "orders", region: "us-east-1", infrastructure: "tf" },
    bootstrap: {
      ...{ directory: "tf/bootstrap", outputs: { stateBucket: "bucket" }, state: { bucket: "terraform-state" } },
      policy: { file: "tf/bootstrap/policy.json", replace: {} },
    },
    environments: { live: environment("live"), bare: environment("bare") },
  };
  write(join(repository.path, "slipway.config.ts"), `export default ${JSON.stringify(config)};\n`);
  for (const folder of ["tf/bootstrap", "tf/live", "tf/bare", "f"]) {
    write(join(repository.path, folder, "README.md"), "");
  }
  write(join(repository.path, "tf/bootstrap/policy.json"), { Version: "2012-10-17", Statement: [] });
  await states.putState("live", [
    { type: "aws_cloudwatch_metric_alarm", attributes: { alarm_name: "orders" } },
    { type: "aws_dynamodb_table", attributes: { name: "orders" } },
  ]);
  const cloudwatch = new CloudWatchClient({
    ...{ region: "us-east-1", endpoint: aws.localAws.endpoint, credentials: states.credentials },
  });
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName: "orders", Namespace: "Orders", MetricName: "lost", Statistic: "Sum", Period: 60 },
      ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" },
    }),
  );
  cloudwatch.destroy();
});

afterAll(async () => {
  states?.close();
  await aws?.close();
  repository?.remove();
});

async function rolesOf(endpoint: string): Promise<readonly string[]> {
  const iam = new IAMClient({ region: "us-east-1", endpoint, credentials: states.credentials });
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  iam.destroy();
  return Roles.map(({ RoleName = "" }) => RoleName);
}

const alarms = (environment: string) =>
  runSlipway(["alarms", environment, "--port", String(aws.localAws.port), "--output", "json"], {
    cwd: repository.path,
  });

test("before anything was rehearsed, it says how to", async () => {
  const { code, stderr } = await alarms("live");
  expect(code).toBe(2);
  expect(stderr).toContain(`Rehearse it first: slipway rehearse live --once --port ${aws.localAws.port}`);
});

test("on local AWS, the state bucket is the bootstrap's, and the time is that of its clock", async () => {
  const outputs = { bucket: { value: "terraform-state", type: "string", sensitive: false } };
  const file = join(aws.dataDir, "state", "rehearsal", "tf/bootstrap", "terraform.tfstate");
  write(file, { version: 4, serial: 1, outputs, resources: [] });
  await aws.local("clock", "advance", "48h");

  const { code, stdout, stderr } = await alarms("live");
  expect(code, stderr).toBe(0);
  const report = JSON.parse(stdout) as { now: string; target: string; alarms: { name: string }[] };
  expect(report.target).toBe(`local AWS at ${aws.localAws.endpoint}`);
  expect(report.alarms.map(({ name }) => name)).toEqual(["orders"]);
  expect(Date.parse(report.now) - Date.now()).toBeGreaterThan(47 * 3_600_000);

  // A time that this machine's clock has not reached.
  const since = new Date(Date.now() + 47.5 * 3_600_000).toISOString();
  const where = ["--port", String(aws.localAws.port), "--since", since];
  const metrics = await runSlipway(["metrics", "live", ...where], { cwd: repository.path });
  expect(metrics.code, metrics.stderr).toBe(0);
  expect(metrics.stdout).toMatch(/^table orders +read units +no data$/m);

  // So where AWS_ENDPOINT_URL leads there, as it does for AWS CLI.
  const byVariable = await runSlipway(["alarms", "live", "--output", "json"], {
    cwd: repository.path,
    env: { ...process.env, AWS_ENDPOINT_URL: aws.localAws.endpoint },
  });
  expect(byVariable.code, byVariable.stderr).toBe(0);
  expect(Date.parse(JSON.parse(byVariable.stdout).now) - Date.now()).toBeGreaterThan(47 * 3_600_000);

  // Who looks makes nobody, not even the role that applied the bootstrap.
  expect(await rolesOf(aws.localAws.endpoint)).toEqual([]);

  const bare = await alarms("bare");
  expect(bare.code).toBe(2);
  expect(bare.stderr).toMatch(
    /bare is not deployed on local AWS at .*s3:\/\/terraform-state\/bare\/terraform\.tfstate does not exist/,
  );
});
