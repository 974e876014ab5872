import { validationError } from "./cloudwatch-state.ts";
import type { TimeSeries } from "./metric-math/values.ts";

/** What a label may need beside its series. */
export interface LabelContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Minutes that local time is ahead of UTC. */
  readonly offsetMinutes: number;
  readonly accountId: string;
  readonly region: string;
}

type Point = readonly [time: number, value: number];

/** Values that are computed from points; at most five of them go into a label. */
const STATISTICS: Readonly<Record<string, (points: readonly Point[], context: LabelContext) => string>> = {
  AVG: (points) => formatNumber(sumOf(points) / points.length),
  DATAPOINT_COUNT: (points) => String(points.length),
  FIRST: (points) => formatNumber(first(points)[1]),
  FIRST_LAST_RANGE: (points) => formatNumber(last(points)[1] - first(points)[1]),
  FIRST_LAST_TIME_RANGE: (points) => formatSpan(last(points)[0] - first(points)[0]),
  FIRST_TIME: (points, context) => formatTime(first(points)[0], context),
  FIRST_TIME_RELATIVE: (points, context) => sinceThen(first(points)[0], context),
  LAST: (points) => formatNumber(last(points)[1]),
  LAST_TIME: (points, context) => formatTime(last(points)[0], context),
  LAST_TIME_RELATIVE: (points, context) => sinceThen(last(points)[0], context),
  MAX: (points) => formatNumber(highest(points)[1]),
  MAX_TIME: (points, context) => formatTime(highest(points)[0], context),
  MAX_TIME_RELATIVE: (points, context) => sinceThen(highest(points)[0], context),
  MIN: (points) => formatNumber(lowest(points)[1]),
  MIN_MAX_RANGE: (points) => formatNumber(highest(points)[1] - lowest(points)[1]),
  MIN_MAX_TIME_RANGE: (points) => formatSpan(Math.abs(highest(points)[0] - lowest(points)[0])),
  MIN_TIME: (points, context) => formatTime(lowest(points)[0], context),
  MIN_TIME_RELATIVE: (points, context) => sinceThen(lowest(points)[0], context),
  SUM: (points) => formatNumber(sumOf(points)),
};

const MAX_STATISTICS = 5;
/** The longest is `PROP('Dim.…')` with a name of 255 characters; without a limit, many of them that do not end take quadratic time. */
const PLACEHOLDER = /\$\{([^}]{0,300})\}/g;
const PROPERTY = /^PROP\('(AccountId|MetricName|Namespace|Period|Region|Stat|Dim\.[^']+)'\)$/;
/** What stands for a value that the series does not have. */
const NOTHING = "--";

/** True when a label has parts to be filled in. */
export function isDynamic(label: string): boolean {
  return label.includes("${");
}

/**
 * Checks the dynamic parts of a label.
 *
 * @param path - the request's name for it
 * @throws AwsError `ValidationError` naming a part that CloudWatch does not know, or saying that there are too many
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html
 */
export function checkLabel(label: string, path: string): void {
  const parts = [...label.matchAll(PLACEHOLDER)].map(([, part = ""]) => part);
  const unknown = parts.find((part) => part !== "LABEL" && !Object.hasOwn(STATISTICS, part) && !PROPERTY.test(part));
  if (unknown !== undefined) {
    throw validationError(
      `The value ${label} for parameter ${path} is invalid: there is no dynamic value \${${unknown}}.`,
    );
  }
  if (parts.filter((part) => Object.hasOwn(STATISTICS, part)).length > MAX_STATISTICS) {
    throw validationError(`The value for parameter ${path} has more than ${MAX_STATISTICS} dynamic statistics.`);
  }
  if (parts.filter((part) => part === "LABEL").length > 1) {
    throw validationError(`The value for parameter ${path} has \${LABEL} more than once.`);
  }
}

/**
 * Fills the dynamic parts of a label in, from the points of the whole time range. Numbers have at most four decimals; what a series
 * without points, or one of several metrics, does not have is `--`.
 */
export function fillLabel(label: string, series: TimeSeries, context: LabelContext): string {
  const points = [...series.points].sort(([left], [right]) => left - right);
  return label.replace(PLACEHOLDER, (_, part: string) => {
    if (part === "LABEL") {
      return series.label;
    }
    const statistic = Object.hasOwn(STATISTICS, part) ? STATISTICS[part] : undefined;
    if (statistic === undefined) {
      return propertyOf(series, PROPERTY.exec(part)?.[1] ?? "", context) ?? NOTHING;
    }
    return points.length === 0 && part !== "DATAPOINT_COUNT" ? NOTHING : statistic(points, context);
  });
}

/**
 * Reads `LabelOptions.Timezone`: `+0130`.
 *
 * @returns minutes ahead of UTC
 */
export function readTimezone(timezone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d)([0-5]\d)$/.exec(timezone ?? "+0000") ?? [];
  if (sign === undefined) {
    throw validationError(
      `The value ${timezone} for parameter LabelOptions.Timezone is invalid: write + or - and four digits, such as +0130.`,
    );
  }
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function propertyOf({ source, period }: TimeSeries, name: string, context: LabelContext): string | undefined {
  switch (name) {
    case "AccountId":
      return context.accountId;
    case "Region":
      return context.region;
    case "Period":
      return String(period);
    case "Stat":
      return source?.statistic;
    case "MetricName":
      return source?.metric.name;
    case "Namespace":
      return source?.metric.namespace;
    default: {
      const dimensions = source?.metric.dimensions ?? {};
      const dimension = name.slice("Dim.".length);
      return Object.hasOwn(dimensions, dimension) ? dimensions[dimension] : undefined;
    }
  }
}

const first = (points: readonly Point[]): Point => points[0] as Point;
const last = (points: readonly Point[]): Point => points.at(-1) as Point;
const sumOf = (points: readonly Point[]): number => points.reduce((sum, [, value]) => sum + value, 0);
const highest = (points: readonly Point[]): Point =>
  points.reduce((best, point) => (point[1] > best[1] ? point : best), first(points));
const lowest = (points: readonly Point[]): Point =>
  points.reduce((best, point) => (point[1] < best[1] ? point : best), first(points));

function formatNumber(value: number): string {
  return String(Math.round(value * 10_000) / 10_000);
}

/** `2026-11-28 09:30:00 +0130`; UTC by its name. */
function formatTime(seconds: number, { offsetMinutes }: LabelContext): string {
  const text = new Date((seconds + offsetMinutes * 60) * 1000).toISOString().slice(0, 19).replace("T", " ");
  if (offsetMinutes === 0) {
    return `${text} UTC`;
  }
  const minutes = Math.abs(offsetMinutes);
  const clock = `${Math.floor(minutes / 60)}`.padStart(2, "0") + `${minutes % 60}`.padStart(2, "0");
  return `${text} ${offsetMinutes < 0 ? "-" : "+"}${clock}`;
}

function sinceThen(seconds: number, { now }: LabelContext): string {
  return formatSpan(Math.abs(Math.floor(now / 1000) - seconds));
}

/** `1d 2h 5m 30s`, without the parts that are 0. */
function formatSpan(seconds: number): string {
  const parts: [amount: number, unit: string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ];
  const shown = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount}${unit}`);
  return shown.length === 0 ? "0s" : shown.join(" ");
}
