import type { LatencyThreshold, RateSample } from "@slipway/analysis";
import type { CanaryConfig } from "@slipway/contracts";
import type { LogsReader } from "../ports/logs.ts";
import type { MetricName, MetricPoint, MetricsReader } from "../ports/metrics.ts";
import { type Asked, MetricSheet } from "../validation/metric-sheet.ts";
import type { CanaryHold } from "./canary-hold.ts";
import type { ComparedFunction } from "./compare-versions.ts";
import { durationThresholds } from "./duration-thresholds.ts";
import { ErrorLog, type LoggedErrors } from "./error-log.ts";
import type { PublishedFunction } from "./published-functions.ts";
import type { VersionCounts } from "./version-counts.ts";

export interface MeasurePorts {
  readonly metrics: MetricsReader;
  readonly logs: LogsReader;
}

/** A function whose versions are measured, and where they log. */
export interface MeasuredFunction extends PublishedFunction {
  readonly logGroups: readonly string[];
}

const MINUTE_MS = 60_000;
/** Percentiles of the time before the canary: in parts of five minutes, of the last hour. */
const BEFORE_MS = 60 * MINUTE_MS;
const BEFORE_PERIOD_SECONDS = 300;
/** In a shorter hold there is no minute to spare for warming up. */
const LEAST_HOLD_TO_SPARE_MS = 3 * MINUTE_MS;

/**
 * Measures both versions of one function, again and again while a canary goes on. What earlier looks saw is made of the same series as
 * what this one sees, minute by minute, so that a process which goes on with a canary knows all of its looks.
 */
export class VersionMeasurement {
  readonly #ports: MeasurePorts;
  readonly #function: MeasuredFunction;
  readonly #config: Pick<CanaryConfig, "metrics">;
  readonly #hold: CanaryHold;
  readonly #log: ErrorLog;
  #thresholds: readonly LatencyThreshold[] = [];

  constructor(
    ports: MeasurePorts,
    measured: MeasuredFunction,
    config: Pick<CanaryConfig, "metrics">,
    hold: CanaryHold,
    errorFilter: string,
  ) {
    this.#ports = ports;
    this.#function = measured;
    this.#config = { metrics: config.metrics.filter((metric) => metric.function === measured.name) };
    this.#hold = hold;
    const { functionName, logGroups: groups } = measured;
    this.#log = new ErrorLog(ports.logs, { functionName, groups, filter: errorFilter }, hold.from);
  }

  /**
   * @param looks - ends of what each look saw, oldest first; the last one is that of the present look
   * @throws {ReleaseError} when something cannot be read
   */
  async measure(looks: readonly number[], signal?: AbortSignal): Promise<ComparedFunction> {
    const { name, version: candidate, previousVersion: baseline } = this.#function;
    const window = { from: this.#hold.from, to: looks.at(-1) ?? this.#hold.from };
    const sheet = new MetricSheet(window);
    const sides = { candidate: this.#ask(sheet, candidate), baseline: this.#ask(sheet, baseline) };
    const [, loggedUntil] = await Promise.all([
      sheet.read(this.#ports.metrics, signal),
      this.#log.readUntil(window.to, signal),
    ]);

    await this.#settleThresholds(looks, sides.baseline.timed, signal);
    const slow = new MetricSheet(window);
    const above = {
      candidate: this.#askAbove(slow, candidate),
      baseline: this.#askAbove(slow, baseline),
    };
    await slow.read(this.#ports.metrics, signal);

    const countsOf = (side: keyof typeof sides, version: string) =>
      this.#countsOf(looks, sides[side], above[side], this.#log.of(version), loggedUntil);
    const [own, other] = [countsOf("candidate", candidate), countsOf("baseline", baseline)];
    return {
      ...{ name, candidate, baseline, thresholds: this.#thresholds, metrics: this.#config.metrics },
      looks: looks.map((_, index) => ({
        candidate: own[index] as VersionCounts,
        baseline: other[index] as VersionCounts,
      })),
    };
  }

  /** Errors that a version has logged, with how often the other one has, the most frequent first. */
  unusualErrors(): readonly { readonly kind: string; readonly candidate: number; readonly baseline: number }[] {
    const [own, other] = [this.#log.of(this.#function.version), this.#log.of(this.#function.previousVersion)];
    return [...own.kinds]
      .map(([kind, candidate]) => ({ kind, candidate, baseline: other.kinds.get(kind) ?? 0 }))
      .sort((left, right) => right.candidate - left.candidate);
  }

  #ask(sheet: MetricSheet, version: string): AskedVersion {
    const lambda = (metric: string, statistic = "Sum") =>
      sheet.ask({ namespace: "AWS/Lambda", name: metric, dimensions: this.#dimensions(version) }, statistic);
    return {
      calls: lambda("Invocations"),
      errors: lambda("Errors"),
      throttles: lambda("Throttles"),
      timed: lambda("Duration", "SampleCount"),
      own: this.#config.metrics.map(({ name, namespace, dimensions, versionDimension, total, events }) => {
        const of = (metric: string): MetricName => ({
          ...{ namespace, name: metric },
          dimensions: { ...dimensions, [versionDimension]: version },
        });
        return { name, total: sheet.ask(of(total), "Sum"), events: sheet.ask(of(events), "Sum") };
      }),
    };
  }

  #askAbove(sheet: MetricSheet, version: string): AskedAbove[] {
    return this.#thresholds.map(({ milliseconds }) => ({
      milliseconds,
      asked: sheet.ask(
        { namespace: "AWS/Lambda", name: "Duration", dimensions: this.#dimensions(version) },
        `TC(${milliseconds}:)`,
      ),
    }));
  }

  /** What tells the two versions of a weighted alias apart. */
  #dimensions(version: string): Record<string, string> {
    const { functionName, alias } = this.#function;
    return { FunctionName: functionName, Resource: `${functionName}:${alias}`, ExecutedVersion: version };
  }

  /**
   * Once: thresholds that moved from look to look would be no test. Of the hour before the canary, when the alias had the old version
   * only; where that was quiet, of the old version up to the first look that has seen enough of it.
   */
  async #settleThresholds(looks: readonly number[], timed: Asked, signal: AbortSignal | undefined): Promise<void> {
    if (this.#thresholds.length > 0) {
      return;
    }
    const { functionName, alias, previousVersion } = this.#function;
    const periodMs = BEFORE_PERIOD_SECONDS * 1000;
    const to = Math.floor((this.#hold.shifts[0] ?? this.#hold.from) / periodMs) * periodMs;
    const before = await durationThresholds(
      this.#ports.metrics,
      { FunctionName: functionName, Resource: `${functionName}:${alias}` },
      { from: to - BEFORE_MS, to },
      BEFORE_PERIOD_SECONDS,
      signal,
    );
    if (before.length > 0) {
      this.#thresholds = before;
      return;
    }
    const enough = looks.find((end) => sumUntil(timed.points(), end) >= 50);
    if (enough !== undefined) {
      this.#thresholds = await durationThresholds(
        this.#ports.metrics,
        this.#dimensions(previousVersion),
        { from: this.#hold.from, to: enough },
        60,
        signal,
      );
    }
  }

  /** The minutes after a shift count for no duration: the instances that the new version gets for its share start up then. */
  #isWarm = (at: number): boolean =>
    !this.#hold.shifts.some((shift) => at < shift + MINUTE_MS && at + MINUTE_MS > shift) || !this.#canSpare;

  get #canSpare(): boolean {
    const { from, looks, earlier } = this.#hold;
    const ends = [...earlier, ...looks];
    return (ends.at(-1) ?? from) - from >= LEAST_HOLD_TO_SPARE_MS;
  }

  #countsOf(
    looks: readonly number[],
    { calls, errors, throttles, timed, own }: AskedVersion,
    above: readonly AskedAbove[],
    logged: LoggedErrors,
    loggedUntil: number,
  ): VersionCounts[] {
    const warm = (asked: Asked) => asked.points().filter(({ at }) => this.#isWarm(at));
    const callsUntil = (end: number) => sumUntil(calls.points(), end) + sumUntil(throttles.points(), end);
    const read = looks.map((end) => Math.min(end, Math.floor(loggedUntil / MINUTE_MS) * MINUTE_MS));
    const loggedTotals = read.map(callsUntil);
    const loggedEvents = clip(
      read.map((end) => logged.times.filter((at) => at < end).length),
      loggedTotals,
    );
    return looks.map((end, index): VersionCounts => {
      const sum = (asked: Asked) => sumUntil(asked.points(), end);
      return {
        calls: { events: sum(errors) + sum(throttles), total: callsUntil(end) },
        latency: {
          total: sumUntil(warm(timed), end),
          above: above.map(({ milliseconds, asked }) => ({ milliseconds, count: sumUntil(warm(asked), end) })),
        },
        logged: { events: loggedEvents[index] as number, total: loggedTotals[index] as number },
        own: Object.fromEntries(
          own.map(({ name, total, events }): [string, RateSample] => [
            name,
            { events: sum(events), total: sum(total) },
          ]),
        ),
      };
    });
  }
}

interface AskedVersion {
  readonly calls: Asked;
  readonly errors: Asked;
  readonly throttles: Asked;
  readonly timed: Asked;
  readonly own: readonly { readonly name: string; readonly total: Asked; readonly events: Asked }[];
}

interface AskedAbove {
  readonly milliseconds: number;
  readonly asked: Asked;
}

/** Sums and counts of whole things come as floating-point numbers. */
function sumUntil(points: readonly MetricPoint[], end: number): number {
  return Math.round(points.reduce((sum, { at, value }) => (at < end ? sum + value : sum), 0));
}

/** A call that began in one minute can log in the next: between two looks there are at most as many events as calls. */
function clip(events: readonly number[], totals: readonly number[]): number[] {
  const clipped: number[] = [];
  for (const [index, count] of events.entries()) {
    const room = (totals[index] as number) - (totals[index - 1] ?? 0);
    clipped.push(Math.min(count, (clipped.at(-1) ?? 0) + room));
  }
  return clipped;
}
