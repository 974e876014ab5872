import { type LatencyQuantiles, type LatencyThreshold, latencyThresholds, type TimeWindow } from "@slipway/analysis";
import type { MetricsReader } from "../ports/metrics.ts";
import { MetricSheet } from "../validation/metric-sheet.ts";

const QUANTILES = ["p50", "p95", "p99"] as const;
/** Fewer durations than these do not tell how fast a version is. */
const MINIMUM_TOTAL = 50;
/** What is slower by less than this has other reasons than the version: a new one runs on fresh instances, whose caches are cold. */
const LEAST_SLOWER_MS = 5;

/**
 * Durations above which both versions are counted: those of the old version, with a tolerance.
 *
 * A quantile of a long time cannot be made of those of its parts; the one that half of all calls had a lower one than can, and one bad
 * minute does not move it.
 *
 * @returns nothing where there were too few calls
 * @throws {ReleaseError} when the metrics cannot be read
 */
export async function durationThresholds(
  metrics: MetricsReader,
  dimensions: Readonly<Record<string, string>>,
  window: TimeWindow,
  periodSeconds: number,
  signal?: AbortSignal,
): Promise<readonly LatencyThreshold[]> {
  const sheet = new MetricSheet(window, periodSeconds);
  const metric = { namespace: "AWS/Lambda", name: "Duration", dimensions };
  const counts = sheet.ask(metric, "SampleCount");
  const quantiles = QUANTILES.map((name) => ({ name, asked: sheet.ask(metric, name) }));
  await sheet.read(metrics, signal);
  if (counts.sum() < MINIMUM_TOTAL) {
    return [];
  }
  const weights = new Map(counts.points().map(({ at, value }) => [at, value]));
  const baseline: LatencyQuantiles = Object.fromEntries(
    quantiles.map(({ name, asked }) => [
      name,
      weightedMedian(asked.points().map(({ at, value }) => ({ value, weight: weights.get(at) ?? 0 }))),
    ]),
  );
  return latencyThresholds(baseline).map((threshold) => withTolerance(threshold));
}

function withTolerance(threshold: LatencyThreshold): LatencyThreshold {
  const quantileMs = threshold.milliseconds / threshold.slower;
  const milliseconds = round(Math.max(threshold.milliseconds, quantileMs + LEAST_SLOWER_MS));
  return { ...threshold, milliseconds, slower: quantileMs === 0 ? threshold.slower : milliseconds / quantileMs };
}

/** Three digits after the point are more than Lambda measures, and keep statistics such as `TC(12.345:)` short. */
function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

function weightedMedian(values: readonly { readonly value: number; readonly weight: number }[]): number {
  const sorted = values.toSorted((left, right) => left.value - right.value);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  for (const { value, weight } of sorted) {
    sum += weight;
    if (sum >= half) {
      return value;
    }
  }
  return 0;
}
