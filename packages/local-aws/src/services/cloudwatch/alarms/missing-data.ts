import type { MissingDataTreatment, StateValue } from "./alarm.ts";

/** One period of the evaluation range, oldest first: `true` breaches, `false` does not, `undefined` is missing. */
export type Breaches = readonly (boolean | undefined)[];

/**
 * The state that the periods of an evaluation range stand for, by AWS's rules for M out of N and for missing data:
 *
 * 1. With at least N real data points the last N of them decide, and missing ones are of no interest.
 * 2. With fewer, the missing ones are filled in as told, as few as it takes to have N.
 * 3. Where they are not to be filled (`missing`, `ignore`): no data at all is insufficient; M breaching points alarm, and so
 *    do fewer, if nothing but breaching and missing points followed one that is at least M periods old. So a single late
 *    breach alarms only once enough time has passed for better news to arrive.
 *
 * @param range - more periods than N, as AWS looks further back than N for real data points
 * @returns `undefined` to keep the current state
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function judgeBreaches(
  range: Breaches,
  options: {
    readonly datapointsToAlarm: number;
    readonly evaluationPeriods: number;
    readonly treatMissingData: MissingDataTreatment;
  },
): StateValue | undefined {
  const { datapointsToAlarm: needed, evaluationPeriods, treatMissingData } = options;
  const real = range.filter((point) => point !== undefined);
  const evaluated = real.slice(-evaluationPeriods);
  const breaching = evaluated.filter(Boolean).length;
  const filled = evaluationPeriods - evaluated.length;
  if (filled === 0) {
    return breaching >= needed ? "ALARM" : "OK";
  }
  switch (treatMissingData) {
    case "breaching":
      return breaching + filled >= needed ? "ALARM" : "OK";
    case "notBreaching":
      return breaching >= needed ? "ALARM" : "OK";
    case "missing":
    case "ignore":
      return judgeUnfilled(range, breaching, needed, treatMissingData === "ignore");
  }
}

function judgeUnfilled(range: Breaches, breaching: number, needed: number, ignore: boolean): StateValue | undefined {
  if (breaching >= needed) {
    return "ALARM";
  }
  if (range.includes(false)) {
    return "OK";
  }
  // Nothing but breaches and gaps: how many periods ago was the oldest breach? The latest period is 1 ago.
  const oldest = range.indexOf(true);
  const age = oldest < 0 ? 0 : range.length - oldest;
  if (ignore) {
    return undefined;
  }
  return age >= needed ? "ALARM" : "INSUFFICIENT_DATA";
}
