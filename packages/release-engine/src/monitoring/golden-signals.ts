import type { MetricName } from "../ports/metrics.ts";
import type { MonitoredFunction, MonitoredResources, MonitoredStage, MonitoredTable } from "./monitored-resources.ts";

/** What a signal's values are of. */
export type SignalUnit = "count" | "ms" | "s" | "%";

/** A number by which one sees how a resource is. */
export interface GoldenSignal {
  /** The resource, as people call it: `API items-api-prod, stage prod`. */
  readonly of: string;
  /** `requests`, `5xx`, `latency p99`; unique for the resource. */
  readonly name: string;
  /** Words that it is found by, beside its name and that of its metric. */
  readonly topics: readonly string[];
  readonly metric: MetricName;
  readonly statistic: string;
  readonly unit: SignalUnit;
  /** Name of the signal of the same resource that it is a part of: failed calls of calls. */
  readonly partOf?: string;
  /** Left out where there is no data, such as what a version has to say that nobody calls. */
  readonly isOptional: boolean;
}

/** Versions that traffic came to through an alias. */
export interface VersionsInUse {
  readonly functionName: string;
  readonly alias: string;
  readonly versions: readonly string[];
}

/** Operations of a table that have a latency of their own. */
const OPERATIONS = [
  "GetItem",
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "Query",
  "Scan",
  "BatchGetItem",
  "BatchWriteItem",
  "TransactGetItems",
  "TransactWriteItems",
];

/**
 * The signals of an environment: traffic, errors, latency and saturation of each of its resources.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function goldenSignals(
  { stages, functions, tables, queues }: Pick<MonitoredResources, "stages" | "functions" | "tables" | "queues">,
  inUse: readonly VersionsInUse[] = [],
): readonly GoldenSignal[] {
  return [
    ...stages.flatMap(signalsOfStage),
    ...functions.flatMap((each) => [
      ...signalsOfFunction(each),
      ...inUse.filter(({ functionName }) => functionName === each.name).flatMap(signalsOfVersions),
    ]),
    ...tables.flatMap(signalsOfTable),
    ...queues.flatMap(signalsOfQueue),
  ];
}

interface Draft {
  readonly name: string;
  readonly metric: string;
  readonly statistic?: string;
  readonly unit?: SignalUnit;
  readonly topics: readonly string[];
  readonly partOf?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly isOptional?: boolean;
}

function signals(
  of: string,
  namespace: string,
  dimensions: Readonly<Record<string, string>>,
  drafts: readonly Draft[],
): GoldenSignal[] {
  return drafts.map(({ metric, statistic = "Sum", unit = "count", isOptional = false, ...draft }) => ({
    ...{ of, statistic, unit, isOptional },
    ...{ name: draft.name, topics: draft.topics },
    metric: { namespace, name: metric, dimensions: { ...dimensions, ...draft.dimensions } },
    ...(draft.partOf === undefined ? {} : { partOf: draft.partOf }),
  }));
}

function signalsOfStage({ apiName, stage }: MonitoredStage): GoldenSignal[] {
  const latency = { metric: "Latency", unit: "ms", topics: ["latency"] } as const;
  return signals(`API ${apiName}, stage ${stage}`, "AWS/ApiGateway", { ApiName: apiName, Stage: stage }, [
    { name: "requests", metric: "Count", topics: ["traffic"] },
    { name: "4xx", metric: "4XXError", topics: ["errors"], partOf: "requests" },
    { name: "5xx", metric: "5XXError", topics: ["errors"], partOf: "requests" },
    { ...latency, name: "latency p50", statistic: "p50" },
    { ...latency, name: "latency p99", statistic: "p99" },
  ]);
}

function signalsOfFunction({ name }: MonitoredFunction): GoldenSignal[] {
  const duration = { metric: "Duration", unit: "ms", topics: ["duration", "latency"] } as const;
  return signals(`function ${name}`, "AWS/Lambda", { FunctionName: name }, [
    { name: "calls", metric: "Invocations", topics: ["traffic"] },
    { name: "errors", metric: "Errors", topics: ["errors"], partOf: "calls" },
    { name: "throttles", metric: "Throttles", topics: ["throttling"] },
    { ...duration, name: "duration p50", statistic: "p50" },
    { ...duration, name: "duration p99", statistic: "p99" },
    {
      ...{ name: "concurrency", metric: "ConcurrentExecutions", statistic: "Maximum" },
      topics: ["saturation"],
    },
  ]);
}

/** Through an alias only: who calls a version by its number has no such dimension. */
function signalsOfVersions({ functionName, alias, versions }: VersionsInUse): GoldenSignal[] {
  return versions.flatMap((version) => {
    const dimensions = {
      FunctionName: functionName,
      Resource: `${functionName}:${alias}`,
      ExecutedVersion: version,
    };
    return signals(`function ${functionName}, version ${version} by ${alias}`, "AWS/Lambda", dimensions, [
      { name: "calls", metric: "Invocations", topics: ["traffic", "versions"], isOptional: true },
      { name: "errors", metric: "Errors", topics: ["errors", "versions"], partOf: "calls", isOptional: true },
      {
        ...{ name: "duration p99", metric: "Duration", statistic: "p99", unit: "ms" },
        ...{ topics: ["duration", "latency", "versions"], isOptional: true },
      },
    ]);
  });
}

/** What a table and each of its indexes have of their own. */
const CAPACITY: readonly Draft[] = [
  { name: "read units", metric: "ConsumedReadCapacityUnits", topics: ["capacity", "traffic"] },
  { name: "write units", metric: "ConsumedWriteCapacityUnits", topics: ["capacity", "traffic"] },
  { name: "throttled reads", metric: "ReadThrottleEvents", topics: ["throttles", "throttling"] },
  { name: "throttled writes", metric: "WriteThrottleEvents", topics: ["throttles", "throttling"] },
];

function signalsOfTable({ name, indexes }: MonitoredTable): GoldenSignal[] {
  const of = `table ${name}`;
  return [
    ...signals(of, "AWS/DynamoDB", { TableName: name }, [
      ...CAPACITY,
      // By the operation only; and there only when DynamoDB itself has failed.
      ...OPERATIONS.map((operation): Draft => {
        const dimensions = { Operation: operation };
        return {
          name: `${operation} errors`,
          metric: "SystemErrors",
          topics: ["errors"],
          dimensions,
          isOptional: true,
        };
      }),
      ...OPERATIONS.map((operation): Draft => {
        const dimensions = { Operation: operation };
        return {
          ...{ name: `${operation} p99`, metric: "SuccessfulRequestLatency", statistic: "p99", unit: "ms" },
          ...{ topics: ["latency"], dimensions, isOptional: true },
        };
      }),
    ]),
    // The table's own values are without those of its indexes.
    ...indexes.flatMap((index) =>
      signals(`${of}, index ${index}`, "AWS/DynamoDB", { TableName: name, GlobalSecondaryIndexName: index }, [
        ...CAPACITY.map((draft) => ({ ...draft, isOptional: true })),
      ]),
    ),
  ];
}

function signalsOfQueue(name: string): GoldenSignal[] {
  return signals(`queue ${name}`, "AWS/SQS", { QueueName: name }, [
    { name: "waiting", metric: "ApproximateNumberOfMessagesVisible", statistic: "Maximum", topics: ["saturation"] },
    {
      ...{ name: "oldest", metric: "ApproximateAgeOfOldestMessage", statistic: "Maximum", unit: "s" },
      topics: ["saturation"],
    },
  ]);
}
