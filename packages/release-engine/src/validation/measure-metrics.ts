import type { TimeWindow } from "@slipway/analysis";
import type { ValidationConfig, ValidationMetrics } from "@slipway/contracts";
import { keptPeriodSeconds } from "../monitoring/kept-period-seconds.ts";
import type {
  MonitoredFunction,
  MonitoredResources,
  MonitoredStage,
  MonitoredTable,
} from "../monitoring/monitored-resources.ts";
import type { MetricName, MetricsReader } from "../ports/metrics.ts";
import { type Asked, MetricSheet } from "./metric-sheet.ts";

const HOUR_SECONDS = 3_600;
/** So many times the usual is slow. */
const SLOWER = 1.5;
/** Of an application's own metrics; one with many dimensions would be thousands of questions. */
const MOST_OWN_METRICS = 200;

/**
 * What these metrics of a table are counted by. Asked for by name: a list of metrics has a new one up to 15 minutes late.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
const OPERATIONS = [
  ...["GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan"],
  ...["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"],
];

/** What metrics are read of. */
export interface MetricsQuestion {
  readonly resources: MonitoredResources;
  readonly period: TimeWindow;
  readonly baseline: TimeWindow | undefined;
  readonly config: ValidationConfig;
  /** Whether answers are counted hour by hour, too. */
  readonly byHour: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Reads every number of CloudWatch that a validation judges by.
 *
 * @throws {ReleaseError} when they cannot be read, or only in part
 */
export async function measureMetrics(reader: MetricsReader, question: MetricsQuestion): Promise<ValidationMetrics> {
  const { resources, period, baseline, config, signal } = question;
  const sheet = new MetricSheet(period);
  // An empty sheet where nobody knows what was before.
  const before = new MetricSheet(baseline ?? period, keptPeriodSeconds(period.to - (baseline ?? period).from));
  const functions = resources.functions.map((each) => askFunction(sheet, before, baseline, each));
  const stages = resources.stages.map((each) => askStage(sheet, before, { ...question, stage: each }));
  const tables = resources.tables.map((table) => askTable(sheet, table));
  const userErrors = sheet.ask({ namespace: "AWS/DynamoDB", name: "UserErrors", dimensions: {} }, "Sum");
  const namespaces = await Promise.all(
    config.metricNamespaces.map(async (namespace) => {
      const known = await reader.list(namespace, {}, signal);
      const asked = known.slice(0, MOST_OWN_METRICS).map((metric) => sheet.ask(metric, "SampleCount"));
      return () => ({ namespace, known: known.length, withData: asked.filter((each) => each.count() > 0).length });
    }),
  );
  const [byHour] = await Promise.all([
    Promise.all(resources.stages.map((each) => (question.byHour ? measureHours(reader, each, question) : null))),
    sheet.read(reader, signal),
    before.read(reader, signal),
  ]);
  return {
    functions: functions.map((answer) => answer()),
    stages: stages.map((answer, index) => ({ ...answer(), byHour: byHour[index] ?? null })),
    tables: tables.map((answer) => answer()),
    userErrors: userErrors.sum(),
    namespaces: namespaces.map((answer) => answer()),
  };
}

function askFunction(
  sheet: MetricSheet,
  before: MetricSheet,
  baseline: TimeWindow | undefined,
  { name }: MonitoredFunction,
): () => ValidationMetrics["functions"][number] {
  const metric = (what: string) => ({ namespace: "AWS/Lambda", name: what, dimensions: { FunctionName: name } });
  const calls = sheet.ask(metric("Invocations"), "Sum");
  const errors = sheet.ask(metric("Errors"), "Sum");
  const throttles = sheet.ask(metric("Throttles"), "Sum");
  const longest = sheet.ask(metric("Duration"), "Maximum");
  const callsBefore = baseline && before.ask(metric("Invocations"), "Sum");
  const errorsBefore = baseline && before.ask(metric("Errors"), "Sum");
  return () => ({
    name,
    calls: calls.sum(),
    errors: errors.sum(),
    throttles: throttles.sum(),
    longestMs: longest.highest(),
    lastCallAt: timeOf(calls.lastAt()),
    baseline: { calls: callsBefore?.sum() ?? 0, errors: errorsBefore?.sum() ?? 0 },
    minutesWithData: { Invocations: calls.count(), Errors: errors.count(), Duration: longest.count() },
  });
}

function askStage(
  sheet: MetricSheet,
  before: MetricSheet,
  { stage: { apiName, stage }, baseline, config }: MetricsQuestion & { readonly stage: MonitoredStage },
): () => ValidationMetrics["stages"][number] {
  const metric = (name: string): MetricName => ({
    namespace: "AWS/ApiGateway",
    name,
    dimensions: { ApiName: apiName, Stage: stage },
  });
  const requests = sheet.ask(metric("Count"), "Sum");
  const serverErrors = sheet.ask(metric("5XXError"), "Sum");
  const clientErrors = sheet.ask(metric("4XXError"), "Sum");
  // How many values lie above the limit: exact, where percentiles of many minutes could not be put together.
  const slow = sheet.ask(metric("Latency"), `TC(${config.responseTime.limitMs}:)`);
  const timed = sheet.ask(metric("Latency"), "SampleCount");
  const longest = sheet.ask(metric("Latency"), "Maximum");
  const integration = sheet.ask(metric("IntegrationLatency"), "SampleCount");
  const requestsBefore = baseline && before.ask(metric("Count"), "Sum");
  const errorsBefore = baseline && before.ask(metric("5XXError"), "Sum");
  return () => ({
    ...{ apiName, stage },
    requests: requests.sum(),
    serverErrors: serverErrors.sum(),
    clientErrors: clientErrors.sum(),
    slow: slow.sum(),
    timed: timed.sum(),
    longestMs: longest.highest(),
    lastRequestAt: timeOf(requests.lastAt()),
    byHour: null,
    baseline: { requests: requestsBefore?.sum() ?? 0, serverErrors: errorsBefore?.sum() ?? 0 },
    minutesWithData: {
      Count: requests.count(),
      "5XXError": serverErrors.count(),
      Latency: timed.count(),
      IntegrationLatency: integration.count(),
    },
  });
}

function askTable(sheet: MetricSheet, { name, indexes }: MonitoredTable): () => ValidationMetrics["tables"][number] {
  const metric = (what: string, more: Readonly<Record<string, string>> = {}): MetricName => ({
    namespace: "AWS/DynamoDB",
    name: what,
    dimensions: { TableName: name, ...more },
  });
  const places = [{}, ...indexes.map((index) => ({ GlobalSecondaryIndexName: index }))];
  const reads = places.map((place) => sheet.ask(metric("ReadThrottleEvents", place), "Sum"));
  const writes = places.map((place) => sheet.ask(metric("WriteThrottleEvents", place), "Sum"));
  const byOperation = (what: string, statistic: string) =>
    OPERATIONS.map((Operation) => sheet.ask(metric(what, { Operation }), statistic));
  const requests = byOperation("SuccessfulRequestLatency", "SampleCount");
  const systemErrors = byOperation("SystemErrors", "Sum");
  return () => ({
    name,
    requests: total(requests),
    throttledReads: total(reads),
    throttledWrites: total(writes),
    systemErrors: total(systemErrors),
    minutesWithData: { SuccessfulRequestLatency: Math.max(0, ...requests.map((each) => each.count())) },
  });
}

function total(asked: readonly Asked[]): number {
  return asked.reduce((sum, each) => sum + each.sum(), 0);
}

/**
 * Counts slow answers hour by hour. What is slow is found first, so that what an API usually takes is not slow: by the quicker hours,
 * so that a day that becomes slow does not set the measure itself.
 */
async function measureHours(
  reader: MetricsReader,
  { apiName, stage }: MonitoredStage,
  { period, config, signal }: MetricsQuestion,
): Promise<ValidationMetrics["stages"][number]["byHour"]> {
  const latency: MetricName = {
    ...{ namespace: "AWS/ApiGateway", name: "Latency" },
    dimensions: { ApiName: apiName, Stage: stage },
  };
  const first = new MetricSheet(period);
  const p90 = first.ask(latency, "p90", HOUR_SECONDS);
  const answers = first.ask(latency, "SampleCount", HOUR_SECONDS);
  await first.read(reader, signal);
  const quick = p90
    .points()
    .map(({ value }) => value)
    .sort((left, right) => left - right);
  const usual = quick[Math.floor(quick.length / 4)];
  if (usual === undefined) {
    return null;
  }
  const slowMs = Math.ceil(Math.max(config.responseTime.unnoticedMs, usual * SLOWER));
  const second = new MetricSheet(period);
  const slow = second.ask(latency, `TC(${slowMs}:)`, HOUR_SECONDS);
  await second.read(reader, signal);
  const counts = new Map(slow.points().map(({ at, value }) => [at, value]));
  return {
    slowMs,
    hours: answers.points().map(({ at, value }) => ({
      ...{ from: new Date(at).toISOString(), answers: value },
      slow: counts.get(at) ?? 0,
    })),
  };
}

function timeOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
