import { AwsError } from "../../../../core/aws-error.ts";
import type { Operations } from "../../../../core/service.ts";
import {
  checkLimit,
  invalidParameter,
  invalidToken,
  type Logs,
  type LogsState,
  pageOf,
  readToken,
  requireIdentifiedGroup,
  writeToken,
} from "../../logs-state.ts";
import { oldestKept } from "../../logs-store.ts";
import { allFields } from "../discovery/all-fields.ts";
import { readPointer } from "../discovery/record-pointer.ts";
import type { ResultRow } from "../run/query-job.ts";
import type { KnownQuery, Queries } from "./queries.ts";
import { startQuery } from "./start-query.ts";
import { StoredEvents } from "./stored-events.ts";

const MAX_RESULT_PAGE = 10_000;
const MAX_QUERY_PAGE = 1000;
/** Events that `GetLogGroupFields` looks at, the newest; AWS looks at a sample too. */
const SAMPLE = 2000;
const MINUTE_MS = 60_000;

/** Logs Insights: queries, the records that their rows point at, and the fields that groups have. */
export function insightsOperations(state: LogsState, queries: Queries): Operations<Logs> {
  const events = new StoredEvents(state.core.store.database, state.core.accountId);
  return {
    StartQuery: (input, context) => startQuery(state, queries, input, context),

    GetQueryResults({ queryId, nextToken, maxItems }) {
      const query = requireQuery(queries, queryId);
      const count = checkPageSize(maxItems, MAX_RESULT_PAGE);
      const from = nextToken === undefined ? 0 : Number(readToken(nextToken));
      if (!Number.isInteger(from) || from < 0) {
        throw invalidToken();
      }
      const total = query.status === "Complete" ? (query.resultCount ?? 0) : 0;
      const rows = total === 0 ? [] : queries.rows(query.queryId, from, count);
      return {
        queryLanguage: "CWLI",
        results: rows.map(resultFields),
        statistics: statisticsOf(query),
        status: query.status,
        nextToken: from + count < total ? writeToken(String(from + count)) : undefined,
      };
    },

    StopQuery({ queryId }) {
      const query = requireQuery(queries, queryId);
      if (!queries.cancel(query.queryId)) {
        throw invalidParameter(`The specified query is not running: ${query.queryId} is ${query.status}.`);
      }
      return { success: true };
    },

    DescribeQueries({ logGroupName, status, maxResults, nextToken, queryLanguage = "CWLI" }) {
      const found = queries
        .all()
        .filter(
          (query) =>
            queryLanguage === "CWLI" &&
            (status === undefined || query.status === status) &&
            (logGroupName === undefined || query.groups.some(({ name }) => name === logGroupName)),
        );
      const { items, next } = pageOf(found, nextToken, checkPageSize(maxResults, MAX_QUERY_PAGE));
      return { queries: items.map(describeQuery), nextToken: next };
    },

    GetLogRecord({ logRecordPointer, unmask }) {
      if (unmask) {
        throw new AwsError("NotImplemented", "Local AWS masks nothing, so that it cannot unmask: leave unmask out.");
      }
      const place = readPointer(logRecordPointer ?? "");
      if (place === undefined) {
        throw invalidParameter("logRecordPointer is not the @ptr of a query's result.");
      }
      const group = state.store.groups.all().find(({ id }) => id === place.group);
      const isKept = group !== undefined && place.time >= oldestKept(group, state.core.clock.now());
      const event = isKept ? events.find(place, group.name) : undefined;
      if (event === undefined) {
        throw new AwsError(
          "ResourceNotFoundException",
          "The log record that logRecordPointer points at does not exist.",
        );
      }
      return { logRecord: allFields(event) };
    },

    GetLogGroupFields(input) {
      const group = requireIdentifiedGroup(state, input);
      const now = state.core.clock.now();
      const { time } = input;
      const [from, until] =
        time === undefined ? [now - 15 * MINUTE_MS, now] : [time * 1000 - 8 * MINUTE_MS, time * 1000 + 8 * MINUTE_MS];
      const sample = events.newest(group, Math.max(from, oldestKept(group, now)), until, SAMPLE);
      const counts = new Map<string, number>();
      for (const event of sample) {
        for (const name of Object.keys(allFields(event))) {
          counts.set(name, (counts.get(name) ?? 0) + 1);
        }
      }
      counts.delete("@ptr");
      return {
        logGroupFields: [...counts]
          .map(([name, count]) => ({ name, percent: Math.round((100 * count) / sample.length) }))
          .sort((left, right) => right.percent - left.percent || (left.name < right.name ? -1 : 1)),
      };
    },
  };
}

function requireQuery(queries: Queries, queryId: string | undefined): KnownQuery {
  const query = queries.find(queryId ?? "");
  if (query === undefined) {
    throw new AwsError("ResourceNotFoundException", `Query with id ${queryId ?? ""} was not found.`);
  }
  return query;
}

function checkPageSize(size: number | undefined, most: number): number {
  return checkLimit(size, most, most);
}

function resultFields(row: ResultRow): { field: string; value: string }[] {
  const fields: { field: string; value: string }[] = [];
  for (let index = 0; index < row.length; index += 2) {
    fields.push({ field: row[index] ?? "", value: row[index + 1] ?? "" });
  }
  return fields;
}

function statisticsOf({ statistics, resultCount }: KnownQuery) {
  // Skipped is what field indexes save, which local AWS does not have.
  return { ...statistics, estimatedRecordsSkipped: 0, estimatedBytesSkipped: 0, resultCount };
}

function describeQuery({
  queryId,
  queryString,
  status,
  createdAt,
  groups,
  statistics,
  durationMs,
  userIdentity,
}: KnownQuery) {
  return {
    queryLanguage: "CWLI" as const,
    queryId,
    queryString,
    status,
    createTime: createdAt,
    logGroupName: groups.map(({ name }) => name).join(","),
    queryDuration: durationMs,
    bytesScanned: statistics.bytesScanned,
    userIdentity,
  };
}
