import { momentText, noTraffic, unmeasured, type ValidationCheck } from "../validation-check.ts";

/** Functions and gateways have logged as late as they had traffic. */
export const logsWritten: ValidationCheck = {
  window: "short",
  name: "logs-written",
  title: "CloudWatch logs are being written",
  judge(context) {
    const { measurements, flags } = context;
    const activity = unmeasured(measurements.logActivity);
    if ("findings" in activity) {
      return activity.findings;
    }
    return activity.value.map(({ group: subject, writer, hasEvents, lastTrafficAt, hasEventsSince }) => {
      if (lastTrafficAt === null) {
        return hasEvents
          ? { subject, status: "pass", found: `${writer} has written in this time` }
          : noTraffic(context, subject, `traffic of ${writer}`);
      }
      const when = momentText(lastTrafficAt);
      return hasEventsSince === true
        ? { subject, status: "pass", found: `${writer} has written since its last traffic, ${when}` }
        : {
            ...{ subject, status: "fail" },
            found: `${writer} had traffic at ${when}, and has written nothing since`,
            next: `slipway logs ${measurements.environment} --since 1h${flags}`,
          };
    });
  },
};
