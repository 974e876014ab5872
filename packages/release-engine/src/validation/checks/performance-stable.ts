import { judgeStability } from "@slipway/analysis";
import { findingOf, noTraffic, sampleOf, tookText, unmeasured, type ValidationCheck } from "../validation-check.ts";

/** No hour has more slow answers than the others, and they do not become more. */
export const performanceStable: ValidationCheck = {
  window: "extended",
  name: "performance-stable",
  title: "Performance is stable",
  judge(context) {
    const { measurements, flags } = context;
    const metrics = unmeasured(measurements.metrics);
    if ("findings" in metrics) {
      return metrics.findings;
    }
    return metrics.value.stages.map(({ apiName, stage, byHour, timed }) => {
      const subject = `answers of ${apiName} ${stage}, hour by hour`;
      if (timed === 0) {
        return noTraffic(context, subject, "answer whose time was measured");
      }
      if (byHour === null) {
        return {
          subject,
          status: "unknown",
          found: "no hour of the clock has begun and had answers since the release",
        };
      }
      const verdict = judgeStability(
        byHour.hours.map(({ from, answers, slow }) => ({ at: Date.parse(from), ...sampleOf(slow, answers) })),
        { words: { units: "answers", events: `took longer than ${tookText(byHour.slowMs)}` } },
      );
      return findingOf(context, verdict, subject, `slipway metrics ${measurements.environment} --window 24h${flags}`);
    });
  },
};
