import type { TimeWindow } from "@slipway/analysis";
import type { MonitoredStage } from "../../monitoring/monitored-resources.ts";
import type { LogsReader } from "../../ports/logs.ts";
import { attempt } from "../../validation/attempt.ts";
import { type AccessLogFields, accessLogFields } from "./access-log-fields.ts";

/** What access logs tell of an incident; null where they do not. */
export interface CountedCallers {
  /** Requests that a stage refused with 429. */
  readonly refused: number | null;
  /** Callers with a request that was answered with 5xx, or refused with 429. */
  readonly callers: number | null;
  /** Why something is not known. */
  readonly gaps: readonly string[];
}

/** A log with less than this share of the requests says nothing about the others: it is new, or its lines have expired. */
const LEAST_SHARE = 0.5;

interface AskedLog extends AccessLogFields {
  readonly group: string;
}

/**
 * Counts in the access logs of stages what their metrics do not tell apart, such as 429 from other refusals.
 *
 * @param requests at these stages in the window, as metrics have them
 * @param failed of these, answered with 5xx
 */
export async function countCallers(
  logs: LogsReader,
  stages: readonly MonitoredStage[],
  window: TimeWindow,
  { requests, failed }: { readonly requests: number; readonly failed: number },
  signal?: AbortSignal,
): Promise<CountedCallers> {
  if (requests === 0) {
    return { refused: 0, callers: 0, gaps: [] };
  }
  const asked = stages.map(askedLog);
  const missing = asked.filter((each) => typeof each === "string");
  if (missing.length > 0) {
    return { refused: null, callers: null, gaps: missing };
  }
  const known = asked.filter((each) => typeof each !== "string");
  const counted = await attempt(() => count(logs, known, window, signal), signal);
  if ("unknown" in counted) {
    return { refused: null, callers: null, gaps: [`the access log cannot be asked: ${counted.unknown}`] };
  }
  const { lines, refused, callers } = counted.value;
  if (lines < requests * LEAST_SHARE) {
    const why = `the access log has ${lines} lines of ${requests} requests: callers and refused requests are not known`;
    return { refused: null, callers: null, gaps: [why] };
  }
  if (callers === null || (callers === 0 && failed + refused > 0)) {
    return { refused, callers: null, gaps: ["the access log does not tell callers apart"] };
  }
  return { refused, callers, gaps: [] };
}

function askedLog({ apiName, stage, accessLogGroup, accessLogFormat }: MonitoredStage): AskedLog | string {
  if (accessLogGroup === undefined) {
    return `stage ${stage} of ${apiName} has no access log`;
  }
  const fields = accessLogFields(accessLogFormat ?? "");
  return fields === undefined
    ? `the access log of stage ${stage} of ${apiName} is not JSON with the status of requests`
    : { group: accessLogGroup, ...fields };
}

async function count(
  logs: LogsReader,
  asked: readonly AskedLog[],
  { from, to }: TimeWindow,
  signal: AbortSignal | undefined,
): Promise<{ readonly lines: number; readonly refused: number; readonly callers: number | null }> {
  // The end of a query belongs to it, to the second.
  const window = { from, to: to - 1_000 };
  const bySpelling = Map.groupBy(asked, ({ status, caller }) => JSON.stringify([status, caller]));
  const ask = (of: readonly AskedLog[], query: string) =>
    logs.query({ groups: [...new Set(of.map(({ group }) => group))], query }, window, signal);
  const answers = await Promise.all(
    [...bySpelling.values()].map(async (those) => {
      const [{ status, caller } = { status: "status" }] = those;
      const [byStatus, callers] = await Promise.all([
        ask(those, `filter ispresent(${status}) | stats count(*) as lines by ${status} as answer`),
        caller === undefined
          ? undefined
          : ask(
              those,
              `filter (${status} >= 500 or ${status} = 429) and ${caller} != "-" | stats count_distinct(${caller}) as callers`,
            ),
      ]);
      const lines = byStatus.rows.map((row) => ({ answer: row.answer, lines: Number(row.lines) }));
      return {
        lines: sum(lines.map((each) => each.lines)),
        refused: sum(lines.filter(({ answer }) => answer === "429").map((each) => each.lines)),
        callers: callers === undefined ? null : Number(callers.rows[0]?.callers ?? 0),
      };
    }),
  );
  return {
    lines: sum(answers.map(({ lines }) => lines)),
    refused: sum(answers.map(({ refused }) => refused)),
    // The same caller may be in logs that are written differently, and would be counted twice.
    callers: answers.length === 1 ? (answers[0]?.callers ?? null) : null,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
