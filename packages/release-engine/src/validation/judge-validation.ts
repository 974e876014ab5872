import type { Evidence, ValidationConfig, ValidationWindow } from "@slipway/contracts";
import { alarmsFunctioning } from "./checks/alarms-functioning.ts";
import { corsHeaders } from "./checks/cors-headers.ts";
import { costExpected } from "./checks/cost-expected.ts";
import { endpointsAccessible } from "./checks/endpoints-accessible.ts";
import { errorPatterns } from "./checks/error-patterns.ts";
import { errorRate } from "./checks/error-rate.ts";
import { functionResponds } from "./checks/function-responds.ts";
import { logsWritten } from "./checks/logs-written.ts";
import { metricsCollected } from "./checks/metrics-collected.ts";
import { noErrorSpike } from "./checks/no-error-spike.ts";
import { noSecurityIssues } from "./checks/no-security-issues.ts";
import { noThrottling } from "./checks/no-throttling.ts";
import { noTimeouts } from "./checks/no-timeouts.ts";
import { performanceStable } from "./checks/performance-stable.ts";
import { requestLogging } from "./checks/request-logging.ts";
import { responseTime } from "./checks/response-time.ts";
import { tableOperations } from "./checks/table-operations.ts";
import { userFeedback } from "./checks/user-feedback.ts";
import { windowComplete } from "./checks/window-complete.ts";
import type { CheckContext, ValidationCheck } from "./validation-check.ts";
import { windowsUpTo } from "./windows.ts";

/** The guide's lines, in its order. */
const GUIDE: readonly ValidationCheck[] = [
  functionResponds,
  endpointsAccessible,
  noErrorSpike,
  tableOperations,
  corsHeaders,
  requestLogging,
  errorRate,
  responseTime,
  noThrottling,
  noTimeouts,
  logsWritten,
  metricsCollected,
  errorPatterns,
  performanceStable,
  costExpected,
  noSecurityIssues,
  userFeedback,
  alarmsFunctioning,
];

/** Of every check that is made in some window, but for whether the window is over. */
export const validationCheckIds: readonly string[] = GUIDE.map(({ window, name }) => `validation.${window}.${name}`);

/** A line of the guide as it is checked. */
export interface ValidationLine {
  /** Of the check: `validation.short.error-rate`. */
  readonly id: string;
  readonly window: ValidationWindow;
  /** In the guide's words, with the limit of the configuration. */
  readonly title: string;
}

/** The guide's lines, in its order. */
export function validationLines(config: ValidationConfig): readonly ValidationLine[] {
  return GUIDE.map((check) => ({
    id: `validation.${check.window}.${check.name}`,
    window: check.window,
    title: titleOf(check, config),
  }));
}

/** The checks of a window: its own, and those of the windows before it, about the whole window. */
function checksOf(window: ValidationWindow): readonly ValidationCheck[] {
  const windows = windowsUpTo(window);
  return [windowComplete(window), ...GUIDE.filter((check) => windows.includes(check.window))];
}

/**
 * Judges what was measured, line by line of the guide. Pure: the same measurements give the same evidence, with the time at which they
 * were taken.
 */
export function judgeValidation(context: CheckContext): readonly Evidence[] {
  const { window, at } = context.measurements;
  return checksOf(window).flatMap((check) =>
    check.judge(context).map(
      ({ subject, status, found, next, forPeople }): Evidence => ({
        check: `validation.${check.window}.${check.name}`,
        ...(subject === undefined ? {} : { subject }),
        ...{ title: titleOf(check, context.config), status, found },
        ...(next === undefined || status === "pass" ? {} : { next }),
        at,
        ...(forPeople === undefined ? {} : { forPeople }),
      }),
    ),
  );
}

function titleOf({ title }: ValidationCheck, config: ValidationConfig): string {
  return typeof title === "string" ? title : title(config);
}
