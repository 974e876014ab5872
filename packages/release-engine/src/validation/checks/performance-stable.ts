import { judgeStability } from "@slipway/analysis";
import { findingOf, noTraffic, sampleOf, tookText, unmeasured, type ValidationCheck } from "../validation-check.ts";

/** No hour has more slow answers than the others, and they do not become more. */
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
        // A rise to twice the share that may be slow has to be seen; a day that could not show it says nothing.
        {
          mustFind: Math.min(1, (2 * config.responseTime.slowPercent) / 100),
          words: { units: "answers", events: `took longer than ${tookText(byHour.slowMs)}` },
        },
      );
      const next = `slipway metrics ${measurements.environment} --window 24h${flags}`;
      return findingOf(context, verdict, subject, verdict.status === "failed" ? next : context.makeTraffic);
    });
  },
};
