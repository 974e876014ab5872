import type { GoldenSignal, MetricName, MetricsReader, MonitoredResources, SignalUnit } from "@slipway/release-engine";
import { nearestNames } from "../terminal/nearest-names.ts";
import { UserError } from "../user-error.ts";

/** What says whose a metric is, by the dimension that names it. */
type Names = Pick<MonitoredResources, "stages" | "functions" | "tables" | "queues">;

/** What metrics are looked for in. */
export interface SignalSearch {
  readonly signals: readonly GoldenSignal[];
  readonly resources: Names;
  readonly metrics: MetricsReader;
  readonly environment: string;
  readonly signal: AbortSignal;
}

/** How many names an error shows. */
const MOST_SHOWN = 12;

/** Names of metrics whose values are measured, not counted: a sum of them says nothing. */
const MEASURED = /latency|duration|time|delay|age$|size|bytes|memory|percent|utili[sz]ation/i;

/**
 * Signals by what a person calls them: `errors`, `latency p99`, `5xx`, a resource's name, a metric's name, or `Namespace/Metric` for
 * any metric that CloudWatch has of the environment.
 *
 * @throws UserError when there is none, with the names that are nearest
 * @throws ReleaseError when metrics cannot be listed
 */
export async function findSignals(name: string, search: SignalSearch): Promise<readonly GoldenSignal[]> {
  const known = search.signals.filter((signal) => wordsOf(signal).includes(name.toLowerCase()));
  const slash = name.lastIndexOf("/");
  if (slash > 0) {
    const listed = await search.metrics.list(name.slice(0, slash), {}, search.signal);
    const others = ownMetrics(listed, search.resources).filter(
      (metric) => metric.name === name.slice(slash + 1) && !known.some((each) => isSame(each.metric, metric)),
    );
    const found = [...known, ...others.flatMap(signalsOfMetric)];
    if (found.length > 0) {
      return found;
    }
  } else if (known.length > 0) {
    return known;
  }
  const all = ownMetrics(await search.metrics.list(undefined, {}, search.signal), search.resources);
  const byName = slash > 0 ? [] : all.filter((metric) => metric.name.toLowerCase() === name.toLowerCase());
  if (byName.length > 0) {
    return byName.flatMap(signalsOfMetric);
  }
  const names = [...search.signals.flatMap(namesOf), ...all.map((metric) => `${metric.namespace}/${metric.name}`)];
  const nearest = nearestNames(name, names);
  const more = nearest.length > MOST_SHOWN ? `, and ${nearest.length - MOST_SHOWN} more` : "";
  throw new UserError(
    `metric: ${search.environment} has no '${name}'. It has ${nearest.slice(0, MOST_SHOWN).join(", ")}${more}.`,
  );
}

function namesOf({ name, topics, metric }: GoldenSignal): string[] {
  return [name, ...topics, `${metric.namespace}/${metric.name}`];
}

/** All that finds a signal, in small letters. */
function wordsOf(signal: GoldenSignal): string[] {
  const { of, metric } = signal;
  const resource = /^\w+ ([^,]+)/.exec(of)?.[1] ?? of;
  return [...namesOf(signal), metric.name, of, resource].map((word) => word.toLowerCase());
}

/** A metric that names a resource is the environment's if the resource is; one that names none is everybody's. */
function ownMetrics(metrics: readonly MetricName[], { stages, functions, tables, queues }: Names): MetricName[] {
  const own: Readonly<Record<string, ReadonlySet<string>>> = {
    ApiName: new Set(stages.map(({ apiName }) => apiName)),
    FunctionName: new Set(functions.map(({ name }) => name)),
    TableName: new Set(tables.map(({ name }) => name)),
    QueueName: new Set(queues),
  };
  return metrics.filter(({ namespace, dimensions }) => {
    const named = Object.entries(dimensions).filter(([dimension]) => own[dimension] !== undefined);
    return named.length === 0
      ? !namespace.startsWith("AWS/")
      : named.every(([dimension, value]) => own[dimension]?.has(value));
  });
}

function signalsOfMetric(metric: MetricName): GoldenSignal[] {
  const dimensions = Object.entries(metric.dimensions).map(([name, value]) => `${name}=${value}`);
  const of = dimensions.length === 0 ? metric.namespace : `${metric.namespace}, ${dimensions.join(", ")}`;
  const isMeasured = MEASURED.test(metric.name);
  const unit: SignalUnit = /latency|duration/i.test(metric.name) ? "ms" : "count";
  return (isMeasured ? ["p50", "p99"] : ["Sum"]).map((statistic) => ({
    ...{ of, metric, statistic, unit, topics: [], isOptional: true },
    name: isMeasured ? `${metric.name} ${statistic}` : metric.name,
  }));
}

function isSame(left: MetricName, right: MetricName): boolean {
  const text = ({ namespace, name, dimensions }: MetricName) =>
    JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
  return text(left) === text(right);
}

/** Signals with another statistic than their own, each metric once for each statistic. */
export function withStatistics(
  signals: readonly GoldenSignal[],
  statistics: readonly string[],
): readonly GoldenSignal[] {
  const seen: GoldenSignal[] = [];
  for (const signal of signals) {
    if (!seen.some((each) => isSame(each.metric, signal.metric))) {
      seen.push(signal);
    }
  }
  return seen.flatMap(({ partOf: _partOf, ...signal }) =>
    statistics.map((statistic) => ({
      ...signal,
      statistic,
      name: `${signal.name.replace(/ (p\d[\d.]*|Sum|Average|Minimum|Maximum)$/, "")} ${statistic}`,
      unit: statistic === "SampleCount" ? "count" : signal.unit,
    })),
  );
}
