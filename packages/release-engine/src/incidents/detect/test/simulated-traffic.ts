import type { Random } from "./random.ts";

export const MINUTE_MS = 60_000;

/** What happened in a minute, by whom it is counted. */
export interface TrafficMinute {
  requests: number;
  /** Answers of 5xx that the function gave itself, and calls that failed. */
  faults: number;
  failures: number;
  clientErrors: number;
  refused: number;
  slow: number;
  /** Slower than five seconds: what the alarm on latencies looks at. */
  verySlow: number;
  throttles: number;
  long: number;
  tableRequests: number;
  tableThrottles: number;
  systemErrors: number;
  /** Of all of this, what the version has that is being tried out. */
  tried: { calls: number; faults: number; failures: number; slow: number };
  /** Messages of lines about errors, beside those of faults and failures. */
  lines: string[];
  /** Whether our own requests are answered; null: each as chance has it. */
  probes: "fail" | "no-answer" | null;
  memoryShare: number;
  /** Nine tenths of the answers took no longer. */
  p90Ms: number;
}

/** A traffic model: so many requests as people send in the course of a day and a week. */
export interface TrafficShape {
  /** Requests in a minute at the busiest and at the quietest time of a working day. */
  readonly peak: number;
  readonly night: number;
}

/** At most a few requests in 10,000 fail while all is well, as the objective says. */
const FAULT_RATE = 0.0007;
const FAILURE_RATE = 0.0003;

/** Requests that are expected at a time, without what chance makes of it: least at four in the morning, less at weekends. */
export function expectedRequests({ peak, night }: TrafficShape, at: number): number {
  const date = new Date(at);
  const hour = date.getUTCHours() + date.getUTCMinutes() / 60;
  const rhythm = ((1 - Math.cos((2 * Math.PI * (hour - 4)) / 24)) / 2) ** 1.5;
  const weekend = [0, 6].includes(date.getUTCDay()) ? 0.5 : 1;
  return night + (peak - night) * rhythm * weekend;
}

/** Bursts of traffic: a campaign, a crawler. By minute, how many times as much as usual. */
export function bursts(random: Random, minutes: number): Float64Array {
  const factors = new Float64Array(minutes).fill(1);
  for (let day = 0; day * 1_440 < minutes; day += 1) {
    for (let each = random.whole(2, 5); each > 0; each -= 1) {
      const [start, length] = [day * 1_440 + random.whole(0, 1_439), random.whole(2, 15)];
      factors.fill(random.between(1.5, 4), start, start + length);
    }
  }
  return factors;
}

/** A minute in which all is well, with what chance makes of it. */
export function healthyMinute(random: Random, expected: number): TrafficMinute {
  const requests = random.poisson(expected * Math.exp(0.12 * random.normal()));
  // Now and then a caller repeats what fails: failures come together.
  const together = requests > 0 && random.next() < 4 / 1_440 ? Math.min(requests, random.whole(1, 3)) : 0;
  const faults = Math.min(requests, random.binomial(requests, FAULT_RATE) + together);
  const failures = random.binomial(requests - faults, FAILURE_RATE);
  const slow = random.binomial(requests, 0.012);
  return {
    ...{ requests, faults, failures, slow },
    clientErrors: random.binomial(requests, 0.04),
    refused: random.binomial(requests, 0.0005),
    verySlow: random.binomial(slow, 0.01),
    // The account's concurrency is everybody's.
    throttles: random.next() < 1 / 4_000 ? random.whole(1, 2) : 0,
    long: random.binomial(requests, 0.000_03),
    tableRequests: Math.round(requests * 1.4),
    // On-demand tables throttle for moments while they grow.
    tableThrottles: random.next() < 1 / 1_440 ? random.whole(1, 6) : 0,
    systemErrors: random.binomial(requests, 0.000_01),
    tried: { calls: 0, faults: 0, failures: 0, slow: 0 },
    lines: [],
    probes: null,
    memoryShare: 0.6 + 0.1 * random.next(),
    p90Ms: 120 * Math.exp(0.15 * random.normal()),
  };
}
