import { checkMetrics } from "./check-metrics.ts";
import { type DashboardProblem, type DashboardProblems, isObject } from "./dashboard-problem.ts";

/** The dashboard's grid. */
const COLUMNS = 24;
const MAX_HEIGHT = 1000;
const MAX_ALARMS = 100;
const WIDGET_PROPERTIES = new Set(["type", "x", "y", "width", "height", "properties"]);
const PERIODS_BELOW_A_MINUTE = [1, 5, 10, 20, 30];
const NO_SOURCE = "The metric widget should have specified a region and a data source or an alarm annotation";

type Properties = Readonly<Record<string, unknown>>;

/** What each type of widget must have, and what its properties must be. */
const TYPES: Readonly<Record<string, (properties: Properties, path: string) => DashboardProblem[]>> = {
  metric: metricProblems,
  text: (properties, path) => [...required(properties, path, "markdown"), ...text(properties, path, "markdown")],
  log: (properties, path) => [
    ...required(properties, path, "query"),
    ...required(properties, path, "region"),
    ...text(properties, path, "query"),
    ...oneOf(properties, path, "view", ["table", "timeSeries", "bar", "pie"]),
  ],
  alarm: (properties, path) => [
    ...required(properties, path, "alarms"),
    ...array(properties, path, "alarms", MAX_ALARMS),
    ...strings(properties.alarms, `${path}/alarms`),
  ],
  explorer: (properties, path) =>
    ["metrics", "labels"].flatMap((property) => [
      ...required(properties, path, property),
      ...array(properties, path, property),
    ]),
  custom: (properties, path) => required(properties, path, "endpoint"),
};

/**
 * Checks a widget. What AWS says of properties that it does not know is a warning; so is, here, a widget that goes over the grid's edge,
 * on which AWS is silent.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function checkWidget(widget: unknown, path: string): DashboardProblems {
  if (!isObject(widget)) {
    return { errors: [{ path, message: "Should be object" }], warnings: [] };
  }
  const { type, properties, x, width } = widget;
  const errors = [
    ...required(widget, path, "type"),
    ...oneOf(widget, path, "type", Object.keys(TYPES)),
    ...required(widget, path, "properties"),
    ...between(widget, path, "x", 0, COLUMNS - 1),
    ...between(widget, path, "y", 0, Number.MAX_SAFE_INTEGER),
    ...between(widget, path, "width", 1, COLUMNS),
    ...between(widget, path, "height", 1, MAX_HEIGHT),
  ];
  if (properties !== undefined && !isObject(properties)) {
    errors.push({ path: `${path}/properties`, message: "Should be object" });
  }
  if (isObject(properties) && typeof type === "string" && Object.hasOwn(TYPES, type)) {
    errors.push(...(TYPES[type]?.(properties, `${path}/properties`) ?? []));
  }
  const warnings = Object.keys(widget)
    .filter((property) => !WIDGET_PROPERTIES.has(property))
    .map((property) => ({
      path,
      message: `The "${property}" property is not expected to be part of a widget definition, will be ignored`,
    }));
  if (errors.length === 0 && Number(x ?? 0) + Number(width ?? 6) > COLUMNS) {
    warnings.push({
      path,
      message: `The widget ends beyond the ${COLUMNS} columns of the dashboard: x + width is more`,
    });
  }
  return { errors, warnings };
}

function metricProblems(properties: Properties, path: string): DashboardProblem[] {
  const { metrics, annotations, period } = properties;
  const ofAlarms = isObject(annotations) && Array.isArray(annotations.alarms);
  const problems = [...required(properties, path, "region"), ...text(properties, path, "region")];
  if (metrics === undefined && !ofAlarms) {
    problems.push(
      { path, message: "Should have required property 'metrics'" },
      { path, message: NO_SOURCE },
      { path, message: "Should have required property 'annotations'" },
    );
  } else if (problems.length > 0) {
    problems.push({ path, message: NO_SOURCE });
  }
  problems.push(...array(properties, path, "metrics"));
  if (Array.isArray(metrics)) {
    problems.push(...checkMetrics(metrics, `${path}/metrics`));
  }
  problems.push(...oneOf(properties, path, "view", ["timeSeries", "singleValue", "gauge", "bar", "pie", "table"]));
  if (period !== undefined && !(Number.isInteger(period) && isPeriod(Number(period)))) {
    problems.push({ path: `${path}/period`, message: "Should be 1, 5, 10, 20, 30 or a multiple of 60" });
  }
  return problems;
}

function isPeriod(seconds: number): boolean {
  return PERIODS_BELOW_A_MINUTE.includes(seconds) || (seconds > 0 && seconds % 60 === 0);
}

function required(object: Properties, path: string, property: string): DashboardProblem[] {
  return object[property] === undefined ? [{ path, message: `Should have required property '${property}'` }] : [];
}

function text(object: Properties, path: string, property: string): DashboardProblem[] {
  const value = object[property];
  return value === undefined || typeof value === "string"
    ? []
    : [{ path: `${path}/${property}`, message: "Should be string" }];
}

function oneOf(object: Properties, path: string, property: string, allowed: readonly string[]): DashboardProblem[] {
  const value = object[property];
  return value === undefined || (typeof value === "string" && allowed.includes(value))
    ? []
    : [
        {
          path: `${path}/${property}`,
          message: `Should be equal to one of the allowed values: ${allowed.join(", ")}`,
        },
      ];
}

function between(object: Properties, path: string, property: string, least: number, most: number): DashboardProblem[] {
  const value = object[property];
  if (value === undefined) {
    return [];
  }
  const message = !Number.isInteger(value)
    ? "Should be integer"
    : Number(value) < least
      ? `Should be >= ${least}`
      : Number(value) > most
        ? `Should be <= ${most}`
        : undefined;
  return message === undefined ? [] : [{ path: `${path}/${property}`, message }];
}

function array(
  object: Properties,
  path: string,
  property: string,
  most = Number.POSITIVE_INFINITY,
): DashboardProblem[] {
  const value = object[property];
  if (value === undefined) {
    return [];
  }
  if (!Array.isArray(value)) {
    return [{ path: `${path}/${property}`, message: "Should be array" }];
  }
  return value.length > most
    ? [{ path: `${path}/${property}`, message: `Should NOT have more than ${most} items` }]
    : [];
}

function strings(values: unknown, path: string): DashboardProblem[] {
  return Array.isArray(values)
    ? values.flatMap((value, index) =>
        typeof value === "string" ? [] : [{ path: `${path}/${index}`, message: "Should be string" }],
      )
    : [];
}
