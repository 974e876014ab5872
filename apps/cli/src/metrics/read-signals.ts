import type { TimeWindow } from "@slipway/analysis";
import type { GoldenSignal, MetricPoint, MetricsReader } from "@slipway/release-engine";

/** What the values of a signal come to. */
export interface SignalSummary {
  readonly latest: MetricPoint;
  readonly min: MetricPoint;
  readonly max: MetricPoint;
  /** Of what can be added up. */
  readonly total?: number;
  /** What it is a part of, and how large a part: `{ name: "requests", total: 200, percent: 1.5 }`. */
  readonly share?: { readonly name: string; readonly total: number; readonly percent: number };
}

/** A signal with its values. */
export interface ReadSignal extends GoldenSignal {
  /** Oldest first; a period without data is not there. */
  readonly points: readonly MetricPoint[];
  /** Absent where there is no data. */
  readonly summary?: SignalSummary;
}

/** What was read of an environment's metrics. */
export interface MetricsReport {
  readonly environment: string;
  /** As people call the AWS: `AWS`, `local AWS at http://127.0.0.1:4566`. */
  readonly target: string;
  readonly window: TimeWindow;
  readonly periodSeconds: number;
  /** The time on the target: a period that goes on beyond it is not over. */
  readonly now: number;
  readonly signals: readonly ReadSignal[];
}

const ADDABLE = new Set(["Sum", "SampleCount"]);

/**
 * Reads signals in one go, and what they are parts of. Optional ones without data are left out, unless there would be nothing left.
 *
 * @param all - signals that those may be parts of
 * @throws ReleaseError when they cannot be read
 */
export async function readSignals(
  metrics: MetricsReader,
  signals: readonly GoldenSignal[],
  all: readonly GoldenSignal[],
  { window, periodSeconds, signal }: { window: TimeWindow; periodSeconds: number; signal: AbortSignal },
): Promise<readonly ReadSignal[]> {
  const wholes = signals.flatMap((each) => wholeOf(each, all) ?? []);
  const wanted = [...new Set([...signals, ...wholes])];
  const answer = await metrics.read(
    wanted.map(({ metric, statistic }, index) => ({ id: `s${index}`, metric, statistic })),
    window,
    periodSeconds,
    signal,
  );
  const points = new Map(
    wanted.map((each, index) => [each, answer.find(({ id }) => id === `s${index}`)?.points ?? []] as const),
  );
  const read = signals.map((each): ReadSignal => {
    const own = points.get(each) ?? [];
    const summary = summaryOf(each, own);
    const whole = wholeOf(each, all);
    const total = whole === undefined ? undefined : summaryOf(whole, points.get(whole) ?? [])?.total;
    const share =
      whole === undefined || total === undefined || total === 0 || summary?.total === undefined
        ? undefined
        : { name: whole.name, total, percent: (100 * summary.total) / total };
    return {
      ...each,
      points: own,
      ...(summary === undefined ? {} : { summary: { ...summary, ...(share === undefined ? {} : { share }) } }),
    };
  });
  const shown = read.filter(({ isOptional, points: own }) => !isOptional || own.length > 0);
  return shown.length === 0 ? read : shown;
}

function wholeOf({ of, partOf }: GoldenSignal, all: readonly GoldenSignal[]): GoldenSignal | undefined {
  return partOf === undefined ? undefined : all.find((other) => other.of === of && other.name === partOf);
}

function summaryOf({ statistic }: GoldenSignal, points: readonly MetricPoint[]): SignalSummary | undefined {
  const latest = points.at(-1);
  if (latest === undefined) {
    return undefined;
  }
  return {
    latest,
    min: points.reduce((least, point) => (point.value < least.value ? point : least)),
    max: points.reduce((most, point) => (point.value > most.value ? point : most)),
    ...(ADDABLE.has(statistic) ? { total: points.reduce((sum, { value }) => sum + value, 0) } : {}),
  };
}
