import {
  type CloudWatchLogsClient,
  GetQueryResultsCommand,
  MalformedQueryException,
  type ResultField,
  StartQueryCommand,
  StopQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { TimeWindow } from "@slipway/analysis";
import { assertNotInterrupted, type Clock, type InsightsAnswer, ReleaseError } from "@slipway/release-engine";
import { translateAwsError } from "../translate-aws-error.ts";
import { markPlace } from "./mark-place.ts";

/** What is asked. */
export interface InsightsRequest {
  readonly groups: readonly string[];
  readonly query: string;
  readonly limit?: number;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** AWS ends a query after an hour by itself. */
const STOP_WITHIN_MS = 5_000;
const SYNTAX = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html";

/**
 * Runs a query of Logs Insights to its end. One that is broken off is stopped on AWS too, where it would go on reading, and costing.
 *
 * @throws ReleaseError `usage` with the place for a malformed query, `interrupted`, `timeout`, `throttled` when too many run, or what
 *   AWS refused
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
 */
export async function runInsightsQuery(
  logs: CloudWatchLogsClient,
  request: InsightsRequest,
  { from, to }: TimeWindow,
  { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal },
): Promise<InsightsAnswer> {
  const { groups, query: queryString, limit } = request;
  const start = new StartQueryCommand({
    ...{ logGroupNames: [...groups], queryString, limit },
    startTime: Math.floor(from / 1000),
    endTime: Math.ceil(to / 1000),
  });
  const subject = `the log groups ${groups.join(", ")}`;
  let queryId: string | undefined;
  try {
    ({ queryId } = await logs.send(start, { abortSignal: signal }));
    return await collect(logs, queryId, subject, clock, signal);
  } catch (error) {
    if (isBeforeAll(error)) {
      return { fields: [], rows: [], statistics: { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 } };
    }
    if (signal?.aborted === true) {
      await stop(logs, queryId);
      assertNotInterrupted(signal, "the query");
    }
    throw refusal(error, request, subject, queryId);
  }
}

/**
 * Whether the groups cannot hold anything of the time that was asked about: it was over before they were made, or before what they keep.
 * AWS calls such a query malformed; but its answer is known, and is nothing.
 */
function isBeforeAll(error: unknown): boolean {
  return error instanceof MalformedQueryException && /before the log groups creation time/i.test(error.message);
}

async function collect(
  logs: CloudWatchLogsClient,
  queryId: string | undefined,
  subject: string,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<InsightsAnswer> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const {
      status,
      results = [],
      statistics = {},
      nextToken,
    } = await logs.send(new GetQueryResultsCommand({ queryId }), { abortSignal: signal });
    if (status === "Complete") {
      const all = [...results];
      for (let token = nextToken; token !== undefined; ) {
        const page = await logs.send(new GetQueryResultsCommand({ queryId, nextToken: token }), {
          abortSignal: signal,
        });
        all.push(...(page.results ?? []));
        token = page.nextToken;
      }
      const { recordsMatched = 0, recordsScanned = 0, bytesScanned = 0 } = statistics;
      return { ...tableOf(all), statistics: { recordsMatched, recordsScanned, bytesScanned } };
    }
    if (status !== "Scheduled" && status !== "Running") {
      throw new ReleaseError({
        kind: status === "Timeout" ? "timeout" : "failed",
        what: `The query of ${subject} did not come to its end`,
        why: `CloudWatch Logs says that it is ${status ?? "in no known state"} (query ${queryId})`,
        next: status === "Timeout" ? "ask about a shorter time" : "type the same command again",
      });
    }
    await clock.sleep(pauseMs, signal);
    signal?.throwIfAborted();
  }
}

/** As far as it goes: who breaks off does not wait for an AWS that does not answer. */
async function stop(logs: CloudWatchLogsClient, queryId: string | undefined): Promise<void> {
  if (queryId !== undefined) {
    await logs
      .send(new StopQueryCommand({ queryId }), { abortSignal: AbortSignal.timeout(STOP_WITHIN_MS) })
      .catch(() => undefined);
  }
}

/**
 * Rows by field. AWS leaves a field out of a row that does not have it, and does not say what the columns are: they are put together
 * from all rows, each new one behind the one that it stands behind in its row.
 */
function tableOf(results: readonly (readonly ResultField[])[]): Pick<InsightsAnswer, "fields" | "rows"> {
  const fields: string[] = [];
  const rows = results.map((result) => {
    const row: Record<string, string> = {};
    let behind = -1;
    for (const { field = "", value = "" } of result) {
      // A pointer for GetLogRecord that AWS adds to every row; nobody has asked for it.
      if (field === "@ptr") {
        continue;
      }
      row[field] = value;
      const known = fields.indexOf(field);
      if (known === -1) {
        fields.splice(behind + 1, 0, field);
      }
      behind = known === -1 ? behind + 1 : known;
    }
    return row;
  });
  return { fields, rows };
}

function refusal(error: unknown, { query }: InsightsRequest, subject: string, queryId: string | undefined): unknown {
  if (error instanceof MalformedQueryException) {
    const { location, message } = error.queryCompileError ?? {};
    const { startCharOffset, endCharOffset } = location ?? {};
    const place = startCharOffset === undefined ? query : markPlace(query, startCharOffset, endCharOffset);
    const failure = {
      kind: "usage",
      what: "The query is malformed",
      why: `${message ?? error.message}\n${place}`,
      next: `correct it as the syntax says: ${SYNTAX}`,
    } as const;
    return new ReleaseError(failure, { cause: error });
  }
  if (error instanceof Error && error.name === "LimitExceededException") {
    const failure = {
      kind: "throttled",
      what: `The query of ${subject} was not started`,
      why: `LimitExceededException: ${error.message}`,
      next: "wait until other queries of the account have ended, then type the same command again",
    } as const;
    return new ReleaseError(failure, { cause: error });
  }
  const action = queryId === undefined ? "logs:StartQuery" : "logs:GetQueryResults";
  return translateAwsError(error, { action, subject });
}
