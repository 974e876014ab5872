import type { TimeWindow } from "@slipway/analysis";
import type { EnvironmentConfig, IncidentImpact } from "@slipway/contracts";
import { keptPeriodSeconds } from "../../monitoring/kept-period-seconds.ts";
import type { MonitoredStage } from "../../monitoring/monitored-resources.ts";
import type { LogsReader } from "../../ports/logs.ts";
import type { MetricName, MetricsReader } from "../../ports/metrics.ts";
import { type Asked, MetricSheet } from "../../validation/metric-sheet.ts";
import { countCallers } from "./count-callers.ts";

const MINUTE_SECONDS = 60;

/** With what an impact is measured. */
export interface ImpactPorts {
  readonly metrics: MetricsReader;
  readonly logs: LogsReader;
}

/** What is measured. Times are milliseconds since the epoch on the target's clock. */
export interface ImpactQuestion extends TimeWindow {
  readonly stages: readonly MonitoredStage[];
  /** By how old values are, CloudWatch has them by the minute or not any more. */
  readonly now: number;
  readonly config: Pick<EnvironmentConfig, "incidents" | "validation">;
  readonly signal?: AbortSignal;
}

/** An impact, and what is not known of it. */
export interface MeasuredImpact {
  readonly impact: IncidentImpact;
  /** Why something of it is null. */
  readonly gaps: readonly string[];
}

/** {@link lookAtImpact}, for who asks not why something is not known. @throws {ReleaseError} when metrics cannot be read */
export async function measureImpact(ports: ImpactPorts, question: ImpactQuestion): Promise<IncidentImpact> {
  return (await lookAtImpact(ports, question)).impact;
}

/**
 * Whom an incident has hit, counted from the metrics of the environment's stages, and from their access logs what metrics do not tell. The
 * window is widened to whole minutes, the minute that goes on among them.
 *
 * @throws {ReleaseError} when metrics cannot be read; without access logs something is null, and `gaps` say why
 */
export async function lookAtImpact(
  { metrics, logs }: ImpactPorts,
  { stages, now, config, signal, ...asked }: ImpactQuestion,
): Promise<MeasuredImpact> {
  const periodSeconds = keptPeriodSeconds(now - asked.from);
  const window = wholePeriods(asked, periodSeconds);
  const { limitMs } = config.validation.responseTime;
  const sheet = new MetricSheet(window, periodSeconds);
  const read = stages.map((stage) => {
    const metric = (name: string): MetricName => ({
      ...{ namespace: "AWS/ApiGateway", name },
      dimensions: { ApiName: stage.apiName, Stage: stage.stage },
    });
    return {
      stage,
      requests: sheet.ask(metric("Count"), "Sum"),
      failed: sheet.ask(metric("5XXError"), "Sum"),
      slow: sheet.ask(metric("Latency"), `TC(${limitMs}:)`),
    };
  });
  await sheet.read(metrics, signal);
  const counted = read.map(({ stage, ...each }) => ({ stage, periods: periodsOf(each) }));
  const total = (of: (period: Period) => number) =>
    counted.reduce((sum, { periods }) => periods.reduce((more, period) => more + of(period), sum), 0);
  const requests = total((period) => period.requests);
  const failed = total((period) => period.failed);
  const isMinutes = periodSeconds === MINUTE_SECONDS;
  const badPeriods = new Set(
    counted.flatMap(({ periods }) => periods.filter((period) => isBad(period, config.incidents)).map(({ at }) => at)),
  );
  // A stage that nobody asked anything has refused nobody, whether it has an access log or not.
  const inUse = counted.filter(({ periods }) => periods.some((period) => period.requests > 0));
  const { refused, callers, gaps } = await countCallers(
    logs,
    inUse.map(({ stage }) => stage),
    window,
    { requests, failed },
    signal,
  );
  return {
    impact: {
      from: new Date(window.from).toISOString(),
      to: new Date(window.to).toISOString(),
      ...{ requests, failed, refused, callers },
      slow: total((period) => period.slow),
      badMinutes: isMinutes ? badPeriods.size : null,
    },
    gaps: isMinutes
      ? gaps
      : [
          ...gaps,
          "CloudWatch has values by the minute for 15 days only: how many minutes were bad is not known any more",
        ],
  };
}

interface Period {
  readonly at: number;
  readonly requests: number;
  readonly failed: number;
  readonly slow: number;
}

function periodsOf(asked: Readonly<Record<"requests" | "failed" | "slow", Asked>>): readonly Period[] {
  const failed = byTime(asked.failed);
  const slow = byTime(asked.slow);
  return asked.requests.points().map(({ at, value: requests }) => {
    const failedHere = failed.get(at) ?? 0;
    // Latency counts all answers: of those that took long, at most as many can be good as were not failed.
    return { at, requests, failed: failedHere, slow: Math.min(slow.get(at) ?? 0, requests - failedHere) };
  });
}

function byTime(asked: Asked): ReadonlyMap<number, number> {
  return new Map(asked.points().map(({ at, value }) => [at, value]));
}

function isBad({ requests, failed, slow }: Period, config: EnvironmentConfig["incidents"]): boolean {
  const percent = (part: number) => (100 * part) / requests;
  return requests > 0 && (percent(failed) >= config.errorPercent.medium || percent(slow) >= config.slowPercent.medium);
}

function wholePeriods({ from, to }: TimeWindow, seconds: number): TimeWindow {
  const ms = seconds * 1_000;
  const begin = Math.floor(from / ms) * ms;
  return { from: begin, to: Math.max(begin + ms, Math.ceil(to / ms) * ms) };
}
