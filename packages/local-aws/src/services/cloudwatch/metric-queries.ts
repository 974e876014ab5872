import type { MessageData, MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../core/aws-error.ts";
import {
  checkUnit,
  invalidValue,
  missing,
  readDimensions,
  readMetricName,
  validationError,
} from "./cloudwatch-state.ts";
import { checkLabel, isDynamic } from "./dynamic-label.ts";
import { BARE_WORDS, evaluateExpression, requireFunction } from "./metric-math/evaluate-expression.ts";
import { type Expression, ExpressionError } from "./metric-math/expression.ts";
import type { FunctionContext } from "./metric-math/function-context.ts";
import { parseExpression, partsOf } from "./metric-math/parse-expression.ts";
import { ofSeries, type TimeSeries, type Value } from "./metric-math/values.ts";
import type { StoredPoint } from "./metric-store.ts";
import { checkPeriod, mergeByPeriod, type Periods } from "./periods.ts";
import { parseSearch } from "./search/parse-search.ts";
import { searchMetrics } from "./search/search-metrics.ts";
import type { MetricIdentity, SeriesTable } from "./series-table.ts";
import { type StatisticFunction, statisticNamed } from "./statistic.ts";

const MAX_QUERIES = 500;
/** Metrics that one search gives at most. */
const MAX_FOUND = 500;
/** Data points that functions may make up in one request, over all of its time series; each takes some tens of bytes. */
const MAX_MADE_UP = 3_000_000;
/** Seconds; of a search that names no period, in a query without one. */
const SEARCH_PERIOD = 300;

/** A metric with the statistic that is wanted of it. */
export interface MetricStatQuery {
  readonly metric: MetricIdentity;
  /** Seconds. */
  readonly period: number;
  readonly statistic: StatisticFunction;
  readonly unit: string | undefined;
}

/** A query of `GetMetricData`, or of an alarm on metric math, checked and parsed. */
export interface PreparedQuery {
  readonly id: string;
  readonly label: string | undefined;
  readonly returnData: boolean;
  /** Seconds; what searches in the expression use that name no period of their own. */
  readonly period?: number | undefined;
  readonly metricStat: MetricStatQuery | undefined;
  readonly expression: Expression | undefined;
}

/** Where the points of metrics are read: the store, or what alarms hold in memory of it. */
export interface PointSource {
  readonly series: SeriesTable;
  /**
   * The points of a metric from a time to another, which is exclusive (seconds since the epoch), oldest first.
   *
   * @param distribution - false when they may come without
   */
  read(
    metric: MetricIdentity,
    from: number,
    to: number,
    period: number,
    distribution?: boolean,
  ): readonly StoredPoint[];
}

/** How `PutMetricAlarm` calls its queries; `GetMetricData` calls them `MetricDataQueries`. */
const ALARM_PARAMETER = "Metrics";

/** What {@link runQueries} works on. */
export interface QueryRun {
  readonly metrics: PointSource;
  /** The periods of the request, for a metric of the given period in seconds. */
  readonly periodsOf: (period: number) => Periods;
  /** Milliseconds since the epoch; what lies after it is not filled in. */
  readonly now: number;
  /** Told when as much as possible was done, but not all. */
  readonly onMessage?: (message: MessageData) => void;
}

/**
 * Checks and parses queries.
 *
 * @param parameter - the request's name for them: `MetricDataQueries` or `Metrics`
 * @throws AwsError `ValidationError` for an expression that local AWS cannot evaluate, naming the function
 */
export function prepareQueries(given: readonly MetricDataQuery[], parameter: string): PreparedQuery[] {
  if (given.length === 0) {
    throw missing(parameter);
  }
  if (given.length > MAX_QUERIES) {
    throw validationError(`The collection ${parameter} must not have a size greater than ${MAX_QUERIES}.`);
  }
  const ids = new Set<string>();
  const queries = given.map((query, index) => prepareQuery(query, `${parameter}.member.${index + 1}`));
  for (const { id } of queries) {
    if (ids.has(id)) {
      throw validationError(`The values for parameter id in ${parameter} are not unique: ${id}.`);
    }
    ids.add(id);
  }
  for (const query of queries) {
    checkReferences(query, ids);
    if (parameter === ALARM_PARAMETER && query.expression !== undefined) {
      refuseSearch(query.id, query.expression);
    }
  }
  return queries;
}

function prepareQuery(query: MetricDataQuery, path: string): PreparedQuery {
  const { Id: id = "", Expression: source, MetricStat: stat, Label: label, ReturnData: returnData = true } = query;
  if (!/^[a-z]\w{0,254}$/.test(id)) {
    throw validationError(
      `The value ${id} for parameter ${path}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  }
  if ((source === undefined) === (stat === undefined)) {
    throw validationError(`The parameter ${path} must have exactly one of Expression and MetricStat.`);
  }
  if (query.AccountId !== undefined) {
    throw new AwsError("NotImplemented", `Local AWS plays one account: leave ${path}.AccountId out.`);
  }
  if (label !== undefined && isDynamic(label)) {
    checkLabel(label, `${path}.Label`);
  }
  if (query.Period !== undefined) {
    checkPeriod(query.Period, `${path}.Period`);
  }
  return {
    id,
    label,
    returnData,
    period: query.Period,
    metricStat: stat === undefined ? undefined : prepareMetricStat(stat, `${path}.MetricStat`),
    expression: source === undefined ? undefined : parseNamed(id, source),
  };
}

function prepareMetricStat(stat: NonNullable<MetricDataQuery["MetricStat"]>, path: string): MetricStatQuery {
  const { Metric: metric, Stat: name, Period, Unit } = stat;
  if (metric === undefined) {
    throw missing(`${path}.Metric`);
  }
  if (name === undefined || name === "") {
    throw missing(`${path}.Stat`);
  }
  checkUnit(Unit, `${path}.Unit`);
  const identity = readMetricName(metric, `${path}.Metric.`);
  return {
    metric: { ...identity, dimensions: readDimensions(metric.Dimensions, `${path}.Metric.Dimensions`) },
    period: checkPeriod(Period, `${path}.Period`),
    statistic: statisticNamed(name, `${path}.Stat`),
    unit: Unit,
  };
}

function parseNamed(id: string, source: string): Expression {
  if (source.length === 0 || source.length > 2048) {
    throw invalidValue(source, `Expression of ${id}`);
  }
  if (/^\s*SELECT\s/i.test(source)) {
    throw validationError(`Error in expression '${id}' [Local AWS does not run Metrics Insights queries (SELECT)]`);
  }
  try {
    const expression = parseExpression(source);
    for (const name of partsOf(expression).functions) {
      requireFunction(name);
    }
    return expression;
  } catch (error) {
    throw namedError(id, error);
  }
}

function checkReferences(query: PreparedQuery, ids: ReadonlySet<string>): void {
  if (query.expression === undefined) {
    return;
  }
  for (const id of partsOf(query.expression).ids) {
    if (!ids.has(id) && !BARE_WORDS.has(id)) {
      throw validationError(`Error in expression '${query.id}' [There is no metric or expression with the id '${id}']`);
    }
  }
}

/** An alarm watches one time series, which a search does not give: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-search-expressions.html */
function refuseSearch(id: string, expression: Expression): void {
  if (partsOf(expression).functions.has("SEARCH")) {
    throw validationError(`Error in expression '${id}' [SEARCH is not supported in alarms]`);
  }
}

/**
 * Evaluates queries: metrics from the store, expressions from what they refer to.
 *
 * @returns values by query id
 * @throws AwsError `ValidationError` for expressions that refer to each other in a circle, or that combine what cannot be combined
 */
export function runQueries(queries: readonly PreparedQuery[], run: QueryRun): Map<string, Value> {
  const values = new Map<string, Value>();
  const underWay = new Set<string>();
  const byId = new Map(queries.map((query) => [query.id, query]));
  const series = queries.flatMap((query) =>
    query.metricStat === undefined ? [] : [readSeries(query, query.metricStat, run)],
  );
  const context = contextOf(series, run);

  function evaluate(id: string): Value | undefined {
    const known = values.get(id);
    const query = byId.get(id);
    if (known !== undefined || query === undefined) {
      return known;
    }
    if (underWay.has(id)) {
      throw new ExpressionError(`The expression refers to itself through '${id}'`);
    }
    underWay.add(id);
    const value =
      query.expression === undefined
        ? ofSeries(series.find((each) => each.id === id) as TimeSeries)
        : evaluateExpression(query.expression, evaluate, {
            ...context,
            search: (expression, statistic, period = query.period ?? SEARCH_PERIOD) =>
              searchSeries({ expression, statistic, period }, run),
          });
    values.set(id, value);
    return value;
  }

  for (const { id } of queries) {
    try {
      evaluate(id);
    } catch (error) {
      throw namedError(id, error);
    }
  }
  return values;
}

/** The values of one metric by period. */
function readSeries({ id, label }: PreparedQuery, stat: MetricStatQuery, { metrics, periodsOf }: QueryRun): TimeSeries {
  const { metric, period, statistic, unit } = stat;
  const periods = periodsOf(period);
  const points = metrics
    .read(metric, periods.start, periods.end, period, statistic.needsDistribution)
    .filter((point) => unit === undefined || unit === point.unit);
  const values = new Map<number, number>();
  for (const [time, aggregate] of mergeByPeriod(points, periods)) {
    const value = statistic.of(aggregate);
    if (value !== undefined) {
      values.set(time, value);
    }
  }
  const source = { metric, statistic: statistic.name, period };
  return { id, label: label ?? metric.name, period, points: values, source };
}

/** The metrics that a search finds, each with its values. */
function searchSeries(
  { expression, statistic, period }: { expression: string; statistic: string; period: number },
  run: QueryRun,
): TimeSeries[] {
  const shared = {
    period: checkPeriod(period, "Period of SEARCH"),
    statistic: statisticNamed(statistic, "Statistic of SEARCH"),
    unit: undefined,
  };
  const found = searchMetrics(run.metrics.series, parseSearch(expression), run.now);
  if (found.length > MAX_FOUND) {
    run.onMessage?.({ Code: "MaxMetricsExceeded", Value: "Maximum number of allowed metrics exceeded" });
  }
  return found
    .slice(0, MAX_FOUND)
    .map(({ metric, label }) =>
      readSeries(
        { id: "", label, returnData: true, metricStat: undefined, expression: undefined },
        { ...shared, metric },
        run,
      ),
    );
}

function contextOf(series: readonly TimeSeries[], { periodsOf, now }: QueryRun): Omit<FunctionContext, "search"> {
  const period = series.reduce((shortest, each) => Math.min(shortest, each.period), Number.POSITIVE_INFINITY);
  let madeUp = 0;
  return {
    metrics: series,
    period: Number.isFinite(period) ? period : 60,
    timestampsOf(each) {
      const periods = periodsOf(each);
      const end = Math.min(periods.end, now / 1000);
      const count = Math.max(0, Math.ceil((end - periods.start) / each));
      madeUp += count;
      if (madeUp > MAX_MADE_UP) {
        throw new ExpressionError(
          `More than ${MAX_MADE_UP} data points would have to be made up: ask for a longer Period, or for less time between StartTime and EndTime`,
        );
      }
      return Array.from({ length: count }, (_, index) => periods.start + index * each);
    },
  };
}

function namedError(id: string, error: unknown): unknown {
  return error instanceof ExpressionError ? validationError(`Error in expression '${id}' [${error.message}]`) : error;
}
