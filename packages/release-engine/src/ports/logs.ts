import type { TimeWindow } from "@slipway/analysis";

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

/** Reads logs. */
export interface LogsReader {
  /**
   * The events of a window in the order of their time, over all groups, read as they are asked for.
   *
   * @throws {ReleaseError} when they cannot be read, or the filter is none
   */
  events(question: LogQuestion, window: TimeWindow, signal?: AbortSignal): AsyncIterable<LogEvent>;

  /**
   * The events from a time on, as they come in, until the signal is given: then it ends. Each event comes once, also one that is
   * late.
   *
   * @throws {ReleaseError} when they cannot be read, or the filter is none
   */
  follow(question: LogQuestion, from: number, signal: AbortSignal): AsyncIterable<LogEvent>;

  /**
   * Runs a query of Logs Insights to its end.
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
