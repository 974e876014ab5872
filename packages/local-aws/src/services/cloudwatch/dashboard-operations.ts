import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { Operations } from "../../core/service.ts";
import type { Collection } from "../../store/store.ts";
import { type CloudWatch, missing, readToken, writeToken } from "./cloudwatch-state.ts";
import { checkDashboardBody } from "./dashboards/check-dashboard-body.ts";
import type { DashboardProblem } from "./dashboards/dashboard-problem.ts";
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

const PAGE = 1000;

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
      const warnings = checkBody(body);
      const tags = Tags === undefined ? (dashboards.get(name)?.tags ?? {}) : tagRecord(Tags);
      dashboards.put(name, { name, arn: arnOf(name), body, modifiedAt: core.clock.now(), tags });
      return { DashboardValidationMessages: warnings.map(describeProblem) };
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

/** Checks a body; returns what is odd about it. @throws AwsError for what is wrong */
function checkBody(text: string): readonly DashboardProblem[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw invalidDashboard("The field DashboardBody must be a valid JSON object", []);
  }
  const { errors, warnings } = checkDashboardBody(body);
  if (errors.length > 0) {
    const list = JSON.stringify(
      errors.map(({ path, message }) => ({ dataPath: path, message })),
      undefined,
      2,
    );
    throw invalidDashboard(
      `The dashboard body is invalid, there are ${errors.length} validation errors:\n${list}`,
      errors,
    );
  }
  return warnings;
}

function describeProblem({ path, message }: DashboardProblem): { DataPath: string; Message: string } {
  return { DataPath: path, Message: message };
}

function invalidDashboard(message: string, problems: readonly DashboardProblem[]): AwsError {
  return new AwsError("DashboardInvalidInputError", message, {
    fields: { dashboardValidationMessages: problems.map(describeProblem) },
  });
}

function notFound(name: string): AwsError {
  return new AwsError("DashboardNotFoundError", `Dashboard ${name} does not exist`);
}
