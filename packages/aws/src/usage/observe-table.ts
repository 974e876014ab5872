import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListBackupsCommand,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { CapacitySeries, Measured, ResourceUsage, TableUsage } from "@slipway/analysis";
import type { StateResource } from "@slipway/release-engine";
import type { Series } from "./metric-reader.ts";
import { missing, textIn, unreadable } from "./resource-facts.ts";
import type { UsageContext } from "./usage-context.ts";

const DAY_MS = 86_400_000;
/**
 * CloudWatch keeps values of a minute for 15 days, of five minutes for 63, of an hour for 455.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention
 */
const RETENTIONS = [
  { days: 15, periodSeconds: 60 },
  { days: 63, periodSeconds: 300 },
  { days: Number.POSITIVE_INFINITY, periodSeconds: 3600 },
];

/** Sees a table's settings, size and consumption, with its indexes and backups. */
export async function observeTable(context: UsageContext, resource: StateResource): Promise<ResourceUsage> {
  const name = textIn(resource, "name") ?? resource.id ?? resource.name;
  const facts = { address: resource.address, type: resource.type, name };
  const dynamodb = context.aws.client(DynamoDBClient);
  const subject = `the table ${name}`;
  const found = await context.ask("dynamodb:DescribeTable", subject, (options) =>
    dynamodb.send(new DescribeTableCommand({ TableName: name }), options),
  );
  if (found.kind !== "answer" || found.value.Table === undefined) {
    return found.kind === "failed" ? unreadable(facts, found.why) : missing(facts);
  }
  const table = found.value.Table;
  const createdAt = table.CreationDateTime?.getTime();
  const [capacity, recovery, backupBytes] = await Promise.all([
    consumption(context, table, name, createdAt),
    context.ask("dynamodb:DescribeContinuousBackups", subject, (options) =>
      dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: name }), options),
    ),
    backups(context, name),
  ]);
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
  const own = table.TableSizeBytes;
  const sizeOf = (all: readonly { IndexSizeBytes?: number }[]): Measured =>
    own === undefined
      ? { unknown: "DynamoDB does not say how large it is" }
      : { value: all.reduce((sum, { IndexSizeBytes = 0 }) => sum + IndexSizeBytes, own) };
  const isRecoverable =
    recovery.kind === "answer"
      ? recovery.value.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus ===
        "ENABLED"
      : false;
  return {
    kind: "table",
    ...facts,
    createdAt,
    billing: table.BillingModeSummary?.BillingMode === "PAY_PER_REQUEST" ? "on-demand" : "provisioned",
    provisioned: provisionedOf(table),
    isStandardClass: (table.TableClassSummary?.TableClass ?? "STANDARD") === "STANDARD",
    bytes: sizeOf(indexes),
    recoverableBytes:
      recovery.kind === "failed"
        ? { unknown: recovery.why }
        : isRecoverable
          ? sizeOf(table.LocalSecondaryIndexes ?? [])
          : undefined,
    backupBytes,
    readUnits: totalOf(capacity.all, "reads"),
    writeUnits: totalOf(capacity.all, "writes"),
    capacity: capacity.known,
  } satisfies TableUsage;
}

function provisionedOf({ ProvisionedThroughput, GlobalSecondaryIndexes = [] }: TableDescription) {
  const all = [ProvisionedThroughput, ...GlobalSecondaryIndexes.map((index) => index.ProvisionedThroughput)];
  return {
    reads: all.reduce((sum, each) => sum + (each?.ReadCapacityUnits ?? 0), 0),
    writes: all.reduce((sum, each) => sum + (each?.WriteCapacityUnits ?? 0), 0),
  };
}

interface Consumed {
  readonly of: string;
  readonly reads: Series;
  readonly writes: Series;
}

/** What the table and each global index consumed, as fine as CloudWatch still knows it; an index is billed as its table is. */
async function consumption(
  context: UsageContext,
  { GlobalSecondaryIndexes = [] }: TableDescription,
  name: string,
  createdAt: number | undefined,
): Promise<{ all: readonly Consumed[]; known: TableUsage["capacity"] }> {
  const { from, to } = context.window;
  const days = (to - from) / DAY_MS;
  const periodSeconds = RETENTIONS.find((each) => days <= each.days)?.periodSeconds ?? 3600;
  const parts = [
    { of: name, dimensions: { TableName: name } },
    ...GlobalSecondaryIndexes.map(({ IndexName = "" }) => ({
      of: `${name}/${IndexName}`,
      dimensions: { TableName: name, GlobalSecondaryIndexName: IndexName },
    })),
  ];
  const questions = parts.flatMap(({ dimensions }) => [
    { namespace: "AWS/DynamoDB", name: "ConsumedReadCapacityUnits", dimensions },
    { namespace: "AWS/DynamoDB", name: "ConsumedWriteCapacityUnits", dimensions },
  ]);
  const since = Math.max(from, Math.min(createdAt ?? from, to));
  const answers = await context.metrics.series(questions, periodSeconds, since);
  const all = parts.map(({ of }, index) => ({
    of,
    reads: answers[2 * index] ?? { unknown: "it was not asked for" },
    writes: answers[2 * index + 1] ?? { unknown: "it was not asked for" },
  }));
  const series: CapacitySeries[] = all.flatMap(({ of, reads, writes }) =>
    "points" in reads && "points" in writes ? [{ of, reads: reads.points, writes: writes.points }] : [],
  );
  return { all, known: series.length === all.length ? { periodSeconds, series } : undefined };
}

function totalOf(consumed: readonly Consumed[], side: "reads" | "writes"): Measured {
  let sum = 0;
  for (const each of consumed) {
    const series = each[side];
    if ("unknown" in series) {
      return series;
    }
    sum += series.points.reduce((total, point) => total + point.sum, 0);
  }
  return { value: sum };
}

async function backups(context: UsageContext, name: string): Promise<Measured> {
  const dynamodb = context.aws.client(DynamoDBClient);
  const answer = await context.ask("dynamodb:ListBackups", `the table ${name}`, async (options) => {
    let bytes = 0;
    let last: string | undefined;
    do {
      const page = await dynamodb.send(
        new ListBackupsCommand({ TableName: name, ExclusiveStartBackupArn: last }),
        options,
      );
      bytes += (page.BackupSummaries ?? []).reduce((sum, { BackupSizeBytes = 0 }) => sum + BackupSizeBytes, 0);
      last = page.LastEvaluatedBackupArn;
    } while (last !== undefined);
    return bytes;
  });
  return context.measure(answer, (bytes) => bytes, "the table is not there");
}
