import { judgeRate } from "@slipway/analysis";
import { findingOf, noTraffic, sampleOf, unmeasured, type ValidationCheck } from "../validation-check.ts";

/** Few requests are answered with 5xx, and few calls of functions fail. */
export const errorRate: ValidationCheck = {
  window: "short",
  name: "error-rate",
  title: ({ errorRate: { mostPercent } }) => `Error rate is below ${mostPercent}%`,
  judge(context) {
    const { measurements, config, flags } = context;
    const metrics = unmeasured(measurements.metrics);
    if ("findings" in metrics) {
      return metrics.findings;
    }
    const policy = { limit: config.errorRate.mostPercent / 100, minimumTotal: config.minimumRequests };
    const next = `slipway insights ${measurements.environment} error-analysis${flags}`;
    return [
      ...metrics.value.stages.map(({ apiName, stage, requests, serverErrors }) => {
        const subject = `answers of ${apiName} ${stage}`;
        const words = { units: "requests", events: "were answered with 5xx" };
        return requests === 0
          ? noTraffic(context, subject, "request")
          : findingOf(context, judgeRate(sampleOf(serverErrors, requests), { ...policy, words }), subject, next);
      }),
      ...metrics.value.functions.map(({ name, calls, errors }) => {
        const subject = `calls of ${name}`;
        const words = { units: "calls", events: "failed" };
        return calls === 0
          ? noTraffic(context, subject, "call")
          : findingOf(context, judgeRate(sampleOf(errors, calls), { ...policy, words }), subject, next);
      }),
    ];
  },
};
