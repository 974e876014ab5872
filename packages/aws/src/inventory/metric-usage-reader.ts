import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { type FoundResource, resourceKey } from "@slipway/analysis";
import type { ResourceType, ResourceUse } from "@slipway/contracts";
import type { ResourceUseReader } from "@slipway/release-engine";
import type { ScanContext } from "./scan-context.ts";

/** Metrics whose sum says how much a resource was used. */
interface UsageMetrics {
  readonly namespace: string;
  readonly metrics: readonly string[];
  readonly dimension: string;
  /** What the sum counts. */
  readonly noun: string;
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html */
const metricsOf: Readonly<Partial<Record<ResourceType, UsageMetrics>>> = {
  "lambda-function": {
    ...{ namespace: "AWS/Lambda", metrics: ["Invocations"], dimension: "FunctionName", noun: "invocations" },
  },
  "dynamodb-table": {
    ...{ namespace: "AWS/DynamoDB", dimension: "TableName", noun: "consumed capacity units" },
    metrics: ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"],
  },
  // By name: two APIs of one name share the metric, so that neither is taken for idle while one is used.
  "rest-api": { namespace: "AWS/ApiGateway", metrics: ["Count"], dimension: "ApiName", noun: "requests" },
  "sns-topic": {
    ...{ namespace: "AWS/SNS", metrics: ["NumberOfMessagesPublished"], dimension: "TopicName", noun: "messages" },
  },
  "sqs-queue": {
    ...{ namespace: "AWS/SQS", dimension: "QueueName", noun: "messages sent or received" },
    metrics: ["NumberOfMessagesSent", "NumberOfMessagesReceived"],
  },
};

/** Most that one GetMetricData takes. */
const batchSize = 500;
const daySeconds = 86_400;
const dayMs = daySeconds * 1000;

/** Reads the use of resources from CloudWatch, hundreds at a time. */
export function metricUsageReader(context: ScanContext): ResourceUseReader {
  return {
    types: new Set(Object.keys(metricsOf) as ResourceType[]),
    async usesOf(resources, from, to) {
      const asked = resources.flatMap((resource) => queriesFor(resource));
      const batches = Array.from({ length: Math.ceil(asked.length / batchSize) }, (_, index) =>
        asked.slice(index * batchSize, (index + 1) * batchSize),
      );
      const sums = await Promise.all(batches.map((batch) => sumsOf(context, batch, from, to)));
      const totals = new Map<string, number | undefined>();
      for (const [key, sum] of sums.flat()) {
        const known = totals.has(key) ? totals.get(key) : 0;
        // What one of its metrics does not say, the others cannot make up for.
        totals.set(key, sum === undefined || known === undefined ? undefined : known + sum);
      }
      return new Map(
        resources.flatMap((resource): [string, ResourceUse][] => {
          const total = totals.get(resourceKey(resource));
          const noun = metricsOf[resource.type]?.noun;
          return total === undefined || noun === undefined
            ? []
            : [[resourceKey(resource), useOf(total, noun, from, to)]];
        }),
      );
    },
  };
}

interface AskedMetric {
  readonly key: string;
  readonly stat: NonNullable<MetricDataQuery["MetricStat"]>;
}

function queriesFor(resource: FoundResource): AskedMetric[] {
  const usage = metricsOf[resource.type];
  return (usage?.metrics ?? []).map((metric) => ({
    key: resourceKey(resource),
    stat: {
      Metric: {
        Namespace: usage?.namespace,
        MetricName: metric,
        Dimensions: [{ Name: usage?.dimension, Value: resource.name }],
      },
      Period: daySeconds,
      Stat: "Sum",
    },
  }));
}

/** The sum of each metric, by the resource's key; undefined where CloudWatch could not say. */
async function sumsOf(
  context: ScanContext,
  batch: readonly AskedMetric[],
  from: number,
  to: number,
): Promise<[key: string, sum: number | undefined][]> {
  const cloudwatch = context.client(CloudWatchClient);
  const sums = batch.map((): number | undefined => 0);
  let next: string | undefined;
  do {
    const answer = await context.call("cloudwatch:GetMetricData", "the use of resources", (options) =>
      cloudwatch.send(
        new GetMetricDataCommand({
          MetricDataQueries: batch.map(({ stat }, index) => ({ Id: `m${index}`, MetricStat: stat })),
          StartTime: new Date(from),
          EndTime: new Date(to),
          NextToken: next,
        }),
        options,
      ),
    );
    for (const { Id, Values = [], StatusCode } of answer.MetricDataResults ?? []) {
      const index = Number(Id?.slice(1));
      const sum = sums[index];
      const isKnown = sum !== undefined && (StatusCode === "Complete" || StatusCode === "PartialData");
      sums[index] = isKnown ? Values.reduce((total, value) => total + value, sum) : undefined;
    }
    next = answer.NextToken;
  } while (next !== undefined);
  return batch.map(({ key }, index) => [key, sums[index]]);
}

function useOf(total: number, noun: string, from: number, to: number): ResourceUse {
  const days = Math.round((to - from) / dayMs);
  return total > 0
    ? { verdict: "used", why: `${Math.ceil(total).toLocaleString("en-US")} ${noun} in ${days} days` }
    : { verdict: "idle", why: `no ${noun} in ${days} days` };
}
