import type { StageMeasurement, TimeWindow } from "@slipway/analysis";
import type { MonitoredStage } from "../../monitoring/monitored-resources.ts";
import type { LogsReader } from "../../ports/logs.ts";
import { attempt } from "../../validation/attempt.ts";
import { accessLogFields } from "../postmortem/access-log-fields.ts";

/**
 * Counts by the minute the requests that a stage refused with 429, which metrics do not tell from other answers of 4xx. Where there are none
 * of those, the log is not asked.
 *
 * @returns null where no access log tells
 */
export async function measureRefused(
  logs: LogsReader,
  { accessLogGroup, accessLogFormat = "" }: MonitoredStage,
  clientErrors: number,
  window: TimeWindow,
  signal: AbortSignal | undefined,
): Promise<StageMeasurement["refused"]> {
  const fields = accessLogFields(accessLogFormat);
  if (accessLogGroup === undefined || fields === undefined) {
    return null;
  }
  if (clientErrors === 0) {
    return { value: [] };
  }
  const query = `filter ${fields.status} = 429 | stats count(*) as refused by bin(1m) as minute`;
  // The end of a query belongs to it, to the second.
  const asked = { from: window.from, to: Math.max(window.from, window.to - 1_000) };
  return attempt(async () => {
    const { rows } = await logs.query({ groups: [accessLogGroup], query }, asked, signal);
    return rows
      .map(({ minute = "", refused }) => ({ at: timeOf(minute), count: Number(refused) }))
      .sort((left, right) => left.at - right.at);
  }, signal);
}

/** `2026-11-28 12:00:00.000`: UTC, as Logs Insights writes it. */
function timeOf(text: string): number {
  return Date.parse(`${text.replace(" ", "T")}Z`);
}
