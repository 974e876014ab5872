import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { Operations } from "../../core/service.ts";
import type { Collection } from "../../store/store.ts";
import { type CloudWatch, missing, readToken, writeToken } from "./cloudwatch-state.ts";
import { tagRecord } from "./tags.ts";

/** A dashboard as it is stored; keyed by its name. */
export interface Dashboard {
  readonly name: string;
  readonly arn: string;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

interface Problem {
  readonly DataPath: string;
  readonly Message: string;
}

const WIDGET_TYPES = ["metric", "text", "log", "alarm", "explorer", "custom"];
const PAGE = 1000;
const MAX_WIDGETS = 500;
const GRID_COLUMNS = 24;

/** Dashboards. */
export function dashboardOperations(core: Core, dashboards: Collection<Dashboard>): Operations<CloudWatch> {
  const arnOf = (name: string): string => `arn:aws:cloudwatch::${core.accountId}:dashboard/${name}`;
  return {
    PutDashboard({ DashboardName: name = "", DashboardBody: body, Tags }) {
      if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
        throw invalidDashboard(
          "The value for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).",
          [],
        );
      }
      if (body === undefined) {
        throw missing("DashboardBody");
      }
      checkBody(body);
      const tags = Tags === undefined ? (dashboards.get(name)?.tags ?? {}) : tagRecord(Tags);
      dashboards.put(name, { name, arn: arnOf(name), body, modifiedAt: core.clock.now(), tags });
      return { DashboardValidationMessages: [] };
    },

    GetDashboard({ DashboardName: name = "" }) {
      const dashboard = dashboards.get(name);
      if (dashboard === undefined) {
        throw notFound(name);
      }
      return { DashboardArn: dashboard.arn, DashboardBody: dashboard.body, DashboardName: name };
    },

    ListDashboards({ DashboardNamePrefix = "", NextToken }) {
      const found = dashboards.values(DashboardNamePrefix);
      const start = readToken(NextToken);
      return {
        DashboardEntries: found.slice(start, start + PAGE).map(({ name, arn, body, modifiedAt }) => ({
          DashboardName: name,
          DashboardArn: arn,
          LastModified: new Date(modifiedAt),
          Size: Buffer.byteLength(body),
        })),
        NextToken: start + PAGE < found.length ? writeToken(start + PAGE) : undefined,
      };
    },

    DeleteDashboards({ DashboardNames: names }) {
      if (names === undefined || names.length === 0) {
        throw missing("DashboardNames");
      }
      const unknown = names.find((name) => !dashboards.has(name));
      if (unknown !== undefined) {
        throw notFound(unknown);
      }
      core.store.transaction(() => {
        for (const name of names) {
          dashboards.delete(name);
        }
      });
      return {};
    },
  };
}

function checkBody(text: string): void {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw invalidDashboard("The field DashboardBody must be a valid JSON object", []);
  }
  const problems = bodyProblems(body);
  if (problems.length > 0) {
    throw invalidDashboard("The dashboard body is invalid, there are validation errors.", problems);
  }
}

/** What is wrong with a dashboard's structure; the contents of widgets are the console's business. */
function bodyProblems(body: unknown): Problem[] {
  const widgets = isObject(body) ? (body.widgets ?? []) : undefined;
  if (widgets === undefined) {
    return [{ DataPath: "", Message: "Should be an object" }];
  }
  if (!Array.isArray(widgets)) {
    return [{ DataPath: "/widgets", Message: "Should be an array" }];
  }
  if (widgets.length > MAX_WIDGETS) {
    return [{ DataPath: "/widgets", Message: `Should NOT have more than ${MAX_WIDGETS} items` }];
  }
  return widgets.flatMap((widget, index) => widgetProblems(widget, `/widgets/${index}`));
}

function widgetProblems(widget: unknown, path: string): Problem[] {
  if (!isObject(widget)) {
    return [{ DataPath: path, Message: "Should be an object" }];
  }
  const problems: Problem[] = [];
  if (!WIDGET_TYPES.includes(String(widget.type))) {
    problems.push({
      DataPath: `${path}/type`,
      Message: `Should be equal to one of the allowed values: ${WIDGET_TYPES.join(", ")}`,
    });
  }
  if (!isObject(widget.properties)) {
    problems.push({ DataPath: path, Message: "Should have required property 'properties'" });
  }
  for (const [name, smallest, largest] of [
    ["x", 0, GRID_COLUMNS - 1],
    ["y", 0, Number.MAX_SAFE_INTEGER],
    ["width", 1, GRID_COLUMNS],
    ["height", 1, 1000],
  ] as const) {
    const value = widget[name];
    if (value !== undefined && !(Number.isInteger(value) && Number(value) >= smallest && Number(value) <= largest)) {
      problems.push({
        DataPath: `${path}/${name}`,
        Message: `Should be an integer between ${smallest} and ${largest}`,
      });
    }
  }
  return problems;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalidDashboard(message: string, problems: readonly Problem[]): AwsError {
  const details = problems.map(({ DataPath, Message }) => `${DataPath}: ${Message}`).join("; ");
  return new AwsError("DashboardInvalidInputError", details === "" ? message : `${message} ${details}`, {
    fields: { dashboardValidationMessages: problems },
  });
}

function notFound(name: string): AwsError {
  return new AwsError("DashboardNotFoundError", `Dashboard ${name} does not exist`);
}
