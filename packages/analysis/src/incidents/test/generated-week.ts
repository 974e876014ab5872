import {
  type IncidentConfig,
  type IncidentSignal,
  incidentConfigSchema,
  validationConfigSchema,
} from "@slipway/contracts";
import { PERIOD_MS, type StageHistory, type StagePeriod } from "../earlier-days.ts";
import { earlierDaysSignals, risenFrom } from "../earlier-days-signals.ts";
import type { SharePoint } from "../find-share.ts";
import type { StageMinute } from "../incident-measurements.ts";
import { API, look, MINUTE_MS } from "./healthy-measurements.ts";
import { Random } from "./random.ts";

const DAY_MINUTES = 1_440;
const EARLIER_DAYS = 15;
/** A Monday's midnight. */
const FROM = Date.UTC(2026, 10, 2);

/** What goes wrong in the week, from a minute of it on. */
export interface WeekFault {
  readonly kind: "slower" | "vanished";
  readonly fromMinute: number;
  readonly minutes: number;
  /** So many times as slow. */
  readonly times?: number;
}

interface Minute {
  readonly requests: number;
  readonly p90Ms: number;
  /** Calls that begin cold. */
  readonly cold: number;
}

const COLD_MS = 900;

/**
 * A week of a stage, with two weeks before it: a rhythm of days and weekends, quiet nights, bursts, releases that start cold and change how
 * long answers take, a job each night, and hours in which everything is a little slower.
 */
export class GeneratedWeek {
  readonly config: {
    readonly incidents: IncidentConfig;
    readonly validation: ReturnType<typeof validationConfigSchema.parse>;
  };
  readonly #minutes: Minute[] = [];
  readonly #periods: StagePeriod[] = [];
  readonly #random: Random;
  #history: { readonly from: number; readonly value: StageHistory } | undefined;

  constructor(seed: number, fault?: WeekFault) {
    this.config = { incidents: incidentConfigSchema.parse({}), validation: validationConfigSchema.parse({}) };
    this.#random = new Random(seed);
    this.#make(fault);
  }

  /** The first minute of the week that is looked at. */
  static readonly first = EARLIER_DAYS * DAY_MINUTES;
  static readonly length = 7 * DAY_MINUTES;

  /** What is seen in a minute of the week, when it is over. */
  seenAt(minute: number): IncidentSignal[] {
    const index = GeneratedWeek.first + minute;
    const now = FROM + (index + 1) * MINUTE_MS;
    const history = this.#historyAt(now);
    const risen = risenFrom(history, now, this.config);
    const from = index - 29;
    const minutes: StageMinute[] = [];
    const above: SharePoint[] = [];
    for (let each = from; each <= index; each += 1) {
      const { requests, p90Ms, cold } = this.#minutes[each] ?? { requests: 0, p90Ms: 0, cold: 0 };
      const at = FROM + each * MINUTE_MS;
      if (requests > 0) {
        minutes.push({ at, requests, errors: 0, timed: requests, slow: 0 });
        if (risen !== undefined) {
          above.push({ at, events: this.#longer(each, requests, p90Ms, cold, risen.fromMs), total: requests });
        }
      }
    }
    const measurements = look({
      ...{ at: now, window: { from: now - 5 * MINUTE_MS, to: now }, read: { from: now - 30 * MINUTE_MS, to: now } },
      earlier: { value: [history] },
      stages: {
        value: [{ name: API, minutes, refused: null, ...(risen && { risen: { ...risen, minutes: above } }) }],
      },
      probes: null,
    });
    return earlierDaysSignals({ measurements, config: this.config });
  }

  /** Whether it is plain that answers take longer in the half hour from a minute on: enough come, and nine tenths are well above what is told. */
  isPlainAt(minute: number): boolean {
    const first = GeneratedWeek.first + minute;
    const now = FROM + (first + 1) * MINUTE_MS;
    const fromMs = risenFrom(this.#historyAt(now), now, this.config)?.fromMs ?? Number.POSITIVE_INFINITY;
    const own = this.#minutes.slice(first, first + 30);
    const mean = (of: (each: Minute) => number) => own.reduce((sum, each) => sum + of(each), 0) / own.length;
    return mean(({ requests }) => requests) >= 20 && mean(({ p90Ms }) => p90Ms) >= 1.2 * fromMs;
  }

  /** Read anew every six hours, as a look does. */
  #historyAt(now: number): StageHistory {
    const from = Math.floor(now / (6 * 60 * MINUTE_MS));
    if (this.#history?.from !== from) {
      const periods = this.#periods.filter(({ at }) => at + PERIOD_MS <= from * 6 * 60 * MINUTE_MS);
      this.#history = { from, value: { name: API, periods } };
    }
    return this.#history.value;
  }

  /** The same for the same minute and limit, whenever it is asked. */
  #longer(minute: number, requests: number, p90Ms: number, cold: number, fromMs: number): number {
    const chance = new Random(minute * 7_919 + Math.round(fromMs));
    const warm = chance.binomial(requests - cold, 0.1 ** (fromMs / p90Ms));
    return warm + (fromMs < COLD_MS ? cold : 0);
  }

  #make(fault: WeekFault | undefined): void {
    const random = this.#random;
    const days = EARLIER_DAYS + 7;
    const peak = Math.exp(random.between(Math.log(3), Math.log(2_000)));
    const night = random.one([0, 0.01, 0.05, 0.2, 0.4]);
    const weekend = random.one([0, 0.1, 0.3, 0.5, 1]);
    const peakHour = random.between(0, 24);
    const base = Math.exp(random.between(Math.log(10), Math.log(400)));
    const byLoad = random.between(-0.3, 0.4);
    const job = { hour: random.between(0, 24), times: random.one([1, 1.5, 2, 3]) };
    const factors = new Float64Array(days * DAY_MINUTES).fill(1);
    const slower = new Float64Array(days * DAY_MINUTES).fill(1);
    const cold = new Int32Array(days * DAY_MINUTES);
    let code = 1;
    for (let day = 0; day < days; day += 1) {
      const first = day * DAY_MINUTES;
      const spell = (least: number, most: number) => {
        const begin = first + random.whole(0, DAY_MINUTES - 1);
        return [begin, begin + random.whole(least, most)] as const;
      };
      for (let each = random.whole(2, 5); each > 0; each -= 1) {
        const [begin, end] = spell(2, 15);
        const more = random.between(1.5, 4);
        factors.fill(more, begin, end);
        multiply(slower, random.between(1, 1.6), begin, end);
      }
      // The job begins when others have ended.
      const begins = first + Math.round(job.hour * 60 + random.normal(0, 10));
      multiply(slower, job.times, begins, begins + random.whole(15, 40));
      if (random.chance(0.15)) {
        multiply(slower, random.between(1.2, 1.7), ...spell(10, 60));
      }
      // Whoever releases has the lease: no two at the same time.
      for (const hour of [random.whole(0, 7), random.whole(9, 15), random.whole(17, 22)].filter(() =>
        random.chance(0.6),
      )) {
        const begin = first + hour * 60 + random.whole(0, 45);
        for (const shift of [0, 5, 10]) {
          cold.fill(random.whole(1, 8), begin + shift, begin + shift + 2);
        }
        const now = Math.min(1.5, Math.max(0.7, code * random.between(0.92, 1.1)));
        multiply(slower, now / code, begin + 10, slower.length);
        code = now;
      }
    }
    let drift = 0;
    for (let index = 0; index < days * DAY_MINUTES; index += 1) {
      const hour = (index / 60) % 24;
      const rhythm = ((1 + Math.cos(((hour - peakHour) / 24) * 2 * Math.PI)) / 2) ** 1.5;
      const isWeekend = Math.floor(index / DAY_MINUTES) % 7 >= 5;
      const expected = peak * (night + (1 - night) * rhythm) * (isWeekend ? weekend : 1) * (factors[index] ?? 1);
      drift = drift * 0.98 + random.normal(0, 0.02);
      const at = index - GeneratedWeek.first;
      const isBad = fault !== undefined && at >= fault.fromMinute && at < fault.fromMinute + fault.minutes;
      const requests =
        isBad && fault.kind === "vanished" ? 0 : random.poisson(expected * Math.exp(random.normal(0, 0.12)));
      const times = isBad && fault.kind === "slower" ? (fault.times ?? 3) : 1;
      const p90Ms =
        base * (1 + byLoad * rhythm) * (slower[index] ?? 1) * Math.exp(drift + random.normal(0, 0.08)) * times;
      this.#minutes.push({ requests, p90Ms, cold: Math.min(requests, cold[index] ?? 0) });
    }
    for (let index = 0; index < days * DAY_MINUTES; index += 5) {
      this.#periods.push(...this.#periodOf(index));
    }
  }

  /** What CloudWatch makes of five minutes: of few answers no good percentile. */
  #periodOf(index: number): StagePeriod[] {
    const own = this.#minutes.slice(index, index + 5);
    const requests = own.reduce((sum, minute) => sum + minute.requests, 0);
    if (requests === 0) {
      return [];
    }
    const coldShare = own.reduce((sum, { cold }) => sum + cold, 0) / requests;
    const mean = own.reduce((sum, minute) => sum + minute.p90Ms * minute.requests, 0) / requests;
    const noise = Math.exp(this.#random.normal(0, 0.9 / Math.sqrt(Math.max(4, requests))));
    return [{ at: FROM + index * MINUTE_MS, requests, p90Ms: coldShare > 0.1 ? COLD_MS : mean * noise }];
  }
}

function multiply(values: Float64Array, factor: number, from: number, to: number): void {
  for (let index = Math.max(0, from); index < Math.min(to, values.length); index += 1) {
    values[index] = (values[index] ?? 1) * factor;
  }
}
