import { type PointSource, runQueries } from "../../metric-queries.ts";
import type { SeriesTable } from "../../series-table.ts";
import type { MetricAlarm, StateValue } from "../alarm.ts";
import { comparisonOf } from "../comparisons.ts";
import { evaluateMetricAlarm, type PreparedAlarm, rangeLength } from "../evaluate-metric-alarm.ts";
import { metricKey } from "../metric-key.ts";
import type { Rehearsed } from "./alarm-drill.ts";
import { assignments } from "./assignments.ts";
import { candidateSamples } from "./candidate-samples.ts";
import { type Assignment, MadeUpSeries } from "./made-up-series.ts";
import { plausibility } from "./plausible.ts";

/** When an alarm is rehearsed; nothing depends on it but functions of the time. */
export interface RehearsalMoment {
  readonly series: SeriesTable;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Evaluates a metric alarm as it is configured on made-up data for its own metrics: looks for values for which it goes off, and for
 * ones for which it is OK. What its dimensions are worth cannot be seen this way; but whether any of its metrics has ever had data.
 */
export function rehearseMetricAlarm(
  alarm: MetricAlarm,
  prepared: PreparedAlarm,
  { series, now }: RehearsalMoment,
): Rehearsed {
  const at = Math.floor(now / 1000 / prepared.period) * prepared.period;
  const stateFor = (assignmentAt: (time: number) => Assignment): StateValue | undefined =>
    evaluateMetricAlarm(alarm, prepared, { points: new MadeUpSeries(series, assignmentAt), at, now })?.state;
  let off: Assignment | undefined;
  let quiet: Assignment | undefined;
  const range = new ResultRange();
  const isPlausible = plausibility(prepared);
  for (const assignment of assignments(candidateSamples(alarm, prepared))) {
    if (!isPlausible(assignment)) {
      continue;
    }
    const state = stateFor(() => assignment);
    off ??= state === "ALARM" ? assignment : undefined;
    quiet ??= state === "OK" ? assignment : undefined;
    if (off !== undefined && quiet !== undefined) {
      break;
    }
    range.add(comparedValue(alarm, prepared, new MadeUpSeries(series, () => assignment), at, now));
  }
  const silent = neverSeen(prepared, series);
  if (off === undefined) {
    const what = `${comparisonOf(alarm).words} ${alarm.threshold}`;
    return {
      goesOff: false,
      recovers: quiet !== undefined,
      found: `can never go off: no values were found that are ${what}${range.describe()}, and a lack of data does not set it off either${silent}`,
    };
  }
  if (quiet === undefined) {
    return {
      goesOff: false,
      recovers: false,
      found: `is never OK: it goes off for ${describe(off, prepared)}, and for everything else that was tried it does so, too, or has too little data${silent}`,
    };
  }
  const [bad, good] = [off, quiet];
  const periods = fewest(
    alarm,
    (count) => stateFor((time) => (time >= at - count * prepared.period ? bad : good)) === "ALARM",
  );
  const after =
    periods === undefined || alarm.evaluationPeriods === 1
      ? ""
      : ` after ${periods} of ${alarm.evaluationPeriods} periods of ${prepared.period} s`;
  return {
    goesOff: true,
    recovers: true,
    found: `goes off for ${describe(bad, prepared)}${after} and is OK for ${describe(good, prepared)}${silent}`,
  };
}

/** The smallest number of bad periods, the latest ones, that set an alarm off: more of them do so, too. */
function fewest({ evaluationPeriods }: MetricAlarm, setsOff: (count: number) => boolean): number | undefined {
  let [none, enough] = [0, evaluationPeriods];
  if (!setsOff(enough)) {
    return undefined;
  }
  while (enough - none > 1) {
    const middle = Math.floor((none + enough) / 2);
    [none, enough] = setsOff(middle) ? [none, middle] : [middle, enough];
  }
  return enough;
}

/** The value that an alarm compares, for data that are the same in each period. */
function comparedValue(
  alarm: MetricAlarm,
  { queries, resultId, period }: PreparedAlarm,
  metrics: PointSource,
  at: number,
  now: number,
): number | undefined {
  const start = at - rangeLength(alarm) * period;
  const result = runQueries(queries, {
    metrics,
    periodsOf: (each) => ({ start, end: at, period: each }),
    now,
  }).get(resultId);
  return result?.kind === "series" ? [...result.series.points.values()].at(-1) : undefined;
}

/** Which values were reached. */
class ResultRange {
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;

  add(value: number | undefined): void {
    if (value !== undefined) {
      this.#least = Math.min(this.#least, value);
      this.#most = Math.max(this.#most, value);
    }
  }

  describe(): string {
    return this.#least > this.#most ? ", nor any at all" : ` (they lie between ${this.#least} and ${this.#most})`;
  }
}

function describe(assignment: Assignment, { queries }: PreparedAlarm): string {
  const metrics = new Map(
    queries.flatMap(({ metricStat }) => (metricStat ? [[metricKey(metricStat.metric), metricStat]] : [])),
  );
  const parts = [...metrics].map(([key, stat]) => {
    const sample = assignment.get(key);
    const name = stat.metric.name;
    return sample === undefined
      ? `no ${name}`
      : sample.count === 1
        ? `${name} ${round(sample.value)}`
        : `${name} ${round(sample.value)} (${sample.count} times)`;
  });
  return parts.join(", ");
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}

/** That none, or not all, of an alarm's metrics has ever had data: a name or a dimension may be wrong. */
function neverSeen({ queries }: PreparedAlarm, series: SeriesTable): string {
  const metrics = queries.flatMap(({ metricStat }) => metricStat?.metric ?? []);
  const unseen = metrics.filter((metric) => series.find(metric) === undefined);
  if (unseen.length === 0) {
    return "";
  }
  const names = [...new Set(unseen.map(({ namespace, name }) => `${namespace} ${name}`))].join(", ");
  return unseen.length === metrics.length
    ? `; none of its metrics has ever had data with these dimensions (${names})`
    : `; ${names} never had data with these dimensions`;
}
