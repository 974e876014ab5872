import type { FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";

const MINUTE_MS = 60_000;
const BIN_MS = 5 * MINUTE_MS;

/** Events by their five minutes, named as `bin(5m)` names them. */
export function inBins(events: readonly FilteredLogEvent[]): Map<string, FilteredLogEvent[]> {
  return Map.groupBy(events, ({ timestamp = 0 }) =>
    new Date(Math.floor(timestamp / BIN_MS) * BIN_MS).toISOString().replace("T", " ").replace("Z", ""),
  );
}

/** The numbers that a pattern's group finds, of those events that match. */
export function figures(events: readonly FilteredLogEvent[], pattern: RegExp): number[] {
  return events.flatMap(({ message = "" }) => pattern.exec(message)?.slice(1, 2).map(Number) ?? []);
}

/** A figure of Lambda's `REPORT` lines, such as `Duration`. */
export function ofReport(label: string): RegExp {
  return new RegExp(`^REPORT .*\\t${label}: ([\\d.]+) `);
}

export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** How many streams have an event of some kind. */
export function countStreams(events: readonly FilteredLogEvent[], isOfKind: (message: string) => boolean): number {
  return new Set(events.filter(({ message = "" }) => isOfKind(message)).map(({ logStreamName }) => logStreamName)).size;
}

/** Durations of invocations, in milliseconds, by the minute of their start, in which metrics count them. */
export function durationsByMinute(events: readonly FilteredLogEvent[]): Map<number, number[]> {
  const minutes = new Map<string, number>();
  const durations = new Map<number, number[]>();
  for (const { message = "", timestamp = 0 } of events) {
    const [, line, requestId = ""] = /^(START|REPORT) RequestId: (\S+)/.exec(message) ?? [];
    if (line === "START") {
      minutes.set(requestId, Math.floor(timestamp / MINUTE_MS) * MINUTE_MS);
    } else if (line === "REPORT") {
      const minute = minutes.get(requestId) ?? 0;
      durations.set(minute, [...(durations.get(minute) ?? []), ...figures([{ message }], ofReport("Duration"))]);
    }
  }
  return durations;
}
