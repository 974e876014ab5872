import type { TimeWindow } from "@slipway/analysis";
import type { ReleaseError } from "../release-error.ts";

/** A log event. Times are milliseconds since the epoch. */
export interface LogEvent {
  /** Unique within its group. */
  readonly id: string;
  readonly at: number;
  readonly ingestedAt: number;
  readonly group: string;
  readonly stream: string;
  readonly message: string;
}

/** Which events are wanted. */
export interface LogQuestion {
  /** Names of log groups; what is not there yet has no events. */
  readonly groups: readonly string[];
  /** A filter pattern of CloudWatch Logs. */
  readonly filter?: string;
}

/** What a query of Logs Insights came to. */
export interface InsightsAnswer {
  /** In the order of the query's own columns. */
  readonly fields: readonly string[];
  /** Texts by field; a field that an event does not have is not there. */
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly statistics: {
    readonly recordsMatched: number;
    readonly recordsScanned: number;
    readonly bytesScanned: number;
  };
}

/** A query that somebody saved. */
export interface SavedQuery {
  readonly name: string;
  readonly query: string;
  readonly groups: readonly string[];
}

/** Told how following goes. */
export interface FollowWatcher {
  /** All that was there has been given; from now on events come as they come in. Called once. */
  caughtUp?(): void;
  /** Logs cannot be read at the moment; it is tried again until they can be, or the signal is given. Called once for each time of trouble. */
  troubled?(error: ReleaseError): void;
  /** They can be read again; nothing is missing. */
  recovered?(): void;
}

/** Reads logs. */
export interface LogsReader {
  /**
   * The events of a window, without those at its very end, in the order of their time, over all groups, read as they are asked for.
   *
   * @throws {ReleaseError} when they cannot be read, or the filter is none
   */
  events(question: LogQuestion, window: TimeWindow, signal?: AbortSignal): AsyncIterable<LogEvent>;

  /**
   * The events from a time on, as they come in, until the signal is given: then it ends. Each event comes once, also one that is up
   * to a minute late. What passes by itself, such as throttling, ends nothing once a first answer was given.
   *
   * @throws {ReleaseError} when they cannot be read, or the filter is none
   */
  follow(question: LogQuestion, from: number, signal: AbortSignal, watcher?: FollowWatcher): AsyncIterable<LogEvent>;

  /**
   * Runs a query of Logs Insights to its end. The window is widened to whole seconds; without a limit of the request or in the query
   * there are at most 10,000 rows.
   *
   * @throws {ReleaseError} `usage` with what is wrong and where for a query that is malformed; another kind when it cannot be run, or
   * was broken off
   */
  query(
    request: { readonly groups: readonly string[]; readonly query: string; readonly limit?: number },
    window: TimeWindow,
    signal?: AbortSignal,
  ): Promise<InsightsAnswer>;

  /** Saved queries whose name begins with a prefix. @throws {ReleaseError} when they cannot be read */
  savedQueries(prefix: string, signal?: AbortSignal): Promise<readonly SavedQuery[]>;
}
