import { join } from "node:path";
import { APIGatewayClient, DeleteRestApiCommand } from "@aws-sdk/client-api-gateway";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { DeleteFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { awsCli } from "./support/aws-cli.ts";
import { bundleFunction } from "./support/bundle-function.ts";
import { createFunction } from "./support/create-function.ts";
import { createProxyApi } from "./support/create-proxy-api.ts";
import { eventually } from "./support/eventually.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import { mustSlipway, slipway } from "./support/slipway.ts";

let localAws: LocalAwsProcess;
let dynamodb: DynamoDBClient;
let s3: S3Client;
let iam: IAMClient;
let apiUrl: string;
let apiId: string;

beforeAll(async () => {
  localAws = await LocalAwsProcess.start();
  // Once: a second attempt would hide a request that failed.
  const client = { ...localAws.client, maxAttempts: 1 };
  dynamodb = new DynamoDBClient(client);
  s3 = new S3Client({ ...client, forcePathStyle: true });
  iam = new IAMClient(client);
  await makeTable("things");
  await put("things", "first", "as it was");
  await s3.send(new CreateBucketCommand({ Bucket: "things" }));
  await s3.send(new PutObjectCommand({ Bucket: "things", Key: "a/b.txt", Body: "as it was" }));
  const functionArn = await createFunction(client, {
    name: "greeter",
    code: await bundleFunction(join(import.meta.dirname, "snapshot/greeter.ts"), "index"),
    variables: { GREETING: "hello", TABLE: "things" },
    allow: [{ Action: "dynamodb:GetItem", Resource: "*" }],
  });
  apiId = await createProxyApi(client, { name: "greetings", functionArn, stage: "live" });
  apiUrl = localAws.stageUrl(apiId, "live");
});

afterAll(async () => {
  await localAws?.stop();
});

/** `slipway local WORDS... --port N`, which has to succeed. */
function local(...words: string[]): Promise<string> {
  return mustSlipway(["local", ...words, "--port", String(localAws.port)]);
}

async function makeTable(TableName: string): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    }),
  );
}

async function put(TableName: string, id: string, text: string): Promise<void> {
  await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, text: { S: text } } }));
}

async function textOf(TableName: string, id: string): Promise<string | undefined> {
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: id } }, ConsistentRead: true }));
  return Item?.text?.S;
}

async function greeting(path: string): Promise<string> {
  const answer = await fetch(`${apiUrl}/${path}`);
  return `${answer.status} ${await answer.text()}`;
}

test("after a restore everything is as it was, and works", async () => {
  await iam.send(new CreateUserCommand({ UserName: "reader" }));
  const may = { Effect: "Allow", Action: "dynamodb:GetItem", Resource: "*" };
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [may] });
  await iam.send(new PutUserPolicyCommand({ UserName: "reader", PolicyName: "read", PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "reader" }));
  expect(await greeting("before")).toBe("200 hello before: as it was");
  const before = await localAws.inventory();
  await local("snapshot", "save", "before");

  await put("things", "first", "changed");
  await put("things", "second", "new");
  await dynamodb.send(new DeleteTableCommand({ TableName: "things" }));
  await makeTable("others");
  await s3.send(new PutObjectCommand({ Bucket: "things", Key: "a/b.txt", Body: "changed" }));
  await s3.send(new DeleteObjectCommand({ Bucket: "things", Key: "a/b.txt" }));
  await s3.send(new DeleteBucketCommand({ Bucket: "things" }));
  await s3.send(new CreateBucketCommand({ Bucket: "others" }));
  await new LambdaClient(localAws.client).send(new DeleteFunctionCommand({ FunctionName: "greeter" }));
  await new APIGatewayClient(localAws.client).send(new DeleteRestApiCommand({ restApiId: apiId }));
  expect(await greeting("in between")).not.toMatch(/^200/);
  expect(await localAws.inventory()).not.toEqual(before);

  await local("snapshot", "restore", "before");

  expect(await localAws.inventory()).toEqual(before);
  expect(await textOf("things", "first")).toBe("as it was");
  expect(await textOf("things", "second")).toBeUndefined();
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "things", Key: "a/b.txt" }));
  expect(await Body?.transformToString()).toBe("as it was");
  expect(await greeting("after")).toBe("200 hello after: as it was");
  const credentials = {
    accessKeyId: AccessKey?.AccessKeyId ?? "",
    secretAccessKey: AccessKey?.SecretAccessKey ?? "",
  };
  const reader = new DynamoDBClient({ ...localAws.client, credentials, maxAttempts: 1 });
  const Key = { id: { S: "first" } };
  await expect(reader.send(new GetItemCommand({ TableName: "things", Key }))).resolves.toHaveProperty("Item");
});

test("requests that come during a snapshot are late, and none fails", async () => {
  const counts = { puts: 0, gets: 0, calls: 0 };
  let isOver = false;
  const until = async (work: () => Promise<void>) => {
    while (!isOver) {
      await work();
    }
  };
  const running = [
    until(() => put("things", `put-${counts.puts++}`, "x")),
    until(async () => {
      counts.gets++;
      expect(await textOf("things", "first")).toBe("as it was");
    }),
    until(async () => {
      counts.calls++;
      expect(await greeting("during")).toBe("200 hello during: as it was");
    }),
    // One that is at work when the snapshot begins, and then asks for an item before it can end.
    (async () => expect(await greeting("slowly?wait=1500")).toBe("200 hello slowly: as it was"))(),
  ];
  try {
    await Promise.race([local("snapshot", "save", "under-load"), Promise.all(running)]);
    const atSave = { ...counts };
    // After it they go on.
    await eventually(async () => {
      expect(counts.puts).toBeGreaterThan(atSave.puts + 5);
      expect(counts.calls).toBeGreaterThan(atSave.calls + 5);
    });
  } finally {
    isOver = true;
  }
  await Promise.all(running);

  // The snapshot is of one moment: every put before its last one is in it.
  await local("snapshot", "restore", "under-load");
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: "things" }));
  const puts = Items.flatMap(({ id }) => (id?.S?.startsWith("put-") ? [Number(id.S.slice(4))] : []));
  expect(puts.sort((a, b) => a - b)).toEqual(Array.from({ length: puts.length }, (_, index) => index));
});

test("the snapshots are listed; a name that is taken or unknown is refused in one line", async () => {
  const listed = await local("snapshot", "list", "--output", "json");
  const { snapshots } = JSON.parse(listed) as { snapshots: { name: string }[] };
  expect(snapshots.map(({ name }) => name)).toEqual(["before", "under-load"]);

  const port = ["--port", String(localAws.port)];
  const [again, unknown] = await Promise.all([
    slipway(["local", "snapshot", "save", "before", ...port]),
    slipway(["local", "snapshot", "restore", "nowhere", ...port]),
  ]);
  expect(again).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/^slipway: There is already .*\n$/),
  });
  expect(unknown).toMatchObject({
    code: 1,
    stdout: "",
    stderr: "slipway: There is no snapshot 'nowhere'. There are: before, under-load.\n",
  });
  expect(await textOf("things", "first")).toBe("as it was");
});

test("a reset leaves nothing, except the way back", async () => {
  await local("reset");

  expect(await localAws.inventory()).toEqual({});
  expect(await local("status")).toMatch(/It holds nothing\./);
  expect(await greeting("nobody")).not.toMatch(/^200/);

  await local("snapshot", "restore", "before");
  expect(await greeting("again")).toBe("200 hello again: as it was");
});

describe("what an operator does from the command line reaches the clients:", () => {
  test("the clock moves, and what has expired is gone", async () => {
    await dynamodb.send(
      new UpdateTimeToLiveCommand({
        TableName: "things",
        TimeToLiveSpecification: { Enabled: true, AttributeName: "until" },
      }),
    );
    const inHours = (hours: number) => ({ N: String(Math.floor(Date.now() / 1_000) + hours * 3_600) });
    for (const [id, hours] of [
      ["tomorrow", 24],
      ["next-week", 168],
    ] as const) {
      const Item = { id: { S: id }, text: { S: "x" }, until: inHours(hours) };
      await dynamodb.send(new PutItemCommand({ TableName: "things", Item }));
    }

    // AWS deletes within days of the expiry; local AWS need not be quicker than that.
    const shown = await local("clock", "advance", "96h", "--output", "json");

    const { clock, clockOffsetMs } = JSON.parse(shown) as { clock: string; clockOffsetMs: number };
    expect(Math.abs(clockOffsetMs - 96 * 3_600_000)).toBeLessThan(10_000);
    expect(Math.abs(Date.parse(clock) - Date.now() - clockOffsetMs)).toBeLessThan(10_000);
    await eventually(async () => expect(await textOf("things", "tomorrow")).toBeUndefined());
    expect(await textOf("things", "next-week")).toBe("x");
  });

  test("planted faults hit the AWS CLI", async () => {
    const aws = await awsCli(localAws);
    const putItem = (id: string) => {
      const item = JSON.stringify({ id: { S: id }, text: { S: id } });
      const env = { ...localAws.env, AWS_MAX_ATTEMPTS: "1" };
      return aws.run(["dynamodb", "put-item", "--table-name", "things", "--item", item], { env });
    };
    const plant = (kind: string) =>
      local("faults", "add", "--kind", kind, ...["--service", "dynamodb", "--operation", "PutItem", "--count", "1"]);

    expect(await plant("throttle")).toMatch(/throttle\s+dynamodb:PutItem/);
    const throttled = await putItem("throttled");
    expect(throttled.code).not.toBe(0);
    expect(throttled.stderr).toMatch(/\(ProvisionedThroughputExceededException\)/);
    expect(await textOf("things", "throttled"), "refused, and not acted upon").toBeUndefined();

    await plant("lost-answer");
    const lost = await putItem("lost");
    expect(lost.code).not.toBe(0);
    expect(lost.stderr).toMatch(/Connection was closed|Remote end closed/);
    expect(await textOf("things", "lost"), "done, and the answer was lost").toBe("lost");

    // Both are spent.
    expect(await local("faults")).toBe("No faults are planted.\n");
    expect((await putItem("fine")).code).toBe(0);
    const requests = await local("requests", "--last", "50");
    expect(requests).toMatch(/dynamodb:PutItem .*\(planted: throttle\)/);
    expect(requests).toMatch(/cut .*dynamodb:PutItem .*\(planted: lost-answer\)/);
  });
});
