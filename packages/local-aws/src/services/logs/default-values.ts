import type { Cancel, Clock } from "../../core/clock.ts";
import type { MetricDatum } from "../../core/ports.ts";

/** What a filter reports for a minute that had events, none of which matched. */
export type DefaultMetric = Omit<MetricDatum, "timestamp">;

/** What is known of a minute: `quiet` while nothing in it has matched and nothing was reported for it. */
type State = "matched" | "quiet" | "reported";

const MINUTE_MS = 60_000;
/** Minutes that are remembered of a filter: all that `PutLogEvents` takes events of, two weeks back and two hours ahead. */
const MOST_MINUTES = (14 * 24 + 2) * 60;

/** What happens at the end of a minute. */
export interface DefaultValuesPorts {
  /** Lets events be looked at that have come in and wait. */
  settle(): void;
  report(data: readonly MetricDatum[]): void;
}

/**
 * The default values of metric filters. A filter reports its default once for each minute in which events came and none matched: not
 * for each of those events, nor for a minute without any. That is known when the minute is over.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
 */
export class DefaultValues {
  readonly #clock: Clock;
  readonly #ports: DefaultValuesPorts;
  readonly #filters = new Map<string, { readonly metric: DefaultMetric; readonly minutes: Map<number, State> }>();
  #cancel: Cancel | undefined;

  constructor(clock: Clock, ports: DefaultValuesPorts) {
    this.#clock = clock;
    this.#ports = ports;
  }

  /**
   * Notes an event that a filter with a default value has looked at.
   *
   * @param timestamp - the event's own, in milliseconds since the epoch
   */
  note(filter: string, metric: DefaultMetric, timestamp: number, isMatch: boolean): void {
    const known = this.#filters.get(filter) ?? { metric, minutes: new Map<number, State>() };
    this.#filters.set(filter, known);
    const minute = Math.floor(timestamp / MINUTE_MS) * MINUTE_MS;
    const before = known.minutes.get(minute);
    if (isMatch) {
      known.minutes.set(minute, "matched");
    } else if (before === undefined) {
      known.minutes.set(minute, "quiet");
      this.#cancel ??= this.#schedule();
    }
    if (known.minutes.size > MOST_MINUTES) {
      const [oldest = minute] = known.minutes.keys();
      known.minutes.delete(oldest);
    }
  }

  /** Forgets a filter that is deleted, or has become another. */
  forget(filter: string): void {
    this.#filters.delete(filter);
  }

  /** Reports what there is to report, also of the minute that is not over: there is nobody to do so later. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#report(Number.POSITIVE_INFINITY);
  }

  #schedule(): Cancel {
    const next = (Math.floor(this.#clock.now() / MINUTE_MS) + 1) * MINUTE_MS;
    return this.#clock.schedule(next, () => {
      this.#cancel = undefined;
      this.#ports.settle();
      const areLeft = this.#report(Math.max(next, this.#clock.now()));
      if (areLeft) {
        this.#cancel ??= this.#schedule();
      }
    });
  }

  /** Reports the quiet minutes that are over; true when there are others. */
  #report(now: number): boolean {
    const data: MetricDatum[] = [];
    let areLeft = false;
    for (const { metric, minutes } of this.#filters.values()) {
      for (const [minute, state] of minutes) {
        if (state === "quiet" && minute + MINUTE_MS <= now) {
          minutes.set(minute, "reported");
          data.push({ ...metric, timestamp: minute });
        }
        areLeft ||= minutes.get(minute) === "quiet";
      }
    }
    if (data.length > 0) {
      this.#ports.report(data);
    }
    return areLeft;
  }
}
