import type { EnvironmentChange } from "./environment-change.ts";
import type { Reading } from "./read-symptoms.ts";
import type { Symptoms } from "./symptoms.ts";
import type { TrafficCurve } from "./traffic-curve.ts";

const MINUTE_MS = 60_000;
const LONG_MS = 12 * 60 * MINUTE_MS;
/** Nothing is looked for further back. */
export const HORIZON_MINUTES = 3 * 24 * 60;

/** How soon faults show: the shares of those within minutes, within the hour, within hours, and of those that burn slowly. */
type Delays = readonly [soon: number, hour: number, hours: number, slowly: number];

/** With how many minutes those are meant that show at once. */
type Pace = { readonly shares: Delays; readonly soonMinutes: number };

const delays: Readonly<Record<EnvironmentChange["part"], Delays>> = {
  code: [0.6, 0.15, 0.1, 0.15],
  infrastructure: [0.72, 0.14, 0.07, 0.07],
  data: [0.7, 0.2, 0.06, 0.04],
};

/**
 * How likely it is, for each minute, that a change begins to hurt at a time. Most faults show at once, some after the next busy hour, and
 * some burn slowly. Where the traffic is known, delays are also counted in requests: what was released at night shows in the morning.
 */
export function onsetDensity(change: EnvironmentChange, seen: Reading): (at: number) => number {
  const { moments, part } = change;
  const pace = delaysOf(part, moments[0]?.at ?? 0, seen);
  const { traffic } = seen;
  // A fault shows where it first has traffic, and where it has all of it.
  return (at) =>
    moments.reduce((sum, moment) => {
      const clock = (at - moment.at) / MINUTE_MS;
      const byClock = delayDensity(clock, pace);
      // In busy minutes the same delay is shorter; a minute of now counts as much as it is busy.
      const byRequests = traffic === undefined || clock < 0 ? byClock : densityByRequests(moment.at, at, pace, traffic);
      return sum + 0.65 * byClock + 0.35 * byRequests;
    }, 0) / Math.max(1, moments.length);
}

/**
 * Who waits long before it hurts has a reason: it is seldom asked for, it shows when there is much to do, or it fills the memory. What
 * spoils every other call at an hour like others was not there before.
 */
function delaysOf(
  part: EnvironmentChange["part"],
  from: number,
  { share, kinds, memoryGrows, symptoms }: Reading,
): Pace {
  // Where hours of metrics show when it really began, what is seldom asked for has been asked for by then.
  const isSeenLong = symptoms.versions.some(
    ({ minutes = [] }) => (minutes[0]?.at ?? symptoms.now) < symptoms.onset.at - LONG_MS,
  );
  const few = share === undefined || share < 0.04 ? 1 : share < 0.1 ? 0.7 : share < 0.25 ? 0.25 : 0.05;
  const seldom = few * (isSeenLong ? 0.4 : 1);
  const overload = (kinds.get("throttled") ?? 0) + (kinds.get("timeout") ?? 0) + (kinds.get("memory") ?? 0);
  const busy = busiestSince(from, symptoms) * (overload > 0.5 ? 1 : 0.5);
  const fills = (kinds.get("memory") ?? 0) > 0.3 || memoryGrows ? 1 : 0.02;
  const reason =
    part === "code" ? Math.max(seldom, busy, fills) : Math.max(part === "data" ? seldom * 0.3 : 0, busy, 0.03);
  const [soon, hour, hours, slowly] = delays[part];
  return {
    shares: [soon, hour * (0.2 + 0.8 * reason), hours * reason, slowly * reason],
    // What spoils many calls is seen with the first of them.
    soonMinutes: part === "infrastructure" || (share ?? 0) > 0.25 ? 1.5 : 3,
  };
}

/** Whether there was never so much to do since then: from 0 to 1. */
function busiestSince(from: number, { traffic = [], onset }: Symptoms): number {
  const since = traffic.filter(({ at }) => at >= from && at <= onset.at);
  const last = since.at(-1);
  if (last === undefined || since.length < 3) {
    return 0.3;
  }
  const earlier = Math.max(...since.slice(0, -2).map(({ perMinute }) => perMinute));
  return last.perMinute > earlier ? 1 : last.perMinute > 0.9 * earlier ? 0.4 : 0.05;
}

/** How often a fault shows after so many minutes, for each minute. */
function delayDensity(minutes: number, { shares: [soon, hour, hours, slowly], soonMinutes }: Pace): number {
  if (minutes < -1) {
    return 1e-9;
  }
  // Metrics have whole minutes, and what happened within one is where it begins.
  const since = Math.max(0.5, minutes);
  const slow = since >= 1 && since <= HORIZON_MINUTES ? 1 / (since * Math.log(HORIZON_MINUTES)) : 0;
  const all =
    soon * exponential(since, soonMinutes) +
    hour * exponential(since, 30) +
    hours * exponential(since, 240) +
    slowly * slow;
  return minutes < 0 ? all / 2 : all;
}

function exponential(value: number, mean: number): number {
  return Math.exp(-value / mean) / mean;
}

/** The delay in minutes of the busiest time that have as many requests. */
function densityByRequests(from: number, at: number, pace: Pace, traffic: TrafficCurve): number {
  const nowShare = Math.min(1, Math.max(0.02, traffic.rateAt(at) / traffic.busiest));
  return delayDensity(traffic.between(from, at) / traffic.busiest, pace) * nowShare;
}
