import { type DashboardProblem, isObject } from "./dashboard-problem.ts";

/** What the object at the end of a metric may have. */
const RENDERING = new Set([
  ...["accountId", "color", "expression", "id", "label", "period", "region", "searchQuery", "stat", "visible", "yAxis"],
]);
const NOT_METRICS =
  'Field "metrics" has to be an array of array of strings, with an optional metricRenderer object as last element';

/**
 * Checks the metrics of a widget: `["AWS/Lambda", "Errors", "FunctionName", "f", { "stat": "Sum" }]`, where `"."` repeats the field
 * above it, and `"..."` as many as are left out; or an object with an expression alone.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html#CloudWatch-Dashboard-Properties-Metrics-Array-Format
 */
export function checkMetrics(metrics: readonly unknown[], path: string): DashboardProblem[] {
  const problems: DashboardProblem[] = [];
  let before: readonly string[] = [];
  metrics.forEach((metric, index) => {
    const at = `${path}/${index}`;
    if (!Array.isArray(metric)) {
      problems.push({ path: at, message: "Should be array" }, { path: at, message: NOT_METRICS });
      return;
    }
    const last: unknown = metric.at(-1);
    const rendering = isObject(last) ? last : undefined;
    const fields: readonly unknown[] = rendering === undefined ? metric : metric.slice(0, -1);
    problems.push(...checkRendering(rendering, metric.length, at));
    if (fields.length === 0 && (rendering?.expression !== undefined || rendering?.searchQuery !== undefined)) {
      return;
    }
    const written = checkFields(fields, before, at);
    problems.push(...written.problems);
    before = written.fields;
  });
  return problems;
}

function checkRendering(
  rendering: Record<string, unknown> | undefined,
  length: number,
  at: string,
): DashboardProblem[] {
  const unknown = Object.keys(rendering ?? {}).filter((property) => !RENDERING.has(property));
  const color = rendering?.color;
  if (typeof color === "string" && !/^#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?$/.test(color)) {
    unknown.push("color");
  }
  // AWS takes such an object for no rendering at all, and says no more than the first of these.
  return unknown.length === 0
    ? []
    : [
        { path: at, message: `Should NOT have more than ${length - 1} items` },
        ...unknown.map((property) => ({
          path: `${at}/${length - 1}`,
          message:
            property === "color"
              ? 'The "color" of a metric is a hexadecimal code such as #ff9900'
              : `The property "${property}" is none of a metric: dimensions are names and values among the metric's strings`,
        })),
      ];
}

/** The fields of a metric with its repeat markers filled in. */
function checkFields(
  given: readonly unknown[],
  before: readonly string[],
  at: string,
): { fields: readonly string[]; problems: DashboardProblem[] } {
  const problems: DashboardProblem[] = [];
  const fields: string[] = [];
  given.forEach((field, index) => {
    if (typeof field !== "string") {
      problems.push({
        path: `${at}/${index}`,
        message: 'Invalid metric field type, only "String" type is allowed',
      });
    } else if (field === "...") {
      const left = given.length - index - 1;
      fields.push(...before.slice(fields.length, before.length - left));
    } else if (field === "." && before[fields.length] === undefined) {
      problems.push({
        path: `${at}/${index}`,
        message: 'Repeat marker "." used but not enough fields in previous metric',
      });
    } else {
      fields.push(field === "." ? (before[fields.length] as string) : field);
    }
  });
  if (problems.length === 0 && (fields.length < 2 || fields.length % 2 !== 0)) {
    problems.push({
      path: at,
      message: `A metric has a namespace, a name, and dimensions by name and value, got ${fields.length} fields`,
    });
  }
  return { fields, problems };
}
