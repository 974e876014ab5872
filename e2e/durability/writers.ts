import { CloudWatchClient, GetMetricStatisticsCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { IAMClient, ListRoleTagsCommand, TagRoleCommand } from "@aws-sdk/client-iam";
import { LambdaClient, ListTagsCommand, TagResourceCommand } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { ClientSettings } from "../support/local-aws-process.ts";
import type { Tally, Writer } from "./writer.ts";

const TABLE = "load";
const INDEX = "by-kind";
const BUCKET = "load";
const GROUP = "/load";

/** Writers for every kind of state that local AWS keeps, all against one local AWS. */
export function createWriters(
  client: ClientSettings,
  known: { readonly roleName: string; readonly functionArn: string },
): Writer[] {
  // A second attempt would hide a lost answer: each write is sent once.
  const once = { ...client, maxAttempts: 1 };
  const dynamodb = new DynamoDBClient(once);
  return [
    items(dynamodb),
    counter(dynamodb),
    pairs(dynamodb),
    objects(new S3Client({ ...once, forcePathStyle: true })),
    roleTags(new IAMClient(once), known.roleName),
    functionTags(new LambdaClient(once), known.functionArn),
    measurements(new CloudWatchClient(once)),
    logLines(new CloudWatchLogsClient(once)),
  ];
}

/** DynamoDB PutItem. The table that all DynamoDB writers share is made here. */
function items(dynamodb: DynamoDBClient): Writer {
  return {
    name: "dynamodb PutItem",
    async prepare() {
      await dynamodb.send(
        new CreateTableCommand({
          TableName: TABLE,
          BillingMode: "PAY_PER_REQUEST",
          KeySchema: [
            { AttributeName: "kind", KeyType: "HASH" },
            { AttributeName: "n", KeyType: "RANGE" },
          ],
          AttributeDefinitions: [
            { AttributeName: "kind", AttributeType: "S" },
            { AttributeName: "n", AttributeType: "N" },
          ],
          GlobalSecondaryIndexes: [
            {
              IndexName: INDEX,
              KeySchema: [{ AttributeName: "kind", KeyType: "HASH" }],
              Projection: { ProjectionType: "KEYS_ONLY" },
            },
          ],
        }),
      );
    },
    async write(n) {
      await dynamodb.send(
        new PutItemCommand({
          TableName: TABLE,
          Item: { kind: { S: "item" }, n: { N: `${n}` }, text: { S: textOf(n) } },
        }),
      );
    },
    async verify(tally) {
      const found = await allOf(dynamodb, "item");
      const indexed = await allOf(dynamodb, "item", INDEX);
      expect([...indexed.keys()].sort(byNumber), "an index entry without its item, or the reverse").toEqual([
        ...found.keys(),
      ]);
      expectComplete(new Map([...found].map(([n, item]) => [n, item.text?.S])), tally, textOf);
    },
  };
}

/** DynamoDB UpdateItem: one item that counts. */
function counter(dynamodb: DynamoDBClient): Writer {
  const Key = { kind: { S: "counter" }, n: { N: "0" } };
  return {
    name: "dynamodb UpdateItem",
    prepare: async () => {},
    async write() {
      await dynamodb.send(
        new UpdateItemCommand({
          TableName: TABLE,
          Key,
          UpdateExpression: "ADD writes :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        }),
      );
    },
    async verify({ attempted, acknowledged }) {
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName: TABLE, Key, ConsistentRead: true }));
      const total = Number(Item?.writes?.N ?? 0);
      expect(total).toBeGreaterThanOrEqual(acknowledged.length);
      expect(total).toBeLessThanOrEqual(attempted.length);
    },
  };
}

/** DynamoDB TransactWriteItems: two items, or none. */
function pairs(dynamodb: DynamoDBClient): Writer {
  return {
    name: "dynamodb TransactWriteItems",
    prepare: async () => {},
    async write(n) {
      await dynamodb.send(
        new TransactWriteItemsCommand({
          TransactItems: ["left", "right"].map((kind) => ({
            Put: { TableName: TABLE, Item: { kind: { S: kind }, n: { N: `${n}` }, text: { S: textOf(n) } } },
          })),
        }),
      );
    },
    async verify(tally) {
      const [left, right] = await Promise.all([allOf(dynamodb, "left"), allOf(dynamodb, "right")]);
      expect([...left.keys()], "a half of a transaction").toEqual([...right.keys()]);
      expectComplete(new Map([...left].map(([n, item]) => [n, item.text?.S])), tally, textOf);
    },
  };
}

async function allOf(dynamodb: DynamoDBClient, kind: string, IndexName?: string) {
  const found = new Map<number, Record<string, { S?: string }>>();
  const query = {
    TableName: TABLE,
    IndexName,
    // A global index has no consistent reads.
    ConsistentRead: IndexName === undefined,
    KeyConditionExpression: "kind = :kind",
    ExpressionAttributeValues: { ":kind": { S: kind } },
  };
  for await (const { Items = [] } of paginateQuery({ client: dynamodb }, query)) {
    for (const item of Items) {
      found.set(Number(item.n?.N), item as Record<string, { S?: string }>);
    }
  }
  return found;
}

/** S3 PutObject. */
function objects(s3: S3Client): Writer {
  return {
    name: "s3 PutObject",
    async prepare() {
      await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    },
    async write(n) {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `objects/${n}`, Body: textOf(n).repeat(100) }));
    },
    async verify(tally) {
      const found = new Map<number, string | undefined>();
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: BUCKET })) {
        for (const { Key = "", Size } of Contents) {
          found.set(Number(Key.split("/")[1]), `${Size}`);
        }
      }
      expectComplete(found, tally, (n) => `${textOf(n).length * 100}`);
      // Their bytes too, of those that a kill may have touched.
      for (const n of [...found.keys()].filter((number) => number >= tally.roundStart)) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: `objects/${n}` }));
        expect(await Body?.transformToString()).toBe(textOf(n).repeat(100));
      }
    },
  };
}

/** IAM TagRole: one tag with a growing value. */
function roleTags(iam: IAMClient, RoleName: string): Writer {
  return {
    name: "iam TagRole",
    prepare: async () => {},
    async write(n) {
      await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: "latest", Value: `${n}` }] }));
    },
    async verify(tally) {
      const { Tags = [] } = await iam.send(new ListRoleTagsCommand({ RoleName }));
      expectLatest(Tags.find(({ Key }) => Key === "latest")?.Value, tally);
    },
  };
}

/** Lambda TagResource: one tag with a growing value. */
function functionTags(lambda: LambdaClient, Resource: string): Writer {
  return {
    name: "lambda TagResource",
    prepare: async () => {},
    async write(n) {
      await lambda.send(new TagResourceCommand({ Resource, Tags: { latest: `${n}` } }));
    },
    async verify(tally) {
      const { Tags = {} } = await lambda.send(new ListTagsCommand({ Resource }));
      expectLatest(Tags.latest, tally);
    },
  };
}

/** CloudWatch PutMetricData: a one for every write. */
function measurements(cloudwatch: CloudWatchClient): Writer {
  const metric = { Namespace: "Load", MetricName: "Writes" };
  const startedAt = Date.now();
  return {
    name: "cloudwatch PutMetricData",
    prepare: async () => {},
    async write() {
      await cloudwatch.send(
        new PutMetricDataCommand({
          Namespace: metric.Namespace,
          MetricData: [{ MetricName: metric.MetricName, Value: 1, Unit: "Count" }],
        }),
      );
    },
    async verify({ attempted, acknowledged }) {
      const hour = 3_600_000;
      const { Datapoints = [] } = await cloudwatch.send(
        new GetMetricStatisticsCommand({
          ...metric,
          StartTime: new Date(startedAt - hour),
          EndTime: new Date(Date.now() + hour),
          Period: 3_600,
          Statistics: ["Sum"],
        }),
      );
      const sum = Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
      expect(sum).toBeGreaterThanOrEqual(acknowledged.length);
      expect(sum).toBeLessThanOrEqual(attempted.length);
    },
  };
}

/** CloudWatch Logs PutLogEvents. */
function logLines(logs: CloudWatchLogsClient): Writer {
  const stream = { logGroupName: GROUP, logStreamName: "lines" };
  return {
    name: "logs PutLogEvents",
    async prepare() {
      await logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
      await logs.send(new CreateLogStreamCommand(stream));
    },
    async write(n) {
      const event = { timestamp: Date.now(), message: `${n} ${textOf(n)}` };
      await logs.send(new PutLogEventsCommand({ ...stream, logEvents: [event] }));
    },
    async verify(tally) {
      const found = new Map<number, string | undefined>();
      for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, { logGroupName: GROUP })) {
        for (const { message = "" } of events) {
          const space = message.indexOf(" ");
          found.set(Number(message.slice(0, space)), message.slice(space + 1));
        }
      }
      expectComplete(found, tally, textOf);
    },
  };
}

function byNumber(a: number, b: number): number {
  return a - b;
}

/** A text that belongs to a number, so that mixed up writes are noticed. */
function textOf(n: number): string {
  return `number ${n} squared is ${n * n}`;
}

/** Every acknowledged number is found with its own content, and nothing that nobody tried to write. */
function expectComplete(
  found: ReadonlyMap<number, string | undefined>,
  { attempted, acknowledged }: Tally,
  contentOf: (n: number) => string,
): void {
  expect(
    acknowledged.filter((n) => !found.has(n)),
    "acknowledged and lost",
  ).toEqual([]);
  const tried = new Set(attempted);
  const wrong = [...found].filter(([n, content]) => !tried.has(n) || content !== contentOf(n));
  expect(wrong, "never written like that").toEqual([]);
}

/** The value is the last acknowledged one, or one that was on its way when the process was killed. */
function expectLatest(value: string | undefined, { attempted, acknowledged }: Tally): void {
  const acknowledgedLast = acknowledged.at(-1) ?? 0;
  const afterIt = attempted.slice(attempted.indexOf(acknowledgedLast));
  expect(afterIt.map(String)).toContain(value);
}
