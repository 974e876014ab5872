import { counted, noTraffic, tookText, unmeasured, type ValidationCheck } from "../validation-check.ts";

/** Lambda breaks no call off. */
export const noTimeouts: ValidationCheck = {
  window: "short",
  name: "no-timeouts",
  title: "No Lambda timeouts",
  judge(context) {
    const { measurements, flags } = context;
    const metrics = unmeasured(measurements.metrics);
    const timeouts = unmeasured(measurements.timeouts);
    if ("findings" in timeouts) {
      return timeouts.findings;
    }
    if ("findings" in metrics) {
      return metrics.findings;
    }
    return timeouts.value.map(({ function: subject, timeoutMs, count }) => {
      const { calls = 0, longestMs = null } = metrics.value.functions.find(({ name }) => name === subject) ?? {};
      const longest = longestMs === null ? "" : `, the longest took ${tookText(longestMs)} of ${tookText(timeoutMs)}`;
      const found = `${counted(count, "call")} of ${Math.max(calls, count).toLocaleString("en-US")} broken off${longest}`;
      if (count > 0 || (longestMs ?? 0) >= timeoutMs) {
        const next = `slipway logs ${measurements.environment} --filter '"Task timed out"'${flags}`;
        return { subject, status: "fail", found, next };
      }
      return calls === 0 ? noTraffic(context, subject, "call") : { subject, status: "pass", found };
    });
  },
};
