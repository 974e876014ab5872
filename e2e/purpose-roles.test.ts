import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type AlarmType, CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { TerraformCli } from "@slipway/aws";
import type { Evidence, RehearsalReport } from "@slipway/contracts";
import type { RequestLogEntry } from "@slipway/local-aws";
import { type AlarmDrill, checkRecord, type ListedTableBackup } from "@slipway/release-engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duties } from "./purpose-roles/duties.ts";
import { forbiddenActions } from "./purpose-roles/forbidden-actions.ts";
import { policiesOfRoles, type RolePolicies } from "./purpose-roles/policies-of-roles.ts";
import type { RehearsedEnvironment } from "./purpose-roles/rehearsed-environment.ts";
import type { RoleClients, RoleName } from "./purpose-roles/role-clients.ts";
import { EXECUTION_ROLE, REPOSITORY, RoleSessionsOfProduction } from "./purpose-roles/role-sessions-of-production.ts";
import { objectText, outputsOf } from "./purpose-roles/state-outputs.ts";
import { testTokens } from "./purpose-roles/test-tokens.ts";
import {
  type Asked,
  askedSoFar,
  unneededIdentityStatements,
  unneededResourceStatements,
} from "./purpose-roles/unneeded-statements.ts";
import { isAboutOurs, isOurs, isWrittenByUs, overPlainHttp } from "./purpose-roles/what-counts.ts";
import { type Production, takeToProduction, testNpmStart } from "./start/npm-start.ts";
import { testValidation } from "./start/validate-after-start.ts";
import { eventually } from "./support/eventually.ts";
import { freePort } from "./support/free-port.ts";
import { readItemsDefinition } from "./support/items-definition.ts";
import type { LocalAwsProcess } from "./support/local-aws-process.ts";
import { definitionOf, pickKeys, recordsOf } from "./support/records-of.ts";
import { readSetupRecord } from "./support/repository.ts";
import { mustSlipway, slipway } from "./support/slipway.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** Where a rehearsal keeps its working copy of the bootstrap. */
const BOOTSTRAP = "state/rehearsal/infrastructure/bootstrap";

const folder = temporaryFolder("purpose-roles");
/** What was asked before `npm start` was stopped and typed again: a local AWS knows what it was asked since its start. */
let askedBefore: readonly Asked[];
let localAws: LocalAwsProcess;
let report: RehearsalReport;
let environment: RehearsedEnvironment;
let roles: readonly RolePolicies[];
const sessions = new RoleSessionsOfProduction(() => ({ localAws, environment }));

const port = () => String(localAws.port);

// One after the other: each builds on what the one before has left.
describe("the purpose roles", () => {
  const production = {} as Production;

  beforeAll(async () => {
    Object.assign(production, await takeToProduction(await freePort(), folder.path));
    ({ localAws, report } = production);
  });

  afterAll(async () => {
    sessions.close();
    await production.localAws?.stop();
    folder.remove();
  });

  test("take the environment to production, each with what its purpose needs and never as root", async () => {
    const bootstrap = outputsOf(readFileSync(join(localAws.dataDir, BOOTSTRAP, "terraform.tfstate"), "utf8"));
    const prod = outputsOf(await objectText(localAws, "terraform-state", "prod/terraform.tfstate"));
    environment = {
      accountId: "000000000000",
      region: "us-east-1",
      bucketPrefix: "",
      apiId: String(prod.api_id),
      apiUrl: report.apiUrl,
      executionRoleArn: String(prod.execution_role_arn),
      stateKmsKeyArn: String(bootstrap.state_kms_key_arn),
      ledgerKmsKeyArn: String(bootstrap.ledger_kms_key_arn),
    };
    roles = await policiesOfRoles(localAws);
    askedBefore = await askedSoFar(localAws);

    expect(Object.keys(report.roles).sort()).toEqual(["bootstrap", "deploy", "operate", "plan", "provision"]);
    const asRoot = requests().filter(({ principal }) => principal?.endsWith(":root"));
    const administrator = ["GetRole", "CreateRole", "GetRolePolicy", "PutRolePolicy", "AssumeRole"];
    const test = [
      "GetObject",
      "ListObjectsV2",
      "ListRoles",
      "ListRolePolicies",
      "ListAttachedRolePolicies",
      "GetPolicy",
      "GetPolicyVersion",
    ];
    expect(asRoot.filter(({ operation }) => ![...administrator, ...test].includes(operation))).toEqual([]);
  });

  describe("under which npm start", () => {
    testNpmStart(production);

    afterAll(() => {
      ({ localAws } = production);
    });
  });

  test("find production well afterwards, and as its code says", async () => {
    const { code, stdout, stderr } = await slipway(["validate", "prod", "--port", port(), "--output", "json"]);
    const { verdict, evidence } = JSON.parse(stdout) as { verdict: string; evidence: Evidence[] };
    expect(evidence.filter(({ status }) => status !== "pass")).toEqual([]);
    expect({ code, verdict }, stderr).toEqual({ code: 0, verdict: "pass" });
    expect(evidence).toContainEqual(
      expect.objectContaining({ check: "deployment.no-drift", found: "a plan has nothing to do" }),
    );
    expect(evidence.length).toBeGreaterThan(20);
  });

  // Before the duties, which write into the ledger what Slipway does not.
  test("back production up by the clock, and what was backed up can be restored", async () => {
    // An empty table proves nothing about its backup.
    const made = await fetch(`${report.apiUrl}/items`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "kept" }),
    });
    expect(made.status).toBe(201);
    const { clock } = await localAws.control<{ clock: string }>("GET", "clock");
    const nextNight = Date.parse(`${clock.slice(0, 10)}T03:00:05Z`);
    const wait = nextNight - Date.parse(clock);
    await localAws.control("POST", "clock", { advanceMs: wait < 0 ? wait + 86_400_000 : wait });
    const listed = await mustSlipway(["backup", "prod", "list", "--port", port(), "--output", "json"]);
    const { tables } = JSON.parse(listed) as {
      tables: { backups: (Omit<ListedTableBackup, "createdAt"> & { createdAt: string })[] }[];
    };
    const scheduled = (tables[0]?.backups ?? []).filter(({ isScheduled }) => isScheduled);
    const [newest] = scheduled;
    expect(newest?.createdAt).toMatch(/T03:00:0/);
    await eventually(async () => {
      const calls = requests().filter(({ operation }) => operation === "CreateBackup");
      expect(calls.at(-1)?.principal).toMatch(/assumed-role\/items-prod-backup-execution\//);
    });

    const verified = await mustSlipway(["backup", "prod", "verify", "--backup", newest?.name ?? "", "--port", port()]);
    expect(verified).toMatch(/can\s+be\s+relied\s+on/);
    const { dynamoDb } = await sessions.clientsOf("provision");
    const { DeleteBackupCommand } = await import("@aws-sdk/client-dynamodb");
    for (const { arn } of scheduled) {
      await dynamoDb.send(new DeleteBackupCommand({ BackupArn: arn }));
    }
  });

  test("do the other duties that they are there for", async () => {
    const administrator = sessions.administrator();
    for (const { role, what, perform, undo } of duties(environment)) {
      await expect(perform(await sessions.clientsOf(role)), `${role} ${what}`).resolves.not.toThrow();
      await undo?.(administrator);
    }
  });

  test("are told of every alarm of production: each goes off, tells the topic, and comes back", async () => {
    const described = async () => {
      const cloudwatch = new CloudWatchClient(localAws.client);
      const AlarmTypes = ["MetricAlarm", "CompositeAlarm"] as AlarmType[];
      const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(
        new DescribeAlarmsCommand({ AlarmTypes }),
      );
      cloudwatch.destroy();
      return [...MetricAlarms, ...CompositeAlarms];
    };
    const before = await described();
    expect(before.map(({ AlarmName }) => AlarmName).sort()).toEqual([
      "api-handler-prod-concurrency",
      "api-handler-prod-dead-letters",
      "api-handler-prod-duration",
      "api-handler-prod-errors",
      "api-handler-prod-throttles",
      "items-api-prod-5xx",
      "items-api-prod-down",
      "items-api-prod-latency",
      "items-api-prod-unavailable",
      "items-prod-backups",
      "items-prod-throttling",
    ]);

    const { code, stdout, stderr } = await slipway(["local", "alarm-drill", "--port", port(), "--output", "json"]);
    const { drills } = JSON.parse(stdout) as { drills: AlarmDrill[] };
    expect(code, stdout + stderr).toBe(0);
    expect(drills.map(({ alarm }) => alarm).sort()).toEqual(before.map(({ AlarmName }) => AlarmName).sort());
    for (const { alarm, goesOff, recovers, actions, found } of drills) {
      expect({ goesOff, recovers }, found).toEqual({ goesOff: true, recovers: true });
      // One speaks through the composite alarm only; the others tell the topic, which is encrypted.
      expect(actions, alarm).toEqual(
        alarm === "items-api-prod-unavailable"
          ? []
          : [{ action: expect.stringMatching(/:items-alarms-prod$/), succeeded: true }],
      );
    }
    const states = (alarms: typeof before) => alarms.map(({ AlarmName, StateValue }) => `${AlarmName} ${StateValue}`);
    expect(states(await described())).toEqual(states(before));
  });

  test("cannot do any of the forbidden actions", async () => {
    const actions = forbiddenActions(environment);
    expect(actions.length).toBeGreaterThanOrEqual(40);
    const clients = new Map<RoleName, RoleClients>();
    for (const role of new Set(actions.map((action) => action.role))) {
      clients.set(role, await sessions.clientsOf(role));
    }
    const denials = await Promise.all(
      actions.map(async ({ role, what, attempt }) => {
        const answer = await attempt(clients.get(role) as RoleClients).then(
          () => "done",
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        );
        return `${role} ${what}: ${answer}`;
      }),
    );
    expect(denials).toEqual(
      actions.map(({ role, what, action, resource }) =>
        expect.stringMatching(
          new RegExp(
            `^${literally(`${role} ${what}: User: `)}\\S+ is not authorized to perform: ${literally(action)} on resource: "?${literally(resource)}"? `,
          ),
        ),
      ),
    );
  });

  testTokens(sessions);

  test("without dynamodb:PutItem a POST fails with a logged denial, and its answer gives nothing away", async () => {
    const iam = new IAMClient(localAws.client);
    const inline = roles.find(({ arn }) => arn.endsWith(`/${EXECUTION_ROLE}`))?.identity[0];
    const PolicyName = inline?.name.split("/")[1];
    const name = { RoleName: EXECUTION_ROLE, PolicyName };
    const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand(name));
    const document = decodeURIComponent(PolicyDocument);
    const crippled = document.replace(/"dynamodb:PutItem",?/, "");
    expect(crippled).not.toBe(document);
    await iam.send(new PutRolePolicyCommand({ ...name, PolicyDocument: crippled }));
    const create = () =>
      fetch(`${report.apiUrl}/items`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name: "denied" }),
      });
    try {
      const answer = await create();
      const text = await answer.text();
      expect(answer.status).toBe(500);
      expect(text).not.toMatch(/dynamodb|AccessDenied|not authorized|arn:|items-prod|role/i);
      const { logs } = await sessions.clientsOf("operate");
      const { FilterLogEventsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
      await eventually(async () => {
        const { events = [] } = await logs.send(
          new FilterLogEventsCommand({ logGroupName: "/aws/lambda/api-handler-prod", filterPattern: '"AccessDenied"' }),
        );
        expect(events.map(({ message = "" }) => message).join("\n")).toMatch(
          /assumed-role\/api-handler-prod-execution\/api-handler-prod is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table\/items-prod/,
        );
      });
    } finally {
      await iam.send(new PutRolePolicyCommand({ ...name, PolicyDocument: document }));
      iam.destroy();
    }
    expect((await create()).status).toBe(201);
  });

  test("migrate the records of production, which are then as data/tables/items.json says", async () => {
    const stdout = await mustSlipway(["migrate", "prod", "--port", port(), "--output", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ environment: "prod", mode: "run", done: true },
      tables: [{ tableName: "items-prod", migrations: [{ id: "0001-kind-of-record", outcome: "done" }] }],
    });
    // The log of requests is written a moment after they are answered.
    await eventually(async () => {
      const scans = requests().filter(({ service, operation }) => service === "dynamodb" && operation === "Scan");
      expect(scans.at(-1)?.principal).toMatch(/assumed-role\/slipway-prod-migrate\//);
    });

    const dynamoDb = new DynamoDBClient(localAws.client);
    const definition = readItemsDefinition();
    expect(await definitionOf(dynamoDb, "items-prod")).toEqual(pickKeys(definition));
    const records = await recordsOf(dynamoDb, "items-prod");
    dynamoDb.destroy();
    expect(records.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["item", "idempotency", "migration"]));
    expect(records.flatMap((record) => checkRecord(definition, record).map((why) => `${record.id} ${why}`))).toEqual(
      [],
    );
  });

  testValidation(production);

  test("do not destroy production without the words, a fresh backup, and the data given up", async () => {
    const destroy = (...words: string[]) => slipway(["destroy", "prod", "--port", port(), ...words]);
    const bare = await destroy();
    expect(bare.code).toBe(1);
    expect(bare.stdout).toMatch(/^FAIL {5}The destruction is confirmed\n.*nothing was typed/m);
    expect(bare.stdout).toMatch(/^FAIL {5}items-prod has a fresh backup\n.*no on-demand backup/m);
    expect(bare.stdout).toMatch(/^FAIL {5}items-prod holds no data\n +it holds data/m);
    expect(bare.stdout).toContain("REFUSED: prod on local AWS");

    const confirmed = ["--confirm", "destroy prod", "--backup"];
    const withData = await destroy(...confirmed);
    expect(withData.code).toBe(1);
    expect(withData.stdout).toMatch(/^FAIL {5}items-prod holds no data/m);
    const wrongWords = await destroy("--confirm", "yes", "--discard-data", "items-prod");
    expect(wrongWords.stdout).toContain('"yes" is not "destroy prod"');
    expect((await fetch(`${report.apiUrl}/health`)).status, "nothing has been touched").toBe(200);
    const { dynamoDb } = await sessions.clientsOf("provision");
    const { DeleteTableCommand } = await import("@aws-sdk/client-dynamodb");
    await expect(dynamoDb.send(new DeleteTableCommand({ TableName: "items-prod" }))).rejects.toThrow(
      "protected against deletion",
    );
  });

  test("destroy it with all three, and nothing is left but what was backed up", async () => {
    const given = ["--confirm", "destroy prod", "--backup", "--discard-data", "items-prod"];
    const { code, stdout, stderr } = await slipway(["destroy", "prod", "--port", port(), ...given]);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/and none\s+is left\./);
    const left = Object.values(await localAws.inventory()).flat();
    expect(left.filter((resource) => /prod/.test(resource) && !/slipway-prod-/.test(resource))).toEqual([
      expect.stringMatching(/^AWS::DynamoDB::Backup items-prod-before-destroy-\w+ of items-prod$/),
    ]);
  });

  test("leave a trail: who read and wrote the states is in the access logs", async () => {
    await localAws.control("POST", "clock", { advanceMs: 10 * 60_000 });
    const { ListObjectsV2Command, S3Client } = await import("@aws-sdk/client-s3");
    const s3 = new S3Client({ ...localAws.client, forcePathStyle: true });
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "access-logs" }));
    expect(Contents.length).toBeGreaterThan(0);
    s3.destroy();
  });

  test("take the bootstrap down, too, under the role that made it", async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = await sessions.bootstrapCredentials();
    const setup = readSetupRecord();
    const terraform = new TerraformCli({
      binary: setup.terraform.path,
      pluginDir: setup.provider.source === "mirror" ? setup.provider.dir : undefined,
      env: {
        ...localAws.env,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
      },
    });
    const onLine = () => {};
    const directory = join(localAws.dataDir, BOOTSTRAP);
    const workspace = await terraform.init({ directory, onLine });
    const planFile = join(directory, "destroy.tfplan");
    const lifted = { force_destroy: true, deletion_protection: false };
    const variables = { bucket_prefix: "", github_repository: REPOSITORY, github_branch: "main", ...lifted };
    for (const destroy of [false, true]) {
      await workspace.plan({ planFile, variables, destroy, onLine });
      await workspace.apply({ planFile, onLine });
    }
    const left = Object.values(await localAws.inventory()).flat();
    expect(left).toEqual([expect.stringMatching(/^AWS::DynamoDB::Backup /), "AWS::IAM::Role slipway-bootstrap"]);
  });

  test("have no statement that nobody would miss", async () => {
    const allowed = [...askedBefore, ...(await askedSoFar(localAws))];
    const asked: readonly Asked[] = [...allowed, ...overPlainHttp(allowed)];
    const identity = await unneededIdentityStatements(localAws, roles.filter(isOurs), asked);
    expect(identity.tried).toBeGreaterThan(60);
    expect(identity.unneeded).toEqual([]);
    const resource = await unneededResourceStatements(localAws, roles, asked.filter(isAboutOurs).filter(isWrittenByUs));
    expect(resource.tried).toBeGreaterThan(10);
    expect(resource.unneeded).toEqual([]);
  });
});

function requests(): RequestLogEntry[] {
  return readFileSync(join(localAws.dataDir, "requests.log"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as RequestLogEntry);
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
