import type { TimeWindow } from "@slipway/analysis";
import type { MetricName, MetricPoint, MetricQuestion, MetricsReader } from "../ports/metrics.ts";

/** A question that was put on a sheet. */
export interface Asked {
  /** Sum over the whole window; 0 without data. */
  sum(): number;
  /** Highest value; null without data. */
  highest(): number | null;
  /** Periods with data. */
  count(): number;
  /** Beginning of the last period whose value is above 0; null without any. */
  lastAt(): number | null;
  points(): readonly MetricPoint[];
}

/** Metrics of one window: asked together in one reading, looked at one by one. */
export class MetricSheet {
  readonly #questions: MetricQuestion[] = [];
  readonly #points = new Map<string, readonly MetricPoint[]>();
  readonly #window: TimeWindow;
  readonly #periodSeconds: number;

  /** @param periodSeconds - of questions that say nothing else */
  constructor(window: TimeWindow, periodSeconds = 60) {
    this.#window = window;
    this.#periodSeconds = periodSeconds;
  }

  /** Puts a question on the sheet; its answer is there once {@link read} has ended. */
  ask(metric: MetricName, statistic: string, periodSeconds?: number): Asked {
    const id = `m${this.#questions.length}`;
    this.#questions.push({ id, metric, statistic, ...(periodSeconds === undefined ? {} : { periodSeconds }) });
    const points = () => this.#points.get(id) ?? [];
    return {
      points,
      count: () => points().length,
      sum: () => points().reduce((sum, { value }) => sum + value, 0),
      highest: () => points().reduce<number | null>((most, { value }) => Math.max(most ?? value, value), null),
      lastAt: () => points().findLast(({ value }) => value > 0)?.at ?? null,
    };
  }

  /** @throws {ReleaseError} when they cannot be read */
  async read(reader: MetricsReader, signal: AbortSignal | undefined): Promise<void> {
    if (this.#questions.length === 0) {
      return;
    }
    const { from, to } = this.#window;
    for (const { id, points } of await reader.read(this.#questions, this.#window, this.#periodSeconds, signal)) {
      // The reading is widened to whole periods; what lies before the window is not its own.
      this.#points.set(
        id,
        points.filter(({ at }) => at >= from && at < to),
      );
    }
  }
}
