import { cutText, type ErrorFingerprint, errorFingerprint, type TimeWindow } from "@slipway/analysis";
import type { MonitoredFunction } from "../../monitoring/monitored-resources.ts";
import type { InsightsAnswer, LogsReader } from "../../ports/logs.ts";
import { ReleaseError } from "../../release-error.ts";

/** Lines that are read of each time; how many there are besides, the query counts. */
const MOST_SAMPLES = 1_000;
const LONGEST_SAMPLE = 400;

/**
 * What finds lines about errors, whatever logs them: levels of JSON lines, the words that Lambda and runtimes write, and errors of a class.
 * It is read before any line is taken apart, so that a million others cost little; what is none after all is passed over later.
 */
const FILTER = 'filter @message like /ERROR|FATAL|CRITICAL|rror"|rror:|xception|timed out|Runtime\\./';
const QUERY = `${FILTER} | fields @timestamp, @message, @log, @logStream, @requestId | sort @timestamp desc | limit ${MOST_SAMPLES}`;

/** Errors of one fingerprint. */
export interface ReadError {
  readonly fingerprint: ErrorFingerprint;
  /** As many as there are, as far as the samples tell. */
  readonly count: number;
  /** Of the lines that were read, in milliseconds since the epoch. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly group: string;
  readonly versions: readonly string[];
  readonly sample: string;
  readonly requestId?: string;
}

export interface ReadErrors {
  /** The most frequent first. */
  readonly errors: readonly ReadError[];
  /** Lines that were looked through, and those that may be about errors. */
  readonly scanned: number;
  readonly matched: number;
  /** Whether all of these were read. */
  readonly isWhole: boolean;
}

/**
 * Reads the errors of a time by their fingerprints. However many lines there are, Logs Insights goes through them, and the last thousand that
 * match are read.
 *
 * @param logs with what is secret taken out of its lines
 * @throws {ReleaseError} when logs cannot be asked
 */
export async function readErrors(
  logs: LogsReader,
  functions: readonly MonitoredFunction[],
  window: TimeWindow,
  signal?: AbortSignal,
): Promise<ReadErrors> {
  const groups = functions.map(({ logGroup }) => logGroup);
  if (groups.length === 0 || window.to <= window.from) {
    return { errors: [], scanned: 0, matched: 0, isWhole: true };
  }
  // The end of a query belongs to it, to the second.
  const asked = { from: window.from, to: Math.max(window.from, window.to - 1_000) };
  const { rows, matched, scanned } = await query(logs, groups, asked, signal);
  const factor = rows.length >= MOST_SAMPLES ? Math.max(1, matched / rows.length) : 1;
  const found = new Map<string, ReadError & { readonly seen: number }>();
  for (const row of rows) {
    const { "@message": message = "", "@log": log = "", "@logStream": stream = "" } = row;
    const fingerprint = errorFingerprint(message);
    if (fingerprint === undefined) {
      continue;
    }
    const at = Date.parse(`${(row["@timestamp"] ?? "").replace(" ", "T")}Z`);
    const version = /\[([\w$]+)\]/.exec(stream)?.[1];
    const group = log.replace(/^\d+:/, "");
    const key = `${group} ${fingerprint.id}`;
    const known = found.get(key);
    const requestId = row["@requestId"] ?? requestIdIn(message);
    const seen = (known?.seen ?? 0) + 1;
    found.set(key, {
      ...{ fingerprint, group, seen, count: Math.round(seen * factor) },
      // They come the last first.
      lastAt: known?.lastAt ?? at,
      firstAt: at,
      versions: [...new Set([...(known?.versions ?? []), ...(version === undefined ? [] : [version])])],
      sample: known?.sample ?? cutText(message, LONGEST_SAMPLE),
      ...((known?.requestId ?? requestId) === undefined ? {} : { requestId: known?.requestId ?? requestId }),
    });
  }
  const errors = [...found.values()]
    .map(({ seen: _, ...error }): ReadError => error)
    .sort((left, right) => right.count - left.count);
  return { errors, scanned, matched, isWhole: factor === 1 };
}

type Answer = Pick<ReadErrors, "matched" | "scanned"> & Pick<InsightsAnswer, "rows">;

function isMissing(error: unknown): boolean {
  return error instanceof ReleaseError && error.kind === "not-found";
}

/** A function that nobody has called yet has no log group: the others have theirs all the same. @throws where none has one */
async function query(
  logs: LogsReader,
  groups: readonly string[],
  window: TimeWindow,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  try {
    const { rows, statistics } = await logs.query({ groups, query: QUERY, limit: MOST_SAMPLES }, window, signal);
    return { rows, matched: statistics.recordsMatched, scanned: statistics.recordsScanned };
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
    const asked = await Promise.allSettled(
      groups.length === 1 ? [] : groups.map((group) => query(logs, [group], window, signal)),
    );
    const each = asked.flatMap((settled) => (settled.status === "fulfilled" ? [settled.value] : []));
    const failed = asked.find((settled) => settled.status === "rejected" && !isMissing(settled.reason));
    if (each.length === 0 || failed !== undefined) {
      throw failed?.status === "rejected" ? failed.reason : error;
    }
    const rows = each.flatMap((answer) => answer.rows);
    const sum = (of: (answer: Answer) => number) => each.reduce((total, answer) => total + of(answer), 0);
    return {
      rows: rows.toSorted((left, right) => ((left["@timestamp"] ?? "") < (right["@timestamp"] ?? "") ? 1 : -1)),
      ...{ matched: sum(({ matched }) => matched), scanned: sum(({ scanned }) => scanned) },
    };
  }
}

/**
 * What was read of times that lie one after the other, as of one.
 *
 * @param factor how many times as long the whole time is: what was not gone through is taken to be like what was
 */
export function togetherErrors(read: readonly (ReadErrors | undefined)[], factor = 1): ReadErrors | undefined {
  const known = read.filter((each) => each !== undefined);
  if (known.length === 0) {
    return undefined;
  }
  const found = new Map<string, ReadError>();
  for (const error of known.flatMap(({ errors }) => errors)) {
    const key = `${error.group} ${error.fingerprint.id}`;
    const earlier = found.get(key);
    found.set(
      key,
      earlier === undefined
        ? error
        : {
            ...earlier,
            ...{ count: earlier.count + error.count, lastAt: Math.max(earlier.lastAt, error.lastAt) },
            versions: [...new Set([...earlier.versions, ...error.versions])],
          },
    );
  }
  const sum = (of: (each: ReadErrors) => number) => known.reduce((total, each) => total + of(each), 0);
  return {
    errors: [...found.values()]
      .map((error) => ({ ...error, count: Math.round(error.count * factor) }))
      .sort((left, right) => right.count - left.count),
    ...{ scanned: sum(({ scanned }) => scanned), matched: sum(({ matched }) => matched) },
    isWhole: factor === 1 && known.every(({ isWhole }) => isWhole),
  };
}

function requestIdIn(message: string): string | undefined {
  return /"requestId":\s?"([\w-]{8,64})"/.exec(message)?.[1] ?? /RequestId: ([\w-]{36})/.exec(message)?.[1];
}
