import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type FoundResource, resourceKey } from "@slipway/analysis";
import { type ResourceType, resourceTypes } from "@slipway/contracts";
import { systemClock } from "@slipway/release-engine";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { plantAccount } from "../test/plant-account.ts";
import { createInventory, type Inventory } from "./create-inventory.ts";

const tags = { team: "parcels" };

let aws: LocalAwsFixture;
let inventory: Inventory;

beforeAll(async () => {
  aws = await localAwsFixture();
  await plantAccount(aws.client);
  inventory = await open(resourceTypes);
});

afterAll(async () => {
  inventory?.destroy();
  await aws?.close();
});

afterEach(() => aws.clearFaults());

function open(types: Iterable<ResourceType>, signal = new AbortController().signal, credentials?: object) {
  return createInventory({ ...aws.client, ...credentials, clock: systemClock, signal }, types);
}

/** Everything of a type, listed to the last page and described. */
async function allOf(type: ResourceType, from = inventory): Promise<FoundResource[]> {
  const scanner = from.scanners.find((each) => each.type === type);
  const found: FoundResource[] = [];
  let page: string | undefined;
  do {
    const answer = await scanner?.list(page);
    for (const item of answer?.items ?? []) {
      found.push((await scanner?.describe(item)) ?? item);
    }
    page = answer?.next;
  } while (page !== undefined);
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const at = expect.any(Number);
const id = expect.any(String);

describe("what a scan is told of each resource", () => {
  test.each<[ResourceType, object[]]>([
    [
      "lambda-function",
      [{ id: "api", arn: "arn:aws:lambda:us-east-1:000000000000:function:api", modifiedAt: at, tags }],
    ],
    [
      "dynamodb-table",
      [
        { name: "on-demand", tags: {}, createdAt: at, facts: { bytes: 0, count: 0, deletionProtection: false } },
        // Capacity is billed for the table and for each index.
        {
          name: "provisioned",
          tags,
          facts: { deletionProtection: true, readCapacityUnits: 10, writeCapacityUnits: 4 },
        },
      ],
    ],
    ["dynamodb-backup", [{ name: "before", createdAt: at, parent: { type: "dynamodb-table", id: "on-demand" } }]],
    [
      "s3-bucket",
      [
        { id: "empty", tags: {}, use: { verdict: "idle", why: "it is empty" }, facts: { isVersioned: false } },
        {
          ...{ id: "full", tags, createdAt: at, arn: "arn:aws:s3:::full" },
          use: { verdict: "unknown", why: "it holds 2 object versions" },
          facts: { bytes: 8, count: 2, isMore: false, isVersioned: true },
        },
      ],
    ],
    [
      "log-group",
      [
        { id: "/aws/apigateway/welcome", awsOwned: "made by API Gateway for its account setting" },
        { id: "/team/busy", tags, lastUsedAt: at, arn: expect.stringMatching(/:log-group:\/team\/busy$/) },
        { id: "/team/quiet", tags, lastUsedAt: null, awsOwned: undefined },
      ],
    ],
    ["rest-api", [{ id, name: "parcels", createdAt: at, tags }]],
    [
      "api-key",
      [
        { name: "former", use: { verdict: "idle", why: "it is disabled" } },
        { name: "partner", tags, use: { verdict: "unknown", why: "enabled, for 0 stages without a usage plan" } },
      ],
    ],
    [
      "usage-plan",
      [{ name: "gold", tags, use: { verdict: "idle", why: "it is for no stage" }, facts: { apiStages: [] } }],
    ],
    [
      "iam-role",
      [
        { id: "reserved", awsOwned: "made by IAM Identity Center" },
        {
          ...{ id: "worker", tags, createdAt: at, lastUsedAt: null, awsOwned: undefined },
          facts: {
            attachedPolicyArns: ["arn:aws:iam::000000000000:policy/attached"],
            inlinePolicyNames: ["own"],
            instanceProfileNames: [],
          },
        },
      ],
    ],
    [
      "iam-policy",
      [
        {
          ...{ name: "attached", tags, use: { verdict: "used", why: expect.stringContaining("1 times") } },
          facts: { otherVersionIds: ["v1"], attachedTo: [{ kind: "role", name: "worker" }] },
        },
        { name: "idle", use: { verdict: "idle" }, facts: { otherVersionIds: [], attachedTo: [] } },
      ],
    ],
    ["oidc-provider", [{ name: "ci.example.com", tags, createdAt: at }]],
    ["kms-alias", [{ id: "alias/leaving", parent: { type: "kms-key", id }, awsOwned: undefined }]],
    ["sns-topic", [{ name: "news", arn: "arn:aws:sns:us-east-1:000000000000:news", tags }]],
    ["sqs-queue", [{ name: "orders", tags, createdAt: at, facts: { count: 1 } }]],
    [
      "schedule",
      [
        {
          ...{ id: "exports/nightly", name: "nightly", tags, createdAt: at },
          ...{ parent: { type: "schedule-group", id: "exports" }, use: { verdict: "idle", why: "it is disabled" } },
        },
      ],
    ],
    [
      "schedule-group",
      [
        { id: "default", awsOwned: "the group that every account has" },
        { id: "exports", tags, createdAt: at, awsOwned: undefined },
      ],
    ],
    [
      "metric-alarm",
      [
        { id: "fast", tags, use: { verdict: "idle" }, facts: { alarmMetrics: 1, isHighResolution: true } },
        { id: "ratio", use: { verdict: "used" }, facts: { alarmMetrics: 2, isHighResolution: false } },
      ],
    ],
    ["composite-alarm", [{ id: "all", modifiedAt: at }]],
    ["dashboard", [{ id: "overview", modifiedAt: at, tags: {} }]],
    ["query-definition", [{ id, name: "slowest", modifiedAt: at }]],
  ])("%s", async (type, expected) => {
    expect(await allOf(type)).toMatchObject(expected);
  });

  test("kms-key: one that is on its way out is leaving, a disabled one is idle, of others KMS does not say", async () => {
    const keys = await allOf("kms-key");
    const about = (what: string) => keys.find((each) => each.tags?.about === what);

    expect(about("used")).toMatchObject({ leaving: undefined, use: { verdict: "unknown" } });
    expect(about("disabled")).toMatchObject({ use: { verdict: "idle", why: "it is disabled" } });
    expect(about("leaving")?.leaving).toMatch(/^scheduled for deletion on \d{4}-\d\d-\d\d$/);
  });

  test("there is a scanner for each type", () => {
    expect(inventory.scanners.map(({ type }) => type).sort()).toEqual([...resourceTypes].sort());
    expect(inventory.account).toBe("000000000000");
  });
});

test.each(resourceTypes.filter((type) => !/api-key|usage-plan|rest-api|alias|backup|query/.test(type)))(
  "a %s that is deleted during the scan is left out",
  async (type) => {
    const scanner = inventory.scanners.find((each) => each.type === type);
    const [known] = (await scanner?.list(undefined))?.items ?? [];
    const gone = JSON.parse(
      JSON.stringify(known).replaceAll(
        known?.name ?? "",
        type === "kms-key" ? "00000000-0000-4000-8000-000000000000" : "gone",
      ),
    ) as FoundResource;

    expect(await scanner?.describe(gone)).toBeUndefined();
  },
);

describe("use by the metrics", () => {
  const from = Date.now() - 30 * 86_400_000;

  test("what nobody asked for in the time is idle; types without metrics are not judged", async () => {
    const resources = [
      ...(await allOf("dynamodb-table")),
      ...(await allOf("sqs-queue")),
      ...(await allOf("s3-bucket")),
    ];

    const uses = await inventory.usage.usesOf(resources, from, Date.now());

    const queue = resources.find(({ type }) => type === "sqs-queue") as FoundResource;
    expect(uses.get(resourceKey(queue))?.why).toMatch(/^(no|\d+) messages sent or received in 30 days$/);
    const table = resources.find(({ name }) => name === "on-demand") as FoundResource;
    expect(uses.get(resourceKey(table))).toEqual({ verdict: "idle", why: "no consumed capacity units in 30 days" });
    expect(inventory.usage.types.has("s3-bucket")).toBe(false);
    expect([...uses.keys()].some((key) => key.includes("s3-bucket"))).toBe(false);
  });

  test("a failure is an error that says what was asked", async () => {
    await aws.plantFault({ kind: "error", service: "monitoring", operation: "GetMetricData" });

    await expect(inventory.usage.usesOf(await allOf("sqs-queue"), from, Date.now())).rejects.toMatchObject({
      name: "ReleaseError",
      what: "cloudwatch:GetMetricData failed for the use of resources",
    });
  });
});

describe("what AWS does not answer", () => {
  test("is an error that names the action and the reason, never an empty list", async () => {
    const iam = new IAMClient(aws.client);
    const UserName = "no-keys";
    const Statement = [
      { Effect: "Allow", Action: "*", Resource: "*" },
      { Effect: "Deny", Action: "kms:ListKeys", Resource: "*" },
    ];
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    await iam.send(new CreateUserCommand({ UserName }));
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "p", PolicyDocument }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    iam.destroy();
    const credentials = {
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    };
    const theirs = await open(["kms-key"], undefined, { credentials });

    await expect(allOf("kms-key", theirs)).rejects.toMatchObject({
      kind: "denied",
      what: "kms:ListKeys failed for the keys",
      why: expect.stringContaining("kms:ListKeys"),
    });
    theirs.destroy();
  });

  test("ends at once when the scan is interrupted", async () => {
    const interrupt = new AbortController();
    const interrupted = await open(["sns-topic"], interrupt.signal);
    interrupt.abort(new Error("Ctrl-C"));

    await expect(allOf("sns-topic", interrupted)).rejects.toThrow();
    interrupted.destroy();
  });

  test("keeps an inventory from being opened when nobody is there", async () => {
    const nobody = { endpoint: "http://127.0.0.1:1" };

    await expect(open(["sns-topic"], undefined, nobody)).rejects.toMatchObject({
      kind: "unreachable",
      what: "sts:GetCallerIdentity failed for the credentials",
    });
  });
});

describe("states in a bucket", () => {
  test("those that are not known by name are read as one, each resource with its place", async () => {
    const s3 = new S3Client({ ...aws.client, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: "states" }));
    const resources = [
      {
        mode: "managed",
        type: "aws_sns_topic",
        name: "news",
        provider: "p",
        instances: [{ attributes: { arn: "a" } }],
      },
    ];
    const Body = JSON.stringify({ version: 4, serial: 3, resources, outputs: {} });
    for (const Key of ["prod/terraform.tfstate", "team/terraform.tfstate", "team/notes.txt"]) {
      await s3.send(new PutObjectCommand({ Bucket: "states", Key, Body }));
    }
    s3.destroy();

    expect(await inventory.s3State("prod", "states", "prod/terraform.tfstate").read()).toMatchObject({
      serial: 3,
      resources: [{ address: "aws_sns_topic.news" }],
    });
    expect(await inventory.s3State("dev", "states", "dev/terraform.tfstate").read()).toBeUndefined();
    const others = await inventory.otherS3States("states", ["prod/terraform.tfstate"]).read();
    expect(others?.resources.map(({ address }) => address)).toEqual([
      "s3://states/team/terraform.tfstate aws_sns_topic.news",
    ]);
    const known = ["prod/terraform.tfstate", "team/terraform.tfstate"];
    expect(await inventory.otherS3States("states", known).read()).toBeUndefined();
    await expect(inventory.otherS3States("no-such-bucket", []).read()).rejects.toMatchObject({
      what: "s3:ListBucket failed for s3://no-such-bucket",
    });
  });
});
