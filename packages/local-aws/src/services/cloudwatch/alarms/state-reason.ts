import type { MetricAlarm, MissingDataTreatment, StateValue } from "./alarm.ts";
import { comparisonOf } from "./comparisons.ts";
import { formatDate } from "./format-date.ts";

/** One period of an alarm's evaluation range. */
export interface RangePoint {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly value: number | undefined;
  /** How many values it is made of, where that is known. */
  readonly samples?: number | undefined;
}

/** An alarm's state with what it was found from. */
export interface FoundState {
  readonly state: StateValue;
  /** Oldest first. */
  readonly range: readonly RangePoint[];
  /** Seconds. */
  readonly period: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly treatMissingData: MissingDataTreatment;
}

type RealPoint = RangePoint & { readonly value: number };

/** From this number on, data points are named after the sentence, and only the latest of them. */
const MANY = 5;

/**
 * The reason for a state: a sentence in AWS's words, and `StateReasonData` with the data points that were evaluated.
 *
 * Alarms with `DatapointsToAlarm` say how many out of how many, and how many it takes; those without just name them. What AWS writes
 * for data points that are both many and filled up is not documented: here the two parts follow each other.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html (sample events)
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function explainState(alarm: MetricAlarm, found: FoundState): { reason: string; reasonData: string } {
  const real = found.range.filter((point): point is RealPoint => point.value !== undefined);
  const recent = real.slice(-alarm.evaluationPeriods);
  return { reason: sentence(alarm, found, recent), reasonData: JSON.stringify(data(alarm, found, recent)) };
}

function sentence(alarm: MetricAlarm, { state, treatMissingData }: FoundState, recent: readonly RealPoint[]): string {
  const { evaluationPeriods: periods, datapointsToAlarm } = alarm;
  const filled = periods - recent.length;
  if (state === "INSUFFICIENT_DATA") {
    return `Insufficient Data: ${filled} ${plural(filled, "datapoint was", "datapoints were")} unknown.`;
  }
  const treatedAs = { breaching: "Breaching", notBreaching: "NonBreaching", missing: undefined, ignore: undefined }[
    treatMissingData
  ];
  const missing =
    filled === 0 || treatedAs === undefined
      ? ""
      : ` and ${filled} missing ${plural(filled, "datapoint was", "datapoints were")} treated as [${treatedAs}]`;
  const { words, breaches } = comparisonOf(alarm);
  const wanted = recent.filter(({ value }) => breaches(value, alarm.threshold) === (state === "ALARM"));
  if (wanted.length === 0) {
    const received =
      recent.length === 0
        ? "no datapoints were"
        : `${recent.length} ${plural(recent.length, "datapoint was", "datapoints were")}`;
    return `Threshold Crossed: ${received} received for ${periods} ${plural(periods, "period", "periods")}${missing}.`;
  }
  const count =
    datapointsToAlarm === undefined
      ? `${wanted.length} ${plural(wanted.length, "datapoint", "datapoints")}`
      : `${wanted.length} out of the last ${periods} datapoints`;
  const shown = wanted.slice(-MANY).toReversed();
  const list = `[${shown.map(({ time, value }) => `${formatNumber(value)} (${formatShort(time)})`).join(", ")}]`;
  const needed = datapointsToAlarm ?? periods;
  const least = state === "ALARM" ? needed : periods - needed + 1;
  const transition = state === "ALARM" ? "OK -> ALARM" : "ALARM -> OK";
  const minimum =
    datapointsToAlarm === undefined
      ? ""
      : ` (minimum ${least} ${plural(least, "datapoint", "datapoints")} for ${transition} transition)`;
  const verb = `${plural(wanted.length, "was", "were")} ${state === "ALARM" ? "" : "not "}${words}`;
  const threshold = `the threshold (${formatNumber(alarm.threshold)})`;
  return wanted.length < MANY
    ? `Threshold Crossed: ${count} ${list} ${verb} ${threshold}${missing}${minimum}.`
    : `Threshold Crossed: ${count} ${verb} ${threshold}${missing}. The most recent datapoints which crossed the threshold: ${list}${minimum}.`;
}

/** Evaluated data points are the recent ones, newest first, and those that were missing, which have a time and no value. */
function data(alarm: MetricAlarm, { range, period, now }: FoundState, recent: readonly RealPoint[]) {
  const filled = alarm.evaluationPeriods - recent.length;
  const gaps =
    filled === 0
      ? []
      : range
          .filter(({ value }) => value === undefined)
          .slice(-filled)
          .map(({ time }) => ({ time, value: undefined, samples: undefined }));
  const evaluated = [...recent, ...gaps].sort((left, right) => right.time - left.time);
  return {
    version: "1.0",
    queryDate: formatDate(now),
    ...(recent[0] === undefined ? {} : { startDate: formatDate(recent[0].time * 1000) }),
    ...(alarm.metric?.unit === undefined ? {} : { unit: alarm.metric.unit }),
    ...(alarm.metric === undefined ? {} : { statistic: alarm.metric.statistic ?? alarm.metric.extendedStatistic }),
    period,
    recentDatapoints: recent.map(({ value }) => value),
    threshold: alarm.threshold,
    evaluatedDatapoints: evaluated.map(({ time, value, samples }) => ({
      timestamp: formatDate(time * 1000),
      ...(samples === undefined ? {} : { sampleCount: samples }),
      ...(value === undefined ? {} : { value }),
    })),
  };
}

function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

/** AWS's form of dates in reasons: `23/11/26 01:24:00`. */
function formatShort(seconds: number): string {
  const [date = "", time = ""] = new Date(seconds * 1000).toISOString().split("T");
  const [year = "", month, day] = date.split("-");
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}

/** As Java writes a double, where it is not very large or small: `5.0`, `0.0484`. */
function formatNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e7 ? value.toFixed(1) : String(value);
}
