import { judgeStability } from "@slipway/analysis";
import { findingOf, noTraffic, unmeasured, type ValidationCheck } from "../validation-check.ts";

/** What nobody waits for: a step from 5 to 20 ms is none. */
const UNNOTICED_SHARE = 0.1;

/** Answers are as quick in every hour as in the others. */
export const performanceStable: ValidationCheck = {
  window: "extended",
  name: "performance-stable",
  title: "Performance is stable",
  judge(context) {
    const { measurements, config, flags } = context;
    const metrics = unmeasured(measurements.metrics);
    if ("findings" in metrics) {
      return metrics.findings;
    }
    const floor = Math.round(config.responseTime.limitMs * UNNOTICED_SHARE);
    return metrics.value.stages.map(({ apiName, stage, hours, timed }) => {
      const subject = `answers of ${apiName} ${stage}, hour by hour`;
      if (hours.length === 0 && timed > 0) {
        return { subject, status: "unknown", found: "no hour of the clock has begun since the release" };
      }
      if (hours.length === 0) {
        return noTraffic(context, subject, "answer whose time was measured");
      }
      const verdict = judgeStability(
        hours.map(({ from, p90Ms, samples }) => ({
          at: Date.parse(from),
          value: Math.max(floor, p90Ms),
          samples: Math.round(samples),
        })),
        { words: { value: `90th percentile (${floor} ms where it was less)`, unit: "ms" } },
      );
      return findingOf(context, verdict, subject, `slipway metrics ${measurements.environment} --window 24h${flags}`);
    });
  },
};
