import {
  type CheckContext,
  type CheckFinding,
  noTraffic,
  unmeasured,
  type ValidationCheck,
} from "../validation-check.ts";

/** Metrics have data wherever there was traffic. That there was some is in the logs, because metrics cannot say that they are missing. */
export const metricsCollected: ValidationCheck = {
  window: "short",
  name: "metrics-collected",
  title: "Metrics are being collected",
  judge(context) {
    const metrics = unmeasured(context.measurements.metrics);
    if ("findings" in metrics) {
      return metrics.findings;
    }
    const { functions, stages, tables, namespaces } = metrics.value;
    const calls = functions.reduce((sum, each) => sum + each.calls, 0);
    return [
      ...functions.map(({ name, minutesWithData }) => judgeMinutes(context, name, name, minutesWithData)),
      ...stages.map(({ apiName, stage, minutesWithData }) =>
        judgeMinutes(context, `${apiName} ${stage}`, `${apiName} ${stage}`, minutesWithData),
      ),
      ...tables.map(({ name, requests, minutesWithData }) =>
        requests === 0 ? noTraffic(context, name, "request") : judgeMinutes(context, name, undefined, minutesWithData),
      ),
      ...namespaces.map(({ namespace: subject, known, withData }): CheckFinding => {
        const found = `${withData} of ${known} metrics have data`;
        if (withData > 0) {
          return { subject, status: "pass", found };
        }
        return calls === 0
          ? noTraffic(context, subject, "call of a function")
          : { subject, status: "fail", found, next: `aws cloudwatch list-metrics --namespace ${subject}` };
      }),
    ];
  },
};

/** A gateway answers some requests itself: those that it refuses, and preflights. */
const MAY_BE_MISSING: ReadonlySet<string> = new Set(["IntegrationLatency"]);

function judgeMinutes(
  context: CheckContext,
  subject: string,
  writer: string | undefined,
  minutes: Readonly<Record<string, number>>,
): CheckFinding {
  const missing = Object.keys(minutes).filter((name) => minutes[name] === 0 && !MAY_BE_MISSING.has(name));
  const found = Object.entries(minutes)
    .map(([name, count]) => `${name} in ${count === 1 ? "1 minute" : `${count} minutes`}`)
    .join(", ");
  if (missing.length === 0) {
    return { subject, status: "pass", found };
  }
  const next = `slipway metrics ${context.measurements.environment}${context.flags}`;
  if (Object.values(minutes).some((count) => count > 0)) {
    return {
      subject,
      status: "fail",
      found: `no data of ${missing.join(", ")}, although there was traffic: ${found}`,
      next,
    };
  }
  const { logActivity, environment, window } = context.measurements;
  const logged = "value" in logActivity ? logActivity.value.find((each) => each.writer === writer) : undefined;
  if (logged?.hasSettledEvents === true) {
    return { subject, status: "fail", found: `no data of ${missing.join(", ")}, although its log shows traffic`, next };
  }
  return logged?.hasEvents === true
    ? {
        ...{ subject, status: "unknown" },
        found: "its log shows traffic of the last minutes only, whose metrics may be under way",
        next: `slipway validate ${environment} --window ${window}${context.flags}`,
      }
    : noTraffic(context, subject, "traffic");
}
