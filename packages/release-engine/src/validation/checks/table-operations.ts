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
    const worked = smoke.some(({ status }) => status === "pass");
    return [...smoke, ...tables.map((table) => judgeTable(context, table, userErrors, worked))];
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
  const all = [...steps, ...cleanup];
  const bad = all.filter(({ outcome }) => outcome !== "passed");
  if (bad.length === 0) {
    return [{ subject, status: "pass", found: `all ${all.length} steps passed, cleanup included` }];
  }
  const [first] = bad;
  const found = `${bad.length} of ${all.length} steps did not pass; first "${first?.name}" (${first?.request}): ${first?.message}`;
  return [{ subject, status: "fail", found, next: `slipway logs ${measurements.environment} --since 5m${flags}` }];
}

function judgeTable(
  { measurements, makeTraffic, flags }: CheckContext,
  { name: subject, requests, systemErrors, throttledReads, throttledWrites }: ValidationMetrics["tables"][number],
  userErrors: number,
  smokeWorked: boolean,
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
  return smokeWorked
    ? { subject, status: "pass", found: "nobody used it before, and the smoke test's requests succeeded" }
    : { subject, status: "unknown", found: "no request reached it", next: makeTraffic };
}
