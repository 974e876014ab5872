import { cutText, errorFingerprint, newFingerprints, type TimeWindow } from "@slipway/analysis";
import type { ErrorCount, ValidationMeasurements, ValidationMetrics } from "@slipway/contracts";
import type { MonitoredFunction, MonitoredResources } from "../monitoring/monitored-resources.ts";
import type { LogQuestion, LogsReader } from "../ports/logs.ts";

type ValueOf<Key extends "logActivity" | "timeouts" | "errorLines"> = Extract<
  ValidationMeasurements[Key],
  { value: unknown }
>["value"];

/** Enough to say that there are many. */
const MOST_LINES = 10_000;
/** Characters of an example. */
const EXAMPLE_LENGTH = 300;
/** Metrics come by the minute and some time after it, when the lines of the same request have long been written. */
const METRICS_LATE_MS = 3 * 60_000;
/** What Lambda writes when it breaks a call off. */
const TIMED_OUT = '"Task timed out after"';

/**
 * Reads the lines about errors of all functions, in the period and before the release.
 *
 * @param metrics absent where they could not be read: then errors are expected by time, and not by calls
 * @throws {ReleaseError} when they cannot be read
 */
export async function measureErrorLines(
  logs: LogsReader,
  functions: readonly MonitoredFunction[],
  filter: string,
  windows: { readonly period: TimeWindow; readonly baseline: TimeWindow | undefined },
  metrics: Pick<ValidationMetrics, "functions"> | undefined,
  signal: AbortSignal | undefined,
): Promise<ValueOf<"errorLines">> {
  const question = { groups: functions.map(({ logGroup }) => logGroup), filter };
  const [now, before] = await Promise.all([
    linesOf(logs, question, windows.period, signal),
    linesOf(logs, question, windows.baseline, signal),
  ]);
  const durationOf = ({ from, to }: TimeWindow) => to - from;
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const calls = total(metrics?.functions.map((each) => each.calls) ?? []);
  const callsBefore = total(metrics?.functions.map((each) => each.baseline.calls) ?? []);
  const unusual =
    windows.baseline === undefined
      ? []
      : newFingerprints(
          { lines: before.lines, durationMs: durationOf(windows.baseline), calls: callsBefore },
          { lines: now.lines, durationMs: durationOf(windows.period), calls },
        );
  return {
    period: countOf(now),
    baseline: countOf(before),
    unusual: unusual.map(({ kind, fingerprint, before: earlier, now: since, example }) => ({
      ...{ kind, fingerprint: fingerprint.id, before: earlier, now: since },
      example: cutText(example.trim(), EXAMPLE_LENGTH),
    })),
  };
}

interface Lines {
  readonly lines: readonly string[];
  readonly more: boolean;
}

async function linesOf(
  logs: LogsReader,
  question: LogQuestion,
  window: TimeWindow | undefined,
  signal: AbortSignal | undefined,
): Promise<Lines> {
  const lines: string[] = [];
  if (window === undefined || question.groups.length === 0) {
    return { lines, more: false };
  }
  for await (const { message } of logs.events(question, window, signal)) {
    // A pattern also finds lines that only speak of errors.
    if (errorFingerprint(message) === undefined) {
      continue;
    }
    if (lines.length === MOST_LINES) {
      return { lines, more: true };
    }
    lines.push(message);
  }
  return { lines, more: false };
}

const countOf = ({ lines, more }: Lines): ErrorCount => ({ count: lines.length, more });

/**
 * Counts the calls that Lambda broke off.
 *
 * @throws {ReleaseError} when the logs cannot be read
 */
export function measureTimeouts(
  logs: LogsReader,
  functions: readonly MonitoredFunction[],
  window: TimeWindow,
  signal: AbortSignal | undefined,
): Promise<ValueOf<"timeouts">> {
  return Promise.all(
    functions.map(async ({ name, logGroup, timeoutSeconds }) => {
      let count = 0;
      for await (const _ of logs.events({ groups: [logGroup], filter: TIMED_OUT }, window, signal)) {
        count += 1;
        if (count === MOST_LINES) {
          break;
        }
      }
      return { function: name, timeoutMs: timeoutSeconds * 1_000, count };
    }),
  );
}

/**
 * Whether functions and gateways write their logs, as late as their last traffic.
 *
 * @param metrics absent where they could not be read: then nobody knows when the last traffic was
 * @throws {ReleaseError} when the logs cannot be read
 */
export function measureLogActivity(
  logs: LogsReader,
  { functions, stages }: MonitoredResources,
  metrics: ValidationMetrics | undefined,
  window: TimeWindow,
  signal: AbortSignal | undefined,
): Promise<ValueOf<"logActivity">> {
  const writers = [
    ...functions.map(({ name, logGroup }) => ({
      ...{ group: logGroup, writer: name },
      lastTrafficAt: metrics?.functions.find((each) => each.name === name)?.lastCallAt ?? null,
    })),
    ...stages.flatMap(({ apiName, stage, accessLogGroup }) =>
      accessLogGroup === undefined
        ? []
        : {
            ...{ group: accessLogGroup, writer: `${apiName} ${stage}` },
            lastTrafficAt:
              metrics?.stages.find((each) => each.apiName === apiName && each.stage === stage)?.lastRequestAt ?? null,
          },
    ),
  ];
  const hasAny = async (group: string, within: TimeWindow): Promise<boolean> => {
    for await (const _ of logs.events({ groups: [group] }, within, signal)) {
      return true;
    }
    return false;
  };
  return Promise.all(
    writers.map(async ({ lastTrafficAt, ...writer }) => {
      const since =
        lastTrafficAt === null ? null : await hasAny(writer.group, { from: Date.parse(lastTrafficAt), to: window.to });
      return {
        ...writer,
        lastTrafficAt,
        hasEventsSince: since,
        hasEvents: since === true || (await hasAny(writer.group, window)),
        hasSettledEvents:
          lastTrafficAt === null
            ? await hasAny(writer.group, { from: window.from, to: Math.max(window.from, window.to - METRICS_LATE_MS) })
            : null,
      };
    }),
  );
}
