import {
  type ErrorCategory,
  errorFingerprint,
  type LoggedError,
  type LogMeasurement,
  type TimeWindow,
} from "@slipway/analysis";
import type { MonitoredFunction } from "../../monitoring/monitored-resources.ts";
import type { LogsReader } from "../../ports/logs.ts";
import type { LookMemory, MinuteErrors } from "./look-memory.ts";

const MINUTE_MS = 60_000;
/** Lines come some time after they were written. */
const SETTLED_MS = 3 * MINUTE_MS;
/** What was before the window: long enough that what comes now and then has come. */
const BEFORE_MS = 60 * MINUTE_MS;
/** Enough to say that there are many. */
const MOST_LINES = 20_000;

export interface ErrorLogQuestion {
  readonly functions: readonly MonitoredFunction[];
  /** The filter pattern that finds lines about errors. */
  readonly filter: string;
  readonly window: TimeWindow;
  readonly now: number;
  readonly memory?: LookMemory;
  readonly signal?: AbortSignal;
}

/**
 * Reads the lines about errors of all functions, in the window and in the hour before it, and counts them by their fingerprints.
 *
 * @throws {ReleaseError} when they cannot be read
 */
export async function measureErrorLogs(logs: LogsReader, question: ErrorLogQuestion): Promise<LogMeasurement> {
  const { window } = question;
  const before: TimeWindow = { from: window.from - BEFORE_MS, to: window.from };
  forgetBefore(before.from, question.memory);
  // What is now first: however much there was before, it must not be what nobody gets to.
  const now = await errorMinutes(logs, question, window);
  const minutes = [...(await errorMinutes(logs, question, before)), ...now];
  const errors = new Map<string, LoggedError>();
  let [total, totalBefore] = [0, 0];
  for (const [at, found] of minutes) {
    const isNow = at >= window.from;
    for (const each of found) {
      total += isNow ? each.count : 0;
      totalBefore += isNow ? 0 : each.count;
      const key = `${each.function} ${each.fingerprint}`;
      errors.set(key, added(errors.get(key), each, isNow));
    }
  }
  return {
    errors: [...errors.values()].filter(({ count }) => count > 0),
    ...{ total, totalBefore, windowMs: window.to - window.from, beforeMs: BEFORE_MS },
  };
}

function added(known: LoggedError | undefined, each: MinuteErrors, isNow: boolean): LoggedError {
  const { function: name, fingerprint, category, count, firstAt, versions } = each;
  const so: LoggedError = known ?? {
    ...{ function: name, fingerprint, category, count: 0, minutes: 0, before: 0, firstAt, versions: {} },
  };
  if (!isNow) {
    return { ...so, before: so.before + count };
  }
  const all = { ...so.versions };
  for (const [version, more] of Object.entries(versions)) {
    all[version] = (all[version] ?? 0) + more;
  }
  return {
    ...so,
    ...{ count: so.count + count, minutes: so.minutes + 1, versions: all },
    firstAt: so.count === 0 ? firstAt : Math.min(so.firstAt, firstAt),
  };
}

function forgetBefore(from: number, memory: LookMemory | undefined): void {
  for (const at of memory?.errors.keys() ?? []) {
    if (at < from) {
      memory?.errors.delete(at);
    }
  }
}

/** By the minute: those that are settled and known are not read again. */
async function errorMinutes(
  logs: LogsReader,
  { functions, filter, now, memory, signal }: ErrorLogQuestion,
  { from, to }: TimeWindow,
): Promise<readonly (readonly [at: number, found: readonly MinuteErrors[]])[]> {
  const known = memory?.errors ?? new Map<number, readonly MinuteErrors[]>();
  const settled: [number, readonly MinuteErrors[]][] = [];
  let start = from;
  for (let found = known.get(start); found !== undefined && start < to; found = known.get(start)) {
    settled.push([start, found]);
    start += MINUTE_MS;
  }
  const minutes = new Map<number, MinuteErrors[]>();
  for (let at = start; at < to; at += MINUTE_MS) {
    minutes.set(at, []);
  }
  if (functions.length > 0 && start < to) {
    const byGroup = new Map(functions.map(({ logGroup, name }) => [logGroup, name]));
    let lines = 0;
    for await (const event of logs.events({ groups: [...byGroup.keys()], filter }, { from: start, to }, signal)) {
      const fingerprint = errorFingerprint(event.message);
      if (fingerprint === undefined) {
        continue;
      }
      count(minutes, event.at, {
        ...{ function: byGroup.get(event.group) ?? event.group, fingerprint: fingerprint.id },
        category: categoryOf(fingerprint.errorClass, fingerprint.message),
        version: /\[([\w$]+)\]/.exec(event.stream)?.[1],
      });
      lines += 1;
      if (lines === MOST_LINES) {
        // What comes after it in time is not known: it is not remembered, and there is more than enough to say so.
        return [...settled, ...minutes];
      }
    }
  }
  for (const [at, found] of minutes) {
    if (at + MINUTE_MS <= now - SETTLED_MS) {
      known.set(at, found);
    }
  }
  return [...settled, ...minutes];
}

function count(
  minutes: Map<number, MinuteErrors[]>,
  at: number,
  {
    version,
    ...error
  }: Pick<MinuteErrors, "function" | "fingerprint" | "category"> & { readonly version: string | undefined },
): void {
  const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  const found = minutes.get(minute) ?? [];
  minutes.set(minute, found);
  let known = found.find(
    ({ function: name, fingerprint }) => name === error.function && fingerprint === error.fingerprint,
  );
  if (known === undefined) {
    known = { ...error, count: 0, firstAt: at, versions: {} };
    found.push(known);
  }
  known.count += 1;
  known.firstAt = Math.min(known.firstAt, at);
  if (version !== undefined) {
    known.versions[version] = (known.versions[version] ?? 0) + 1;
  }
}

/** `The record <uuid> has no text <value>`: what was written well cannot be read any more. */
const DAMAGED =
  /\b(?:record|item|row|document|note)\b[^.:]{0,60}\b(?:has no|lacks|is incomplete|is damaged|is malformed|is not what it should be|cannot be (?:read|parsed))\b/i;

/** What an error is about, by what Lambda, AWS and applications call it. */
export function categoryOf(errorClass: string, message: string): ErrorCategory {
  const text = `${errorClass}: ${message}`;
  switch (true) {
    case /Sandbox\.Timedout|Task timed out/.test(text):
      return "timeout";
    case /OutOfMemory|heap out of memory|signal: killed/i.test(text):
      return "memory";
    case /Access ?Denied|Unauthorized(Operation|Access)|is not authorized to perform|UnrecognizedClient|ExpiredToken|KMSAccessDenied/i.test(
      text,
    ):
      return "access";
    case /corrupt|data integrity|checksum (is|does|mismatch)/i.test(text):
    case DAMAGED.test(text):
      return "data";
    default:
      return "other";
  }
}
