import { CloudWatchLogsClient, DescribeQueryDefinitionsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { TimeWindow } from "@slipway/analysis";
import {
  type Clock,
  type FollowWatcher,
  type InsightsAnswer,
  type LogEvent,
  type LogQuestion,
  type LogsReader,
  type SavedQuery,
  systemClock,
} from "@slipway/release-engine";
import { type AwsClientOptions, clientSettings } from "../client-settings.ts";
import { translateAwsError } from "../translate-aws-error.ts";
import { followLogEvents } from "./follow-log-events.ts";
import { mergeByTime } from "./merge-by-time.ts";
import { readLogGroup } from "./read-log-group.ts";
import { type InsightsRequest, runInsightsQuery } from "./run-insights-query.ts";

/** How logs are read. */
export interface AwsLogsReaderOptions extends AwsClientOptions {
  /** The machine's own unless another is given. */
  readonly clock?: Clock;
  /** Milliseconds between two looks when logs are followed. */
  readonly pollMs?: number;
  /** How often a call is made before its throttling is an error. */
  readonly maxAttempts?: number;
}

const DEFAULT_POLL_MS = 2_000;
/** An account has few of these calls in a second, and others make them too. */
const DEFAULT_ATTEMPTS = 6;

/** Reads CloudWatch Logs and asks Logs Insights. */
export class AwsLogsReader implements LogsReader {
  readonly #logs: CloudWatchLogsClient;
  readonly #clock: Clock;
  readonly #pollMs: number;

  constructor(options: AwsLogsReaderOptions) {
    const { clock = systemClock, pollMs = DEFAULT_POLL_MS } = options;
    this.#logs = new CloudWatchLogsClient({
      ...clientSettings(options),
      maxAttempts: options.maxAttempts ?? DEFAULT_ATTEMPTS,
    });
    this.#clock = clock;
    this.#pollMs = pollMs;
  }

  events(question: LogQuestion, { from, to }: TimeWindow, signal?: AbortSignal): AsyncIterable<LogEvent> {
    return this.#read(question, from, to, signal);
  }

  follow(question: LogQuestion, from: number, signal: AbortSignal, watcher?: FollowWatcher): AsyncIterable<LogEvent> {
    return followLogEvents((start) => this.#read(question, start, undefined, signal), {
      ...{ from, signal, watcher },
      clock: this.#clock,
      pollMs: this.#pollMs,
    });
  }

  query(request: InsightsRequest, window: TimeWindow, signal?: AbortSignal): Promise<InsightsAnswer> {
    return runInsightsQuery(this.#logs, request, window, { clock: this.#clock, signal });
  }

  async savedQueries(prefix: string, abortSignal?: AbortSignal): Promise<readonly SavedQuery[]> {
    const found: SavedQuery[] = [];
    let nextToken: string | undefined;
    do {
      const page = await this.#logs
        .send(
          new DescribeQueryDefinitionsCommand({
            ...(prefix === "" ? {} : { queryDefinitionNamePrefix: prefix }),
            nextToken,
          }),
          { abortSignal },
        )
        .catch((error: unknown) => {
          const subject = prefix === "" ? "saved queries" : `saved queries of ${prefix}`;
          throw translateAwsError(error, { action: "logs:DescribeQueryDefinitions", subject });
        });
      for (const { name = "", queryString = "", logGroupNames = [] } of page.queryDefinitions ?? []) {
        found.push({ name, query: queryString, groups: logGroupNames });
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
  }

  /** Closes the connections. */
  close(): void {
    this.#logs.destroy();
  }

  #read(
    { groups, filter }: LogQuestion,
    from: number,
    to: number | undefined,
    signal: AbortSignal | undefined,
  ): AsyncIterable<LogEvent> {
    return mergeByTime(
      [...new Set(groups)].map((group) => readLogGroup(this.#logs, { group, filter, from, to }, signal)),
    );
  }
}
