import { counted, noTraffic, unmeasured, type ValidationCheck } from "../validation-check.ts";

/** No table, and no index, refuses reads or writes for lack of capacity. */
export const noThrottling: ValidationCheck = {
  window: "short",
  name: "no-throttling",
  title: "No database throttling",
  judge(context) {
    const { measurements, flags } = context;
    const metrics = unmeasured(measurements.metrics);
    if ("findings" in metrics) {
      return metrics.findings;
    }
    return metrics.value.tables.map(({ name: subject, requests, throttledReads, throttledWrites }) => {
      const found = `${counted(throttledReads, "read")} and ${counted(throttledWrites, "write")} throttled, ${counted(requests, "request")} succeeded`;
      if (throttledReads + throttledWrites > 0) {
        return { subject, status: "fail", found, next: `slipway metrics ${measurements.environment}${flags}` };
      }
      return requests === 0 ? noTraffic(context, subject, "request") : { subject, status: "pass", found };
    });
  },
};
