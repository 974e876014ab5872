import type { Symptoms } from "./symptoms.ts";

const MINUTE_MS = 60_000;

/** Requests over time, to be asked often. */
export interface TrafficCurve {
  /** Requests a minute at the busiest times. */
  readonly busiest: number;
  /** Requests a minute. */
  rateAt(at: number): number;
  /** Requests between two moments; 0 where the first is the later one. */
  between(from: number, to: number): number;
}

/** The curve of what is known of the traffic; undefined where that is too little. */
export function trafficCurve(traffic: Symptoms["traffic"]): TrafficCurve | undefined {
  if (traffic === undefined || traffic.length < 2) {
    return undefined;
  }
  const rates = traffic.map(({ perMinute }) => perMinute).sort((left, right) => left - right);
  const busiest = rates[Math.floor(rates.length * 0.95)] ?? 0;
  if (!(busiest > 0)) {
    return undefined;
  }
  const until = [0];
  for (const [index, { at, perMinute }] of traffic.entries()) {
    const end = traffic[index + 1]?.at ?? at;
    until.push((until[index] ?? 0) + (perMinute * (end - at)) / MINUTE_MS);
  }
  const stepAt = (at: number) => {
    let [low, high] = [0, traffic.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      [low, high] = (traffic[middle]?.at ?? 0) <= at ? [middle, high] : [low, middle - 1];
    }
    return low;
  };
  const requestsUntil = (at: number) => {
    const step = stepAt(at);
    const { at: from = at, perMinute = 0 } = traffic[step] ?? {};
    return (until[step] ?? 0) + (perMinute * (at - from)) / MINUTE_MS;
  };
  return {
    busiest,
    rateAt: (at) => traffic[stepAt(at)]?.perMinute ?? 0,
    between: (from, to) => Math.max(0, requestsUntil(to) - requestsUntil(from)),
  };
}
