import { CreateTableCommand, DynamoDBClient, PutItemCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import type { DestructionResult } from "@slipway/release-engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockRehearsal } from "../rehearsal/rehearsal-lock.ts";
import { golden } from "../test/golden.ts";
import { freePort, type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { runSlipway } from "../test/run-slipway.ts";
import { type StateFixture, stateFixture } from "../test/state-fixture.ts";

let fixture: LocalAwsFixture;
let aws: StateFixture;

beforeAll(async () => {
  fixture = await localAwsFixture();
  aws = await stateFixture(fixture.localAws.endpoint);
});

afterAll(async () => {
  aws?.close();
  await fixture.close();
});

const port = () => String(fixture.localAws.port);

describe("slipway destroy", () => {
  it.each<[string, string[], RegExp]>([
    ["no environment", [], /missing required argument 'environment'/],
    ["an unknown environment", ["qa"], /environment: there is no 'qa' in .*It has dev, staging, prod\./],
    ["an age that is none", ["prod", "--backup-max-age", "old"], /--backup-max-age: 'old' is no duration/],
    ["a port that is none", ["prod", "--port", "x"], /--port: 'x' is no port/],
    ["an unknown flag", ["prod", "--force"], /unknown option '--force'/],
  ])("answers %s with exit code 2, and what is wrong", async (_name, words, message) => {
    const { code, stdout, stderr } = await runSlipway(["destroy", ...words]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  it("says what to type where no local AWS runs, or nothing was rehearsed on it", async () => {
    const empty = String(await freePort());
    expect(await runSlipway(["destroy", "prod", "--check", "--port", empty])).toEqual({
      code: 2,
      stdout: "",
      stderr: `slipway: No local AWS answers on port ${empty}. Start and fill it with \`slipway rehearse --port ${empty}\`, or leave --local and --port out to work on AWS.\n`,
    });

    const holds = async () => JSON.parse((await fixture.local("status", "--output", "json")).stdout).holds;
    const before = await holds();
    const said = await runSlipway(["destroy", "prod", "--check", "--port", port()], { env: process.env });
    expect(said).toEqual({
      code: 2,
      stdout: "",
      stderr: `slipway: Nothing was rehearsed on local AWS at ${fixture.localAws.endpoint} yet. Rehearse it first: slipway rehearse prod --once --port ${port()}\n`,
    });
    expect(await holds(), "a look makes nothing").toEqual(before);
  });

  it("waits for nobody: another command at work is named, and a failure leaves no lock behind", async () => {
    const words = ["destroy", "prod", "--check", "--port", port()];
    const unlock = lockRehearsal(fixture.dataDir);
    const busy = await runSlipway(words, { env: process.env });
    unlock();
    expect(busy.code).toBe(2);
    expect(busy.stderr).toMatch(new RegExp(`^slipway: Another rehearsal \\(process ${process.pid}\\) works on `));

    await runSlipway(words, { env: process.env });
    lockRehearsal(fixture.dataDir)();
  });

  it.each([["--check"], ["--confirm", "destroy prod"]])(
    "says that there is no state, and does not call that fine (%s)",
    async (...flags) => {
      const { code, stdout } = await aws.run(["destroy", "prod", ...flags]);
      expect(code).toBe(2);
      expect(stdout).toContain("UNKNOWN  It is known what there is to destroy");
      expect(stdout).toMatch(/there is no state s3:\/\/terraform-state\/prod\/terraform\.tfstate/);
      expect(stdout.replace(/\s+/g, " ")).toContain("prod on the AWS at");
      expect(stdout.replace(/\s+/g, " ")).toContain("has no state. Nothing was changed.");
    },
  );

  it("has nothing to do where the state is empty", async () => {
    await aws.putState("staging", []);
    for (const flags of [["--check"], []]) {
      const { code, stdout } = await aws.run(["destroy", "staging", ...flags]);
      expect(code).toBe(0);
      expect(stdout.replace(/\s+/g, " ")).toContain("Nothing to do: the state of staging on the AWS at");
    }
  });

  it("says what stands in the way, and what to type in full, in 80 columns", async () => {
    const dynamodb = new DynamoDBClient({
      ...{ region: "us-east-1", endpoint: fixture.localAws.endpoint, credentials: aws.credentials },
    });
    const TableName = "items-prod";
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    await waitUntilTableExists({ client: dynamodb, maxWaitTime: 20, minDelay: 1 }, { TableName });
    await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: "1" } } }));
    dynamodb.destroy();
    await aws.putState("prod", [{ type: "aws_dynamodb_table", attributes: { id: TableName, name: TableName } }]);

    const { code, stdout } = await aws.run(["destroy", "prod", "--check", "--backup-max-age", "2h"]);

    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {5}The destruction is confirmed$/m);
    expect(stdout).toMatch(/^FAIL {5}items-prod has a fresh backup$/m);
    expect(stdout).toMatch(/^FAIL {5}items-prod holds no data$/m);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    const flags = "--backup --backup-max-age 2h --discard-data items-prod --confirm 'destroy prod'";
    expect(stdout.replace(/ \\\n\s+/g, " ")).toContain(
      `To destroy it all the same:\n  slipway destroy prod ${flags}\n`,
    );

    const words = ["destroy", "prod", "--output", "json", "--confirm", "yes", "--discard-data", "items-prod"];
    const json = await aws.run(words);
    const report = JSON.parse(json.stdout) as DestructionResult & { environment: string; next: string };
    expect(json.code).toBe(1);
    await golden("destroy", report);
    expect(report).toMatchObject({ environment: "prod", stateFound: true, allowed: false, backups: [], left: [] });
    expect(report.resources).toEqual({ aws_dynamodb_table: 1 });
    expect(report.next).toBe("slipway destroy prod --backup --discard-data items-prod --confirm 'destroy prod'");
  });

  it("is interrupted by Ctrl-C, which is neither a verdict nor a bug", async () => {
    const { code, stdout, stderr } = await aws.run(["destroy", "prod", "--check"], AbortSignal.abort());
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toMatch(/interrupted; nothing was changed/);
  });
});
