import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../core/aws-error.ts";
import {
  checkUnit,
  invalidValue,
  missing,
  readDimensions,
  readMetricName,
  validationError,
} from "./cloudwatch-state.ts";
import { evaluateExpression, requireFunction } from "./metric-math/evaluate-expression.ts";
import { type Expression, ExpressionError } from "./metric-math/expression.ts";
import type { FunctionContext } from "./metric-math/functions.ts";
import { parseExpression, partsOf } from "./metric-math/parse-expression.ts";
import { ofSeries, type TimeSeries, type Value } from "./metric-math/values.ts";
import type { StoredPoint } from "./metric-store.ts";
import { checkPeriod, mergeByPeriod, type Periods } from "./periods.ts";
import type { MetricIdentity, SeriesTable } from "./series-table.ts";
import { type StatisticFunction, statisticNamed } from "./statistic.ts";

const MAX_QUERIES = 500;

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
  readonly metricStat: MetricStatQuery | undefined;
  readonly expression: Expression | undefined;
}

/** Where the points of metrics are read: the store, or what alarms hold in memory of it. */
export interface PointSource {
  readonly series: SeriesTable;
  /**
   * The points of a metric from a time to another, which is exclusive (seconds since the epoch), oldest first.
   *
   * @param distribution - false when sums, counts and extremes are enough; it may be there all the same
   */
  read(
    metric: MetricIdentity,
    from: number,
    to: number,
    period: number,
    distribution?: boolean,
  ): readonly StoredPoint[];
}

/** What {@link runQueries} works on. */
export interface QueryRun {
  readonly metrics: PointSource;
  /** The periods of the request, for a metric of the given period in seconds. */
  readonly periodsOf: (period: number) => Periods;
  /** Milliseconds since the epoch; what lies after it is not filled in. */
  readonly now: number;
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
  if (label !== undefined && /\$\{/.test(label)) {
    throw new AwsError(
      "NotImplemented",
      `Local AWS does not fill dynamic labels in: write ${path}.Label without \${...}.`,
    );
  }
  if (query.Period !== undefined) {
    checkPeriod(query.Period, `${path}.Period`);
  }
  return {
    id,
    label,
    returnData,
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
    if (!ids.has(id) && id !== "REPEAT" && id !== "LINEAR") {
      throw validationError(`Error in expression '${query.id}' [There is no metric or expression with the id '${id}']`);
    }
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
        : evaluateExpression(query.expression, evaluate, context);
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
export function readSeries(query: PreparedQuery, stat: MetricStatQuery, { metrics, periodsOf }: QueryRun): TimeSeries {
  const periods = periodsOf(stat.period);
  const points = metrics
    .read(stat.metric, periods.start, periods.end, stat.period)
    .filter(({ unit }) => stat.unit === undefined || stat.unit === unit);
  const values = new Map<number, number>();
  for (const [time, aggregate] of mergeByPeriod(points, periods)) {
    const value = stat.statistic.of(aggregate);
    if (value !== undefined) {
      values.set(time, value);
    }
  }
  return { id: query.id, label: query.label ?? stat.metric.name, period: stat.period, points: values };
}

function contextOf(series: readonly TimeSeries[], { periodsOf, now }: QueryRun): FunctionContext {
  const period = series.reduce((shortest, each) => Math.min(shortest, each.period), Number.POSITIVE_INFINITY);
  const periods = periodsOf(Number.isFinite(period) ? period : 60);
  const end = Math.min(periods.end, now / 1000);
  const timestamps: number[] = [];
  for (let time = periods.start; time < end; time += periods.period) {
    timestamps.push(time);
  }
  return { timestamps, period: periods.period, metrics: series };
}

function namedError(id: string, error: unknown): unknown {
  return error instanceof ExpressionError ? validationError(`Error in expression '${id}' [${error.message}]`) : error;
}
