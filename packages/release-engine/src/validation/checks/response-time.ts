import { judgeRate } from "@slipway/analysis";
import { findingOf, noTraffic, sampleOf, tookText, unmeasured, type ValidationCheck } from "../validation-check.ts";

/** Few answers take longer than the limit: counted one by one, because percentiles of minutes do not add up to one of an hour. */
export const responseTime: ValidationCheck = {
  window: "short",
  name: "response-time",
  title: ({ responseTime: { limitMs } }) =>
    `Response time is acceptable (< ${limitMs === 1_000 ? "1 second" : tookText(limitMs)})`,
  judge(context) {
    const { measurements, config, flags } = context;
    const metrics = unmeasured(measurements.metrics);
    if ("findings" in metrics) {
      return metrics.findings;
    }
    const { limitMs, slowPercent } = config.responseTime;
    return metrics.value.stages.map(({ apiName, stage, slow, timed, longestMs }) => {
      const subject = `answers of ${apiName} ${stage}`;
      if (timed === 0) {
        return noTraffic(context, subject, "answer whose time was measured");
      }
      const verdict = judgeRate(sampleOf(slow, timed), {
        ...{ limit: slowPercent / 100, minimumTotal: config.minimumRequests },
        words: { units: "answers", events: `took longer than ${tookText(limitMs)}` },
      });
      const finding = findingOf(
        context,
        verdict,
        subject,
        `slipway insights ${measurements.environment} performance-analysis${flags}`,
      );
      return longestMs === null
        ? finding
        : { ...finding, found: `${finding.found}\nthe longest took ${tookText(longestMs)}` };
    });
  },
};
