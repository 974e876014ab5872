import type {
  FunctionMeasurement,
  RisenLatency,
  StageMeasurement,
  TableMeasurement,
  TimeWindow,
  VersionMinute,
} from "@slipway/analysis";
import type { EnvironmentConfig } from "@slipway/contracts";
import type {
  MonitoredFunction,
  MonitoredResources,
  MonitoredStage,
  MonitoredTable,
} from "../../monitoring/monitored-resources.ts";
import type { MetricName, MetricsReader } from "../../ports/metrics.ts";
import { type Asked, MetricSheet } from "../../validation/metric-sheet.ts";
import type { VersionInSight } from "./operations-of.ts";

/** What the traffic of an environment is read of. */
export interface TrafficQuestion {
  readonly resources: MonitoredResources;
  readonly window: TimeWindow;
  readonly config: Pick<EnvironmentConfig, "validation" | "release">;
  readonly versions: readonly VersionInSight[];
  /** By the names of stages, from when on answers are clearly slower than on earlier days. */
  readonly risen?: ReadonlyMap<string, Omit<RisenLatency, "minutes">>;
  readonly signal?: AbortSignal;
}

export interface MeasuredTraffic {
  /** Refused requests are not among the metrics. */
  readonly stages: readonly (Omit<StageMeasurement, "refused"> & { readonly clientErrors: number })[];
  readonly functions: readonly FunctionMeasurement[];
  readonly tables: readonly TableMeasurement[];
}

/** Calls that take more than this share of the timeout are about to be broken off, or were. */
const LONG = 0.9;

/**
 * What these metrics of a table are counted by, in the order in which they are likely.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
const OPERATIONS = [
  ...["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"],
  ...["BatchGetItem", "BatchWriteItem", "TransactGetItems", "Scan"],
];

/**
 * Reads by the minute what the stages, functions and tables of an environment do, in one reading.
 *
 * @throws {ReleaseError} when they cannot be read, or only in part
 */
export async function measureTraffic(reader: MetricsReader, question: TrafficQuestion): Promise<MeasuredTraffic> {
  const { resources, window, signal } = question;
  const sheet = new MetricSheet(window);
  const stages = resources.stages.map((each) => askStage(sheet, each, question));
  const functions = resources.functions.map((each) => askFunction(sheet, each, question));
  const tables = resources.tables.map((each) => askTable(sheet, each));
  await sheet.read(reader, signal);
  return {
    stages: stages.map((answer) => answer()),
    functions: functions.map((answer) => answer()),
    tables: tables.map((answer) => answer()),
  };
}

function askStage(
  sheet: MetricSheet,
  { apiName, stage }: MonitoredStage,
  { config, risen }: TrafficQuestion,
): () => MeasuredTraffic["stages"][number] {
  const name = `${apiName}/${stage}`;
  const usual = risen?.get(name);
  const metric = (what: string): MetricName => ({
    ...{ namespace: "AWS/ApiGateway", name: what },
    dimensions: { ApiName: apiName, Stage: stage },
  });
  const clientErrors = sheet.ask(metric("4XXError"), "Sum");
  const asked = {
    requests: sheet.ask(metric("Count"), "Sum"),
    errors: sheet.ask(metric("5XXError"), "Sum"),
    timed: sheet.ask(metric("Latency"), "SampleCount"),
    // Exact, where percentiles of many minutes could not be put together.
    slow: sheet.ask(metric("Latency"), `TC(${config.validation.responseTime.limitMs}:)`),
  };
  const longer = usual && sheet.ask(metric("Latency"), `TC(${usual.fromMs}:)`);
  return () => {
    const minutes = minutesOf(asked);
    const counts = longer && byMinute([longer]);
    return {
      ...{ name, minutes, clientErrors: clientErrors.sum() },
      ...(usual === undefined
        ? {}
        : {
            risen: {
              ...usual,
              minutes: minutes.map(({ at, timed }) => ({ at, events: counts?.get(at) ?? 0, total: timed })),
            },
          }),
    };
  };
}

function askFunction(
  sheet: MetricSheet,
  { name, timeoutSeconds }: MonitoredFunction,
  question: TrafficQuestion,
): () => FunctionMeasurement {
  const timeoutMs = timeoutSeconds * 1_000;
  const metric = lambdaMetric({ FunctionName: name });
  const asked = {
    calls: sheet.ask(metric("Invocations"), "Sum"),
    errors: sheet.ask(metric("Errors"), "Sum"),
    throttles: sheet.ask(metric("Throttles"), "Sum"),
    long: sheet.ask(metric("Duration"), `TC(${Math.round(timeoutMs * LONG)}:)`),
  };
  const versions = question.versions
    .filter(({ functionName }) => functionName === name)
    .map((version) => ({ version: version.version, minutes: askVersion(sheet, version, question) }));
  return () => ({
    ...{ name, timeoutMs, minutes: minutesOf(asked) },
    versions: versions.map(({ version, minutes }) => ({ version, minutes: minutes() })),
  });
}

/** What Lambda counts of a version, and what the application itself counts of it, which Lambda takes for success. */
function askVersion(
  sheet: MetricSheet,
  { name, functionName, alias, version }: VersionInSight,
  { config }: TrafficQuestion,
): () => readonly VersionMinute[] {
  const metric = lambdaMetric({
    ...{ FunctionName: functionName, Resource: `${functionName}:${alias}`, ExecutedVersion: version },
  });
  const own = config.release.canary.metrics
    .filter((each) => each.function === name)
    .map(({ namespace, dimensions, versionDimension, events }) =>
      sheet.ask({ namespace, name: events, dimensions: { ...dimensions, [versionDimension]: version } }, "Sum"),
    );
  const calls = sheet.ask(metric("Invocations"), "Sum");
  const errors = sheet.ask(metric("Errors"), "Sum");
  const slow = sheet.ask(metric("Duration"), `TC(${config.validation.responseTime.limitMs}:)`);
  return () => {
    const bad = byMinute([errors, ...own]);
    return minutesOf({ calls, slow }).map((minute) => ({
      ...minute,
      errors: Math.min(minute.calls, bad.get(minute.at) ?? 0),
    }));
  };
}

function askTable(sheet: MetricSheet, { name, indexes }: MonitoredTable): () => TableMeasurement {
  const metric = (what: string, more: Readonly<Record<string, string>> = {}): MetricName => ({
    ...{ namespace: "AWS/DynamoDB", name: what },
    dimensions: { TableName: name, ...more },
  });
  const places = [{}, ...indexes.map((index) => ({ GlobalSecondaryIndexName: index }))];
  const throttles = places.flatMap((place) =>
    ["ReadThrottleEvents", "WriteThrottleEvents"].map((what) => sheet.ask(metric(what, place), "Sum")),
  );
  const byOperation = (what: string, statistic: string) =>
    OPERATIONS.map((Operation) => sheet.ask(metric(what, { Operation }), statistic));
  const requests = byOperation("SuccessfulRequestLatency", "SampleCount");
  const systemErrors = byOperation("SystemErrors", "Sum");
  return () => {
    const counts = [requests, throttles, systemErrors].map(byMinute);
    const [ok, throttled, failed] = counts;
    const times = [...new Set(counts.flatMap((each) => [...each.keys()]))].sort((left, right) => left - right);
    return {
      name,
      minutes: times.map((at) => ({
        ...{ at, requests: ok?.get(at) ?? 0, throttles: throttled?.get(at) ?? 0 },
        systemErrors: failed?.get(at) ?? 0,
      })),
    };
  };
}

function lambdaMetric(dimensions: Readonly<Record<string, string>>): (name: string) => MetricName {
  return (name) => ({ namespace: "AWS/Lambda", name, dimensions });
}

/** One row for each minute in which any of them has a value; what has none there is nought. */
function minutesOf<Name extends string>(
  asked: Readonly<Record<Name, Asked>>,
): (Readonly<Record<Name, number>> & { readonly at: number })[] {
  const columns = (Object.keys(asked) as Name[]).map((name) => [name, byMinute([asked[name]])] as const);
  const times = [...new Set(columns.flatMap(([, values]) => [...values.keys()]))].sort((left, right) => left - right);
  return times.map((at) => {
    const row: Record<string, number> = { at };
    for (const [name, values] of columns) {
      row[name] = values.get(at) ?? 0;
    }
    return row as Readonly<Record<Name, number>> & { readonly at: number };
  });
}

function byMinute(asked: readonly Asked[]): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (const each of asked) {
    for (const { at, value } of each.points()) {
      sums.set(at, (sums.get(at) ?? 0) + value);
    }
  }
  return sums;
}
