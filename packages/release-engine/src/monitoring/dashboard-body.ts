import type { MetricName } from "../ports/metrics.ts";
import { ReleaseError } from "../release-error.ts";
import { expandMetrics } from "./expand-metrics.ts";

/** Where a widget is: on a grid of 24 columns, from the top. */
export interface WidgetPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line of a metric widget. */
export type WidgetSeries = {
  /** As expressions call it; absent where nothing does. */
  readonly id?: string;
  readonly label?: string;
  readonly visible: boolean;
  readonly statistic: string;
  readonly periodSeconds: number;
  /** Whether the period is its own, and not that of the widget or of CloudWatch. */
  readonly hasOwnPeriod: boolean;
  readonly axis: "left" | "right";
  /** Another Region than the dashboard's. */
  readonly region?: string;
  /** Another account. */
  readonly accountId?: string;
} & ({ readonly metric: MetricName } | { readonly expression: string });

/** A value that is drawn as a line. */
export interface HorizontalAnnotation {
  readonly label?: string;
  readonly value: number;
  readonly axis: "left" | "right";
}

/** Metrics. */
export interface MetricWidget {
  readonly type: "metric";
  readonly title?: string;
  /** `timeSeries`, `singleValue`, `gauge`, `bar`, `pie` or `table`. */
  readonly view: string;
  readonly series: readonly WidgetSeries[];
  readonly annotations: readonly HorizontalAnnotation[];
  readonly leftAxis: { readonly min?: number; readonly max?: number; readonly label?: string };
  /** ARN of the alarm whose metric it shows, instead of series of its own. */
  readonly alarmArn?: string;
}

/** A query of Logs Insights. */
export interface LogWidget {
  readonly type: "log";
  readonly title?: string;
  readonly view: string;
  readonly groups: readonly string[];
  /** Without the sources. */
  readonly query: string;
  readonly region?: string;
}

/** States of alarms. */
export interface AlarmWidget {
  readonly type: "alarm";
  readonly title?: string;
  readonly alarmArns: readonly string[];
  /** Which states are shown; all where it says nothing. */
  readonly states: readonly string[];
}

/** Text in Markdown. */
export interface TextWidget {
  readonly type: "text";
  readonly markdown: string;
}

/** A widget of another type, or one that is not as it must be, and why. */
export interface OtherWidget {
  readonly type: "other";
  readonly title?: string;
  readonly what: string;
}

/** One widget. */
export type DashboardWidget = WidgetPlace & (MetricWidget | LogWidget | AlarmWidget | TextWidget | OtherWidget);

/** A dashboard, as it says how it wants to be shown. */
export interface DashboardBody {
  /** Milliseconds that it looks back by itself; absent where it does not say, or names a date. */
  readonly lookBackMs?: number;
  readonly widgets: readonly DashboardWidget[];
}

const GRID_COLUMNS = 24;
const DEFAULT_SIZE = 6;
const DEFAULT_PERIOD = 300;
const DEFAULT_STATISTIC = "Average";

/**
 * Reads a dashboard's body. What a widget has that cannot be read makes it one of type `other`, which says what it is: the others can
 * be shown nevertheless.
 *
 * @throws {ReleaseError} when it is no dashboard at all
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function parseDashboardBody(name: string, text: string): DashboardBody {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw notADashboard(name, cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (!isRecord(body) || !Array.isArray(body.widgets)) {
    throw notADashboard(name, "its body has no array `widgets`");
  }
  const lookBackMs = durationMs(body.start);
  return {
    ...(lookBackMs === undefined ? {} : { lookBackMs }),
    widgets: placed(body.widgets.map(widgetOf), body.widgets),
  };
}

type Content = MetricWidget | LogWidget | AlarmWidget | TextWidget | OtherWidget;
type Fields = Readonly<Record<string, unknown>>;

function widgetOf(widget: unknown): Content {
  const type = isRecord(widget) ? textIn(widget, "type") : undefined;
  const properties = isRecord(widget) && isRecord(widget.properties) ? widget.properties : {};
  const title = textIn(properties, "title");
  try {
    switch (type) {
      case "metric":
        return metricWidget(properties);
      case "log":
        return logWidget(properties);
      case "alarm":
        return {
          type,
          ...(title === undefined ? {} : { title }),
          alarmArns: textsIn(properties, "alarms"),
          states: textsIn(properties, "states"),
        };
      case "text":
        return { type, markdown: textIn(properties, "markdown") ?? "" };
      default:
        throw new TypeError(`a widget of type ${type ?? "unknown"}, which is not shown here`);
    }
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { type: "other", ...(title === undefined ? {} : { title }), what };
  }
}

function metricWidget(properties: Fields): MetricWidget {
  const title = textIn(properties, "title");
  const annotations = isRecord(properties.annotations) ? properties.annotations : {};
  const leftAxis = isRecord(properties.yAxis) && isRecord(properties.yAxis.left) ? properties.yAxis.left : {};
  const alarmArn = textsIn(annotations, "alarms")[0];
  const metrics: unknown = properties.metrics ?? [];
  if (!Array.isArray(metrics)) {
    throw new TypeError("a metric widget whose `metrics` is no array");
  }
  const series = expandMetrics(metrics).map((each) => seriesOf(each, properties));
  const [min, max, label] = [numberIn(leftAxis, "min"), numberIn(leftAxis, "max"), textIn(leftAxis, "label")];
  return {
    type: "metric",
    ...(title === undefined ? {} : { title }),
    view: textIn(properties, "view") ?? "timeSeries",
    series,
    annotations: listIn(annotations, "horizontal").flatMap(annotationOf),
    leftAxis: {
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(label === undefined ? {} : { label }),
    },
    ...(alarmArn === undefined ? {} : { alarmArn }),
  };
}

function seriesOf({ names, options }: { names: readonly string[]; options: Fields }, widget: Fields): WidgetSeries {
  const expression = textIn(options, "expression");
  const [id, label, region] = [
    textIn(options, "id"),
    textIn(options, "label"),
    textIn(options, "region") ?? textIn(widget, "region"),
  ];
  const accountId = textIn(options, "accountId") ?? textIn(widget, "accountId");
  const common = {
    ...(id === undefined ? {} : { id }),
    ...(label === undefined ? {} : { label }),
    ...(region === undefined ? {} : { region }),
    ...(accountId === undefined ? {} : { accountId }),
    visible: options.visible !== false,
    statistic: textIn(options, "stat") ?? textIn(widget, "stat") ?? DEFAULT_STATISTIC,
    periodSeconds: numberIn(options, "period") ?? numberIn(widget, "period") ?? DEFAULT_PERIOD,
    hasOwnPeriod: numberIn(options, "period") !== undefined,
    axis: options.yAxis === "right" ? ("right" as const) : ("left" as const),
  };
  if (expression !== undefined) {
    return { ...common, expression };
  }
  const [namespace, name, ...rest] = names;
  if (namespace === undefined || name === undefined || rest.length % 2 !== 0) {
    throw new TypeError(`a metric widget with a metric that is none: ${JSON.stringify(names)}`);
  }
  const dimensions: Record<string, string> = {};
  for (let index = 0; index < rest.length; index += 2) {
    dimensions[rest[index] ?? ""] = rest[index + 1] ?? "";
  }
  return { ...common, metric: { namespace, name, dimensions } };
}

/** A band between two values has two of them. */
function annotationOf(given: unknown): HorizontalAnnotation[] {
  const parts = Array.isArray(given) ? given : [given];
  return parts.filter(isRecord).flatMap((part) => {
    const value = numberIn(part, "value");
    const label = textIn(part, "label");
    if (value === undefined || part.visible === false) {
      return [];
    }
    const axis = part.yAxis === "right" ? "right" : "left";
    return [{ ...(label === undefined ? {} : { label }), value, axis } as const];
  });
}

/** `SOURCE 'a' | SOURCE 'b' | fields @message`. */
function logWidget(properties: Fields): LogWidget {
  const title = textIn(properties, "title");
  const region = textIn(properties, "region");
  let query = textIn(properties, "query")?.trim() ?? "";
  const groups: string[] = [];
  for (;;) {
    const [matched, single, double, bare] =
      /^SOURCE\s+(?:'([^']+)'|"([^"]+)"|([^\s|'"()]+))\s*\|\s*/i.exec(query) ?? [];
    if (matched === undefined) {
      break;
    }
    groups.push(single ?? double ?? bare ?? "");
    query = query.slice(matched.length);
  }
  if (groups.length === 0 || query === "" || /^SOURCE\b/i.test(query)) {
    throw new TypeError("a log widget whose query does not begin with SOURCE 'log group' |");
  }
  return {
    type: "log",
    ...(title === undefined ? {} : { title }),
    ...(region === undefined ? {} : { region }),
    view: textIn(properties, "view") ?? "table",
    groups,
    query,
  };
}

/** Widgets that do not say where they are follow each other, from left to right and from top to bottom. */
function placed(contents: readonly Content[], widgets: readonly unknown[]): DashboardWidget[] {
  let [left, top, bottom] = [0, 0, 0];
  return contents.map((content, index) => {
    const given = widgets[index];
    const fields = isRecord(given) ? given : {};
    const width = Math.min(GRID_COLUMNS, numberIn(fields, "width") ?? DEFAULT_SIZE);
    const height = numberIn(fields, "height") ?? DEFAULT_SIZE;
    if (left + width > GRID_COLUMNS) {
      [left, top] = [0, bottom];
    }
    const [x, y] = [numberIn(fields, "x") ?? left, numberIn(fields, "y") ?? top];
    [left, top] = [x + width, y];
    bottom = Math.max(bottom, y + height);
    return { ...content, x, y, width, height };
  });
}

/** `-PT3H`, `-P1D`, `-P1W`; months and years as people mean them, not as calendars do. */
function durationMs(start: unknown): number | undefined {
  const match = /^-P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
    typeof start === "string" ? start : "",
  );
  if (match === null) {
    return undefined;
  }
  const unitsMs = [365 * 86_400, 30 * 86_400, 7 * 86_400, 86_400, 3_600, 60, 1].map((seconds) => seconds * 1000);
  const total = unitsMs.reduce((sum, unitMs, index) => sum + unitMs * Number(match[index + 1] ?? 0), 0);
  return total === 0 ? undefined : total;
}

function notADashboard(name: string, why: string, cause?: unknown): ReleaseError {
  return new ReleaseError(
    {
      kind: "failed",
      what: `The dashboard ${name} cannot be read`,
      why,
      next: "apply the infrastructure: it is what makes the dashboard",
    },
    { cause },
  );
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function numberIn(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === "number" ? value : undefined;
}

function listIn(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  return Array.isArray(value) ? value : [];
}

function textsIn(fields: Fields, name: string): readonly string[] {
  return listIn(fields, name).filter((value) => typeof value === "string");
}
