import type { ValidationMetrics } from "@slipway/contracts";
import {
  type CheckContext,
  type CheckFinding,
  counted,
  unmeasured,
  type ValidationCheck,
} from "../validation-check.ts";

/** No table fails or refuses requests, and the life of a record goes well: made, read, changed, deleted. */
export const tableOperations: ValidationCheck = {
  window: "immediate",
  name: "table-operations",
  title: "DynamoDB operations are successful",
  judge(context) {
    const smoke = judgeSmoke(context);
    const metrics = unmeasured(context.measurements.metrics);
    if ("findings" in metrics) {
      return [...smoke, ...metrics.findings];
    }
    const { tables, userErrors } = metrics.value;
    // With several tables nobody knows which of them a request of the smoke test has reached.
    const reached = tables.length === 1 && smoke.every(({ status }) => status === "pass") && hasWritten(context);
    return [...smoke, ...tables.map((table) => judgeTable(context, table, userErrors, reached))];
  },
};

function judgeSmoke({ measurements, flags }: CheckContext): readonly CheckFinding[] {
  if (measurements.smoke === null) {
    return [];
  }
  const subject = "smoke test";
  const smoke = unmeasured(measurements.smoke, subject);
  if ("findings" in smoke) {
    return smoke.findings;
  }
  const { steps, cleanup } = smoke.value;
  const all = [...steps, ...cleanup].filter(({ outcome }) => outcome !== "left-out");
  const bad = all.filter(({ outcome }) => outcome !== "passed");
  if (bad.length === 0) {
    return [{ subject, status: "pass", found: `all ${all.length} steps passed, cleanup included` }];
  }
  const [first] = bad;
  const found = `${bad.length} of ${all.length} steps did not pass; first "${first?.name}" (${first?.request}): ${first?.message}`;
  return [{ subject, status: "fail", found, next: `slipway logs ${measurements.environment} --since 5m${flags}` }];
}

/** Whether the smoke test has changed something: where it only sees that it is refused without a token, no table was asked. */
function hasWritten({ measurements: { smoke } }: CheckContext): boolean {
  return (
    smoke !== null &&
    "value" in smoke &&
    smoke.value.steps.some(
      ({ request, outcome, status = 0 }) =>
        outcome === "passed" && status >= 200 && status < 300 && !/^(GET|HEAD|OPTIONS) /.test(request),
    )
  );
}

function judgeTable(
  { measurements, makeTraffic, flags }: CheckContext,
  { name: subject, requests, systemErrors, throttledReads, throttledWrites }: ValidationMetrics["tables"][number],
  userErrors: number,
  isReachedBySmoke: boolean,
): CheckFinding {
  const throttled = throttledReads + throttledWrites;
  const numbers = `${counted(requests, "request")} succeeded, ${Math.round(systemErrors)} failed in DynamoDB, ${Math.round(throttled)} were throttled`;
  // Every 400 of the account, whoever it was and whatever table they meant: told, and no reason to fail this one.
  const account = userErrors === 0 ? "" : `; ${counted(userErrors, "bad request")} in the whole account`;
  if (systemErrors > 0 || throttled > 0) {
    const next = `slipway metrics ${measurements.environment}${flags}`;
    return { subject, status: "fail", found: numbers + account, next };
  }
  if (requests > 0) {
    return { subject, status: "pass", found: numbers + account };
  }
  return isReachedBySmoke
    ? { subject, status: "pass", found: "nobody used it before, and the smoke test's changes succeeded" }
    : { subject, status: "unknown", found: "no request reached it", next: makeTraffic };
}
