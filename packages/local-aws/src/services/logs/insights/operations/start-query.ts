import { AwsError } from "../../../../core/aws-error.ts";
import type { InputOf, OutputOf, RequestContext } from "../../../../core/service.ts";
import { checkLimit, invalidParameter, type Logs, type LogsState } from "../../logs-state.ts";
import { oldestKept } from "../../logs-store.ts";
import { MalformedQuery } from "../language/malformed-query.ts";
import { MAX_RESULTS } from "../language/parse-query.ts";
import { compileQuery, type Plan } from "../plan/compile-query.ts";
import type { Queries } from "./queries.ts";
import { queryGroups } from "./query-groups.ts";

const MAX_QUERY_LENGTH = 10_000;
/** Queries that wait or run at a time. */
const MAX_UNDER_WAY = 100;
/** From here on it must be milliseconds: the year 5138 in seconds. */
const TOO_LATE_SECONDS = 1e11;

/**
 * `StartQuery`: compiles the query, so that what is wrong with it is told at once, and runs it in the background.
 *
 * @throws AwsError `MalformedQueryException` with the place of what is not understood
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
 */
export function startQuery(
  state: LogsState,
  queries: Queries,
  input: InputOf<Logs, "StartQuery">,
  { principal }: RequestContext,
): OutputOf<Logs, "StartQuery"> {
  const { queryString = "", startTime, endTime, queryLanguage = "CWLI" } = input;
  if (queryLanguage !== "CWLI") {
    throw new AwsError(
      "NotImplemented",
      `Local AWS runs queries of the Logs Insights language (CWLI), not ${queryLanguage}.`,
    );
  }
  if (queryString.length > MAX_QUERY_LENGTH) {
    throw invalidParameter(`A query has at most ${MAX_QUERY_LENGTH} characters, got ${queryString.length}.`);
  }
  const range = timeRange(startTime, endTime);
  const limit = input.limit === undefined ? undefined : checkLimit(input.limit, MAX_RESULTS, MAX_RESULTS);
  const now = state.core.clock.now();
  const { source } = compile(queryString, now);
  const groups = queryGroups(state, input, source);
  const seen = groups.map((group) => ({ ...group, from: Math.max(range.from, oldestKept(group, now)) }));
  if (seen.every(({ from, createdAt }) => range.until < Math.max(from, createdAt))) {
    throw new AwsError(
      "MalformedQueryException",
      "Query's end date and time is either before the log groups creation time or exceeds the log groups log retention settings",
    );
  }
  if (queries.countUnderWay() >= MAX_UNDER_WAY) {
    throw new AwsError(
      "LimitExceededException",
      `Account maximum query concurrency limit of [${MAX_UNDER_WAY}] reached.`,
    );
  }
  const queryId = queries.start({
    queryString,
    groups: seen.map(({ id, name, from }) => ({ id, name, from })),
    until: range.until,
    limit,
    userIdentity: principal.arn,
  });
  return { queryId };
}

function compile(queryString: string, now: number): Plan {
  try {
    return compileQuery(queryString, { now });
  } catch (error) {
    if (!(error instanceof MalformedQuery)) {
      throw error;
    }
    const { start, end } = error.span;
    throw new AwsError("MalformedQueryException", error.message, {
      fields: {
        queryCompileError: { location: { startCharOffset: start, endCharOffset: end }, message: error.message },
      },
      cause: error,
    });
  }
}

/** Both ends are included, whole seconds as they are. */
function timeRange(startTime: number | undefined, endTime: number | undefined): { from: number; until: number } {
  for (const [name, value] of [
    ["startTime", startTime],
    ["endTime", endTime],
  ] as const) {
    if (value === undefined || value < 0 || value >= TOO_LATE_SECONDS) {
      throw invalidParameter(`${name} is a time in seconds since the epoch, got ${value}.`);
    }
  }
  const from = Math.floor(startTime ?? 0) * 1000;
  const until = Math.floor(endTime ?? 0) * 1000 + 999;
  if (until < from) {
    throw invalidParameter("End time should not be less than start time.");
  }
  return { from, until };
}
