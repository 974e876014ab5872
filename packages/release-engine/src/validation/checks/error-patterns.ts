import { counted, noTraffic, unmeasured, type ValidationCheck } from "../validation-check.ts";

const MOST_SHOWN = 5;

/** No error that was not there before the release, and none that comes much more often. */
export const errorPatterns: ValidationCheck = {
  window: "extended",
  name: "error-patterns",
  title: "No unusual error patterns",
  judge(context) {
    const { measurements, flags } = context;
    const lines = unmeasured(measurements.errorLines);
    const metrics = unmeasured(measurements.metrics);
    if ("findings" in lines) {
      return lines.findings;
    }
    if ("findings" in metrics) {
      return metrics.findings;
    }
    const { period, baseline, unusual } = lines.value;
    const next = `slipway insights ${measurements.environment} error-analysis${flags}`;
    const calls = metrics.value.functions.reduce((sum, each) => sum + each.calls, 0);
    const callsBefore = metrics.value.functions.reduce((sum, each) => sum + each.baseline.calls, 0);
    if (calls === 0 && period.count === 0) {
      const { subject: _, ...finding } = noTraffic(context, "", "call of a function");
      return [finding];
    }
    if (period.count === 0) {
      return [{ status: "pass", found: `no line about an error, with ${counted(calls, "call")}` }];
    }
    if (measurements.baseline === null || (callsBefore === 0 && baseline.count === 0)) {
      const found = `${counted(period.count, "line")} about errors, and no traffic before the release that would say which are usual`;
      return [{ status: "unknown", found, next }];
    }
    if (unusual.length > 0) {
      const shown = unusual.slice(0, MOST_SHOWN).map(({ kind, fingerprint, before, now, example }) => {
        const much = kind === "new" ? `new, ${counted(now, "time")}` : `${counted(now, "time")}, ${before} before`;
        return `${fingerprint} (${much}), such as: ${firstLine(example)}`;
      });
      const rest = unusual.length > MOST_SHOWN ? [`and ${unusual.length - MOST_SHOWN} more`] : [];
      const found = [...shown, ...rest].join("\n");
      // What was there before is known from as many lines as were read: the rest may have had all of these.
      return baseline.more
        ? [
            {
              status: "unknown",
              found: `against the first ${counted(baseline.count, "line")} from before the release, which had more:\n${found}`,
              next,
            },
          ]
        : [{ status: "fail", found, next }];
    }
    return period.more || baseline.more
      ? [
          {
            status: "unknown",
            found: `nothing unusual in the first ${counted(period.count, "line")} about errors; there are more`,
            next,
          },
        ]
      : [
          {
            status: "pass",
            found: `${counted(period.count, "line")} about errors, all of a kind that was there before (${baseline.count})`,
          },
        ];
  },
};

function firstLine(text: string): string {
  const [line = ""] = text.split("\n");
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
