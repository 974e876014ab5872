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

/** What was found by a name. */
export interface FoundSignals {
  readonly signals: readonly GoldenSignal[];
  /** Dimensions that the same metrics are there by, too. */
  readonly otherDimensions: readonly string[];
}

/**
 * Signals by what a person calls them: `errors`, `latency p99`, `5xx`, a resource's name, a metric's name, or `Namespace/Metric` for
 * any metric that CloudWatch has of the environment. Of a metric that is there by several sets of dimensions, those are meant that the
 * environment's signals have, or else those with the fewest.
 *
 * @param by - a dimension that they must have instead
 * @throws UserError when there is none, with the names that are nearest
 * @throws ReleaseError when metrics cannot be listed
 */
export async function findSignals(name: string, by: string | undefined, search: SignalSearch): Promise<FoundSignals> {
  const known = search.signals.filter((signal) => wordsOf(signal).includes(name.toLowerCase()));
  const slash = name.lastIndexOf("/");
  if (slash <= 0 && known.length > 0 && by === undefined) {
    return { signals: known, otherDimensions: [] };
  }
  const listed = await listedMetrics(name, slash, known, search);
  const others = listed.filter((metric) => !known.some((each) => isSame(each.metric, metric)));
  if (known.length === 0 && others.length === 0) {
    throw await unknownName(name, search);
  }
  const all = [...known.map(({ metric }) => metric), ...others];
  if (by !== undefined) {
    const isBy = ({ dimensions }: MetricName) => Object.hasOwn(dimensions, by);
    const signals = [...known.filter(({ metric }) => isBy(metric)), ...others.filter(isBy).flatMap(signalsOfMetric)];
    if (signals.length === 0) {
      throw new UserError(`--by: ${name} is not there by '${by}'. It is by ${dimensionsOf(all).join(", ")}.`);
    }
    return { signals, otherDimensions: [] };
  }
  const fewest = Math.min(...others.map(({ dimensions }) => Object.keys(dimensions).length));
  const least = others.filter(({ dimensions }) => Object.keys(dimensions).length === fewest);
  const signals = known.length > 0 ? known : least.flatMap(signalsOfMetric);
  const shown = dimensionsOf(signals.map(({ metric }) => metric));
  return { signals, otherDimensions: dimensionsOf(all).filter((dimension) => !shown.includes(dimension)) };
}

/** Metrics that the name may mean, beside the signals: those with fewer dimensions first. */
async function listedMetrics(
  name: string,
  slash: number,
  known: readonly GoldenSignal[],
  { metrics, resources, signal }: SignalSearch,
): Promise<readonly MetricName[]> {
  if (slash > 0) {
    const listed = await metrics.list(name.slice(0, slash), {}, signal);
    return inOrder(ownMetrics(listed, resources).filter((metric) => metric.name === name.slice(slash + 1)));
  }
  if (known.length === 0) {
    const listed = await metrics.list(undefined, {}, signal);
    return inOrder(ownMetrics(listed, resources).filter((metric) => metric.name.toLowerCase() === name.toLowerCase()));
  }
  const namespaces = [...new Set(known.map(({ metric }) => metric.namespace))];
  const listed = (await Promise.all(namespaces.map((each) => metrics.list(each, {}, signal)))).flat();
  const isMeant = (metric: MetricName) =>
    known.some((each) => each.metric.namespace === metric.namespace && each.metric.name === metric.name);
  return inOrder(ownMetrics(listed, resources).filter(isMeant));
}

async function unknownName(name: string, search: SignalSearch): Promise<UserError> {
  const all = ownMetrics(await search.metrics.list(undefined, {}, search.signal), search.resources);
  const names = [
    ...search.signals.flatMap(offeredNamesOf),
    ...all.map((metric) => `${metric.namespace}/${metric.name}`),
  ];
  const nearest = nearestNames(name, names);
  const more = nearest.length > MOST_SHOWN ? `, and ${nearest.length - MOST_SHOWN} more` : "";
  return new UserError(
    `metric: ${search.environment} has no '${name}'. It has ${nearest.slice(0, MOST_SHOWN).join(", ")}${more}.`,
  );
}

function dimensionsOf(metrics: readonly MetricName[]): readonly string[] {
  return [...new Set(metrics.flatMap(({ dimensions }) => Object.keys(dimensions)))].sort();
}

/** Many optional ones are never there: they are found by their names, and offered by their topics only. */
function offeredNamesOf(signal: GoldenSignal): string[] {
  return signal.isOptional ? namesOf(signal).slice(1) : namesOf(signal);
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

/** Those with fewer dimensions first: they are of all. */
function inOrder(metrics: readonly MetricName[]): readonly MetricName[] {
  const keyOf = ({ namespace, dimensions }: MetricName) =>
    JSON.stringify([Object.keys(dimensions).length, namespace, Object.keys(dimensions), Object.values(dimensions)]);
  return metrics.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
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
      unit: unitOf(statistic, signal.unit),
    })),
  );
}

/** Some statistics count values, or give shares of them, instead of being one. */
function unitOf(statistic: string, unit: SignalUnit): SignalUnit {
  return /^(SampleCount|TC)/i.test(statistic) ? "count" : /^PR/i.test(statistic) ? "%" : unit;
}
