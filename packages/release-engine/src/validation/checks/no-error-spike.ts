import { compareRates, judgeRate, judgeSpike, type RateSample } from "@slipway/analysis";
import {
  type CheckContext,
  type CheckFinding,
  counted,
  findingOf,
  noTraffic,
  sampleOf,
  unmeasured,
  type ValidationCheck,
} from "../validation-check.ts";

/** Something that can fail, before and after the release. */
interface Compared {
  readonly subject: string;
  readonly units: string;
  readonly events: string;
  readonly now: RateSample;
  readonly before: RateSample;
}

/** Calls that fail, answers with 5xx and lines about errors do not come more often than before the release. */
export const noErrorSpike: ValidationCheck = {
  window: "immediate",
  name: "no-error-spike",
  title: "No error spikes in CloudWatch logs",
  judge(context) {
    const metrics = unmeasured(context.measurements.metrics);
    if ("findings" in metrics) {
      return metrics.findings;
    }
    const { stages, functions } = metrics.value;
    const rates: Compared[] = [
      ...stages.map(({ apiName, stage, requests, serverErrors, baseline }) => ({
        ...{ subject: `answers of ${apiName} ${stage}`, units: "requests", events: "were answered with 5xx" },
        now: sampleOf(serverErrors, requests),
        before: sampleOf(baseline.serverErrors, baseline.requests),
      })),
      ...functions.map(({ name, calls, errors, baseline }) => ({
        ...{ subject: `calls of ${name}`, units: "calls", events: "failed" },
        now: sampleOf(errors, calls),
        before: sampleOf(baseline.errors, baseline.calls),
      })),
    ];
    const calls = functions.reduce((sum, each) => sum + each.calls, 0);
    const callsBefore = functions.reduce((sum, each) => sum + each.baseline.calls, 0);
    return [...rates.map((each) => judgeRates(context, each)), ...judgeLines(context, calls, callsBefore)];
  },
};

function judgeRates(context: CheckContext, { subject, units, events, now, before }: Compared): CheckFinding {
  if (now.total === 0) {
    return noTraffic(context, subject, units.replace(/s$/, ""));
  }
  if (now.events === 0) {
    return { subject, status: "pass", found: `none of ${counted(now.total, units.replace(/s$/, ""))} ${events}` };
  }
  const next = whatNext(context);
  const words = { units, events };
  if (before.total === 0) {
    return withoutBaseline(context, subject, now, words);
  }
  const verdict = compareRates(
    { baseline: before, candidate: now },
    { words: { ...words, baseline: "before the release", candidate: "since" } },
  );
  return findingOf(context, verdict, subject, next);
}

/** The first release has nothing to be compared with: too many are too many all the same, and few are not known to be usual. */
function withoutBaseline(
  context: CheckContext,
  subject: string,
  now: RateSample,
  words: { readonly units: string; readonly events: string },
): CheckFinding {
  const limit = context.config.errorRate.mostPercent / 100;
  const verdict = judgeRate(now, { limit, minimumTotal: context.config.minimumRequests, words });
  if (verdict.status === "failed") {
    return findingOf(context, verdict, subject, whatNext(context));
  }
  const found = `${now.events} of ${now.total} ${words.units} ${words.events}, and there was no traffic before the release to compare with`;
  return { subject, status: "unknown", found, next: whatNext(context) };
}

function judgeLines(context: CheckContext, calls: number, callsBefore: number): readonly CheckFinding[] {
  const subject = "lines about errors in the functions' logs";
  const lines = unmeasured(context.measurements.errorLines, subject);
  if ("findings" in lines) {
    return lines.findings;
  }
  const { period, baseline } = lines.value;
  const times = context.measurements;
  if (calls === 0 && period.count === 0) {
    return [noTraffic(context, subject, "call of a function")];
  }
  if (period.count === 0) {
    return [{ subject, status: "pass", found: `none, with ${counted(calls, "call")}` }];
  }
  if (times.period === null || times.baseline === null || (callsBefore === 0 && baseline.count === 0)) {
    const found = `${counted(period.count, "line")}, and there was no traffic before the release to compare with`;
    return [{ subject, status: "unknown", found, next: whatNext(context) }];
  }
  if (baseline.more) {
    const found = `more than ${counted(baseline.count, "line")} before the release already: too many to be counted`;
    return [{ subject, status: "unknown", found, next: whatNext(context) }];
  }
  const length = ({ from, to }: { from: string; to: string }) => Date.parse(to) - Date.parse(from);
  const verdict = judgeSpike(
    {
      ...{ before: baseline.count, now: period.count },
      durations: { before: length(times.baseline), now: length(times.period) },
      units: { before: callsBefore, now: calls, name: "calls" },
    },
    { words: { events: "lines about errors" } },
  );
  const finding = findingOf(context, verdict, subject, whatNext(context));
  // Enough for a spike, but not for the proof that there is none.
  return period.more && finding.status === "pass"
    ? [{ subject, status: "unknown", found: `${finding.found}; there are more`, next: whatNext(context) }]
    : [finding];
}

function whatNext({ measurements: { environment }, flags }: CheckContext): string {
  return `slipway insights ${environment} error-analysis${flags}`;
}
