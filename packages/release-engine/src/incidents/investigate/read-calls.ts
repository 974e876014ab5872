import type { TimeWindow, VersionCalls } from "@slipway/analysis";
import type { EnvironmentConfig } from "@slipway/contracts";
import type { MonitoredResources } from "../../monitoring/monitored-resources.ts";
import type { MetricName, MetricsReader } from "../../ports/metrics.ts";
import { type Asked, MetricSheet } from "../../validation/metric-sheet.ts";
import type { KnownVersion } from "./changes-of.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** So long before it began calls are counted by the minute, and so long before that in longer steps. */
export const NEAR_MS = HOUR_MS;
const FAR_MS = 24 * HOUR_MS;
const STEP_SECONDS = 1_800;
/** By the minute not longer than this since it began. */
const LONGEST_MS = 3 * HOUR_MS;

export interface CallsQuestion {
  /** Milliseconds since the epoch. */
  readonly onset: number;
  readonly now: number;
  readonly resources: Pick<MonitoredResources, "functions" | "stages">;
  readonly config: Pick<EnvironmentConfig, "validation" | "release">;
  /** Functions without any are counted as a whole. */
  readonly versions: readonly KnownVersion[];
  /** Where it is slow answers that hurt, from how many milliseconds on they do: then they count as failed. */
  readonly slowFromMs: number | undefined;
}

/** How the calls went, and how many requests there were. */
export interface ReadCalls {
  readonly versions: readonly VersionCalls[];
  readonly traffic: readonly { readonly at: number; readonly perMinute: number }[];
  /** Undefined where nobody knows what is usual. */
  readonly requests: { readonly now: number; readonly usual: number } | undefined;
  /** Calls in a time before, as errors of the logs are held against it. */
  callsIn(window: TimeWindow): number;
}

interface AskedVersion {
  readonly function: string;
  readonly version: string;
  readonly calls: Asked;
  readonly bad: readonly Asked[];
}

/**
 * Reads how the calls of each version of each function went: by the minute since an hour before it began, and by half hours for a day before
 * that.
 *
 * @throws {ReleaseError} when metrics cannot be read
 */
export async function readCalls(
  reader: MetricsReader,
  question: CallsQuestion,
  signal?: AbortSignal,
): Promise<ReadCalls> {
  const { onset, now } = question;
  const floor = (at: number, ms: number) => Math.floor(at / ms) * ms;
  const from = floor(onset - NEAR_MS, STEP_SECONDS * 1_000);
  const near = { from, to: Math.min(now, onset + LONGEST_MS) };
  const far = { from: from - FAR_MS, to: from };
  const sheets = [new MetricSheet(far, STEP_SECONDS), new MetricSheet(near)] as const;
  const asked = sheets.map((sheet) => askVersions(sheet, question));
  const requests = sheets.map((sheet) => askRequests(sheet, question));
  await Promise.all(sheets.map((sheet) => sheet.read(reader, signal)));
  const since = floor(onset, MINUTE_MS) - MINUTE_MS;
  const versions = (asked[0] ?? []).map((older, index): VersionCalls => {
    const newer = asked[1]?.[index] ?? older;
    const minutes = [...stepsOf(older), ...stepsOf(newer)];
    const during = minutes.filter(({ at }) => at >= since);
    return {
      ...{ function: older.function, version: older.version },
      calls: sum(during.map(({ calls }) => calls)),
      failed: sum(during.map(({ failed }) => failed)),
      minutes,
    };
  });
  const counts = requests.map((each) => pointsOf(each));
  const traffic = [
    ...(counts[0] ?? []).map(({ at, value }) => ({ at, perMinute: value / (STEP_SECONDS / 60) })),
    ...(counts[1] ?? []).map(({ at, value }) => ({ at, perMinute: value })),
  ];
  return {
    versions: versions.filter(({ minutes = [] }) => minutes.length > 0),
    traffic,
    requests: requestsOf(traffic, { since, now: near.to }),
    callsIn: ({ from: first, to: last }) =>
      sum(
        versions.flatMap(({ minutes = [] }) =>
          minutes.filter(({ at }) => at >= first && at < last).map(({ calls }) => calls),
        ),
      ),
  };
}

function askVersions(sheet: MetricSheet, { resources, versions, config, slowFromMs }: CallsQuestion): AskedVersion[] {
  const ask = (dimensions: Readonly<Record<string, string>>, own: readonly Asked[]) => {
    const metric = (name: string): MetricName => ({ namespace: "AWS/Lambda", name, dimensions });
    return {
      calls: sheet.ask(metric("Invocations"), "Sum"),
      bad: [
        sheet.ask(metric("Errors"), "Sum"),
        ...own,
        ...(slowFromMs === undefined ? [] : [sheet.ask(metric("Duration"), `TC(${slowFromMs}:)`)]),
      ],
    };
  };
  return resources.functions.flatMap(({ name: functionName }): AskedVersion[] => {
    const known = versions.filter((each) => each.functionName === functionName);
    if (known.length === 0) {
      return [{ function: functionName, version: "?", ...ask({ FunctionName: functionName }, []) }];
    }
    return known.map(({ name, alias, version }) => {
      const own = config.release.canary.metrics
        .filter((each) => each.function === name)
        .map(({ namespace, dimensions, versionDimension, events }) =>
          sheet.ask({ namespace, name: events, dimensions: { ...dimensions, [versionDimension]: version } }, "Sum"),
        );
      const dimensions = {
        ...{ FunctionName: functionName, Resource: `${functionName}:${alias}` },
        ExecutedVersion: version,
      };
      return { function: functionName, version, ...ask(dimensions, own) };
    });
  });
}

function stepsOf({ calls, bad }: AskedVersion): { at: number; calls: number; failed: number }[] {
  const failed = pointsOf(bad);
  const byTime = new Map(failed.map(({ at, value }) => [at, value]));
  return calls
    .points()
    .map(({ at, value }) => ({ at, calls: value, failed: Math.min(value, byTime.get(at) ?? 0) }))
    .sort((left, right) => left.at - right.at);
}

/** Of all stages; of functions where there is none. */
function askRequests(sheet: MetricSheet, { resources: { stages, functions } }: CallsQuestion): Asked[] {
  return stages.length > 0
    ? stages.map(({ apiName, stage }) =>
        sheet.ask(
          { namespace: "AWS/ApiGateway", name: "Count", dimensions: { ApiName: apiName, Stage: stage } },
          "Sum",
        ),
      )
    : functions.map(({ name }) =>
        sheet.ask({ namespace: "AWS/Lambda", name: "Invocations", dimensions: { FunctionName: name } }, "Sum"),
      );
}

function pointsOf(asked: readonly Asked[]): { at: number; value: number }[] {
  const sums = new Map<number, number>();
  for (const { at, value } of asked.flatMap((each) => each.points())) {
    sums.set(at, (sums.get(at) ?? 0) + value);
  }
  return [...sums].map(([at, value]) => ({ at, value })).sort((left, right) => left.at - right.at);
}

/** What is usual: as many as there were a day before, or else in the hour before it began. */
function requestsOf(
  traffic: ReadCalls["traffic"],
  { since, now }: { readonly since: number; readonly now: number },
): ReadCalls["requests"] {
  const mean = (points: ReadCalls["traffic"]) =>
    points.length === 0 ? undefined : sum(points.map(({ perMinute }) => perMinute)) / points.length;
  // The last minute is not over.
  const current = mean(traffic.filter(({ at }) => at >= since && at < now - MINUTE_MS));
  const dayBefore = mean(traffic.filter(({ at }) => at > since - FAR_MS - STEP_SECONDS * 1_000 && at <= now - FAR_MS));
  const hourBefore = mean(traffic.filter(({ at }) => at >= since - NEAR_MS && at < since));
  const usual = dayBefore ?? hourBefore;
  return current === undefined || usual === undefined || usual === 0 ? undefined : { now: current, usual };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
