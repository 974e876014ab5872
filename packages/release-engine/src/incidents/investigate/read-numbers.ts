import type { Investigation } from "@slipway/contracts";
import { goldenSignals } from "../../monitoring/golden-signals.ts";
import type { MonitoredResources } from "../../monitoring/monitored-resources.ts";
import type { MetricsReader } from "../../ports/metrics.ts";
import { type Asked, MetricSheet } from "../../validation/metric-sheet.ts";

const HOUR_MS = 3_600_000;
const PERIOD_SECONDS = 300;
/** Something costs much more when it costs so many times as much. */
const DEARER = 3;
/** Whatever costs less than this an hour is no matter: gigabyte-seconds, units and megabytes are as cheap as that. */
const LEAST = { compute: 500, units: 50_000, logs: 200 } as const;

export interface ReadNumbers {
  readonly numbers: Investigation["numbers"];
  readonly costs: Investigation["costs"];
}

/**
 * Reads the numbers by which one sees how a resource is, in the hour before it began and since; and what is paid by the use: compute,
 * capacity units and lines of logs, an hour.
 *
 * @throws {ReleaseError} when metrics cannot be read
 */
export async function readNumbers(
  reader: MetricsReader,
  resources: MonitoredResources,
  { onset, now }: { readonly onset: number; readonly now: number },
  signal?: AbortSignal,
): Promise<ReadNumbers> {
  const sheet = new MetricSheet({ from: onset - HOUR_MS, to: now }, PERIOD_SECONDS);
  const signals = goldenSignals(resources)
    .filter(({ isOptional }) => !isOptional)
    .map((each) => ({ each, asked: sheet.ask(each.metric, each.statistic) }));
  const compute = resources.functions.map(({ name, memoryMb }) => ({
    of: `compute of function ${name}, GB-seconds an hour`,
    factor: memoryMb / 1_024 / 1_000,
    least: LEAST.compute,
    asked: [sheet.ask({ namespace: "AWS/Lambda", name: "Duration", dimensions: { FunctionName: name } }, "Sum")],
  }));
  const units = resources.tables.map(({ name }) => ({
    of: `capacity of table ${name}, units an hour`,
    factor: 1,
    least: LEAST.units,
    asked: ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"].map((metric) =>
      sheet.ask({ namespace: "AWS/DynamoDB", name: metric, dimensions: { TableName: name } }, "Sum"),
    ),
  }));
  const logs = resources.logGroups.map((group) => ({
    of: `lines in ${group}, MB an hour`,
    factor: 1 / 1_000_000,
    least: LEAST.logs,
    asked: [sheet.ask({ namespace: "AWS/Logs", name: "IncomingBytes", dimensions: { LogGroupName: group } }, "Sum")],
  }));
  await sheet.read(reader, signal);
  const split = splitAt(onset, now);
  return {
    numbers: signals.flatMap(({ each, asked }) => {
      const [before, during] = split(asked);
      const isSum = each.statistic === "Sum";
      const value = (side: Side) => (isSum ? perMinute(side) : median(side.values));
      return asked.count() === 0
        ? []
        : [
            {
              ...{ of: each.of, name: each.name, unit: isSum ? "a minute" : each.unit },
              ...{ before: rounded(value(before)), now: rounded(value(during)) },
            },
          ];
    }),
    costs: [...compute, ...units, ...logs].flatMap(({ of, factor, least, asked }) => {
      const sides = asked.map(split);
      const hourly = (side: 0 | 1) => sides.reduce((sum, each) => sum + (perMinute(each[side]) ?? 0) * 60 * factor, 0);
      const [before, during] = [hourly(0), hourly(1)];
      return during >= least && during >= DEARER * before
        ? [{ of, before: rounded(before) ?? 0, now: rounded(during) ?? 0 }]
        : [];
    }),
  };
}

interface Side {
  readonly values: readonly number[];
  readonly minutes: number;
}

function splitAt(onset: number, now: number): (asked: Asked) => readonly [before: Side, now: Side] {
  // A period that it began in is counted to it.
  const first = Math.floor(onset / (PERIOD_SECONDS * 1_000)) * PERIOD_SECONDS * 1_000;
  return (asked) => {
    const points = asked.points();
    const of = (isIn: (at: number) => boolean) => points.filter(({ at }) => isIn(at)).map(({ value }) => value);
    return [
      { values: of((at) => at < first), minutes: 60 - (onset - first) / 60_000 },
      { values: of((at) => at >= first), minutes: Math.max(1, (now - first) / 60_000) },
    ];
  };
}

function perMinute({ values, minutes }: Side): number | null {
  return values.length === 0 ? null : values.reduce((sum, each) => sum + each, 0) / Math.max(1, minutes);
}

function median(values: readonly number[]): number | null {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? null;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(3));
}
