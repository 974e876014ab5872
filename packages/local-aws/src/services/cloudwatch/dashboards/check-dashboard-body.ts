import { checkWidget } from "./check-widget.ts";
import { type DashboardProblem, type DashboardProblems, isObject } from "./dashboard-problem.ts";

const BODY_PROPERTIES = new Set(["widgets", "start", "end", "periodOverride", "variables"]);
const MAX_WIDGETS = 500;
/** Where a widget is put that says nothing of its size. */
const DEFAULT_SIZE = 6;

/**
 * Checks the body of a dashboard.
 *
 * AWS documents the structure and that what it refuses is named by path. Widgets that lie on each other are no error to it; local AWS
 * warns of them.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function checkDashboardBody(body: unknown): DashboardProblems {
  if (!isObject(body)) {
    return refused({ path: "", message: "Should be object" });
  }
  const { widgets, start, end, periodOverride, variables } = body;
  if (widgets === undefined) {
    return refused({ path: "", message: "Should have required property 'widgets'" });
  }
  if (!Array.isArray(widgets)) {
    return refused({ path: "/widgets", message: "Should be array" });
  }
  if (widgets.length > MAX_WIDGETS) {
    return refused({ path: "/widgets", message: `Should NOT have more than ${MAX_WIDGETS} items` });
  }
  const checked = widgets.map((widget, index) => checkWidget(widget, `/widgets/${index}`));
  const errors = checked.flatMap((each) => each.errors);
  for (const [property, value] of Object.entries({ start, end })) {
    if (value !== undefined && typeof value !== "string") {
      errors.push({ path: `/${property}`, message: "Should be string" });
    }
  }
  if (start === undefined && end !== undefined) {
    errors.push({ path: "", message: "Should have required property 'start'" });
  }
  if (periodOverride !== undefined && periodOverride !== "auto" && periodOverride !== "inherit") {
    errors.push({ path: "/periodOverride", message: "Should be equal to one of the allowed values: auto, inherit" });
  }
  if (variables !== undefined && !Array.isArray(variables)) {
    errors.push({ path: "/variables", message: "Should be array" });
  }
  const unknown = Object.keys(body)
    .filter((property) => !BODY_PROPERTIES.has(property))
    .map((property) => ({ path: "", message: `The "${property}" property is not expected, will be ignored` }));
  return {
    errors,
    warnings: [
      ...unknown,
      ...checked.flatMap((each) => each.warnings),
      ...(errors.length === 0 ? overlaps(widgets.filter(isObject)) : []),
    ],
  };
}

function refused(problem: DashboardProblem): DashboardProblems {
  return { errors: [problem], warnings: [] };
}

/** Widgets with a place of their own that lie on another one; those without a place are put where there is room. */
function overlaps(widgets: readonly Record<string, unknown>[]): DashboardProblem[] {
  const placed = widgets.flatMap(({ x, y, width = DEFAULT_SIZE, height = DEFAULT_SIZE }, index) =>
    typeof x === "number" && typeof y === "number"
      ? [{ index, x, y, right: x + Number(width), bottom: y + Number(height) }]
      : [],
  );
  return placed.flatMap((widget, position) => {
    const below = placed
      .slice(0, position)
      .find(
        ({ x, y, right, bottom }) => widget.x < right && x < widget.right && widget.y < bottom && y < widget.bottom,
      );
    return below === undefined
      ? []
      : [{ path: `/widgets/${widget.index}`, message: `The widget overlaps with /widgets/${below.index}` }];
  });
}
