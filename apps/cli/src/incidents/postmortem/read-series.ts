import type { TimeWindow } from "@slipway/analysis";
import type { IncidentSeries } from "@slipway/contracts";
import { type GoldenSignal, goldenSignals, type MetricsReader, type MonitoredResources } from "@slipway/release-engine";
import { choosePeriod } from "../../metrics/choose-period.ts";

/** What is drawn of an incident. */
export interface SeriesQuestion {
  readonly resources: Pick<MonitoredResources, "stages">;
  readonly window: TimeWindow;
  /** On the target's clock. */
  readonly now: number;
  readonly signal?: AbortSignal;
}

/**
 * Requests and failures of all stages, and the latency of the slowest: in periods that are wide enough to be looked at.
 *
 * @throws ReleaseError when metrics cannot be read
 */
export async function readSeries(
  metrics: MetricsReader,
  { resources: { stages }, window, now, signal }: SeriesQuestion,
): Promise<IncidentSeries> {
  const periodSeconds = choosePeriod(window, now);
  const periodMs = periodSeconds * 1_000;
  const [from, to] = [Math.floor(window.from / periodMs) * periodMs, Math.ceil(window.to / periodMs) * periodMs];
  const wanted = new Map<string, GoldenSignal>(
    goldenSignals({ stages, functions: [], tables: [], queues: [] })
      .filter(({ name }) => ["requests", "5xx", "latency p99"].includes(name))
      .map((signalOf, index) => [`s${index}`, signalOf]),
  );
  const questions = [...wanted].map(([id, { metric, statistic }]) => ({ id, metric, statistic }));
  const answer = questions.length === 0 ? [] : await metrics.read(questions, { from, to }, periodSeconds, signal);
  const points = new Map<number, Omit<IncidentSeries["points"][number], "at">>();
  for (const { id, points: own } of answer) {
    const name = wanted.get(id)?.name;
    for (const { at, value } of own.filter((point) => point.at >= from && point.at < to)) {
      const known = points.get(at) ?? { requests: 0, failed: 0, latencyP99Ms: null };
      points.set(at, {
        requests: known.requests + (name === "requests" ? value : 0),
        failed: known.failed + (name === "5xx" ? value : 0),
        latencyP99Ms: name === "latency p99" ? Math.max(known.latencyP99Ms ?? 0, value) : known.latencyP99Ms,
      });
    }
  }
  return {
    ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString(), periodSeconds },
    points: [...points]
      .toSorted(([left], [right]) => left - right)
      .map(([at, values]) => ({ at: new Date(at).toISOString(), ...values })),
  };
}
