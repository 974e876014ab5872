import { AwsError } from "../../core/aws-error.ts";
import type { InputOf, OutputOf } from "../../core/service.ts";
import { compileFilterPattern } from "./filter-pattern/compile-filter-pattern.ts";
import { LogText } from "./filter-pattern/filter-pattern.ts";
import type { LogGroup } from "./group-table.ts";
import {
  checkLimit,
  invalidParameter,
  invalidToken,
  type Logs,
  type LogsState,
  readToken,
  requireIdentifiedGroup,
  writeToken,
} from "./logs-state.ts";
import { type EventPosition, LAST_POSITION, oldestKept, type StoredEvent } from "./logs-store.ts";

const MAX_EVENTS = 10_000;
const MAX_BYTES = 1_048_576;
const MAX_STREAM_NAMES = 100;
const TOKEN_LASTS_MS = 24 * 3600 * 1000;
/** Of searches for the latest events first. */
const OLDEST_BACKWARDS = Date.UTC(2024, 0, 1);
/** Events looked at for one page, so that one search does not hold everybody up. AWS too gives empty pages with a token. */
const MAX_SCANNED = 200_000;
/** The same in characters. */
const MAX_SCANNED_LENGTH = 32_000_000;

/**
 * `FilterLogEvents`: the events of a group, over all or some of its streams, that match a pattern.
 *
 * @throws AwsError `InvalidParameterException` for an invalid pattern
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export function filterLogEvents(
  state: LogsState,
  input: InputOf<Logs, "FilterLogEvents">,
): OutputOf<Logs, "FilterLogEvents"> {
  const group = requireIdentifiedGroup(state, input);
  const pattern = compileFilterPattern(input.filterPattern ?? "");
  const limit = checkLimit(input.limit, MAX_EVENTS, MAX_EVENTS);
  checkTimes(input);
  const now = state.core.clock.now();
  const token = input.nextToken === undefined ? undefined : parseToken(input.nextToken, now);
  const forward = token?.forward ?? input.startFromHead ?? true;
  const names = state.store.streams.names(group.id);
  const wanted = chooseStreams(names, input);
  const found: StoredEvent[] = [];
  let bytes = 0;
  let scanned = 0;
  let scannedLength = 0;
  let last: EventPosition | undefined;
  let more = false;
  for (const event of eventsOf(state, group, input, { forward, position: token?.position })) {
    if (found.length >= limit || scanned >= MAX_SCANNED || scannedLength >= MAX_SCANNED_LENGTH) {
      more = true;
      break;
    }
    scanned++;
    scannedLength += event.message.length;
    if ((wanted === undefined || wanted.has(event.stream)) && pattern.match(new LogText(event.message)) !== undefined) {
      const size = Buffer.byteLength(event.message);
      if (found.length > 0 && bytes + size > MAX_BYTES) {
        more = true;
        break;
      }
      bytes += size;
      found.push(event);
    }
    last = event;
  }
  return {
    events: found.map((event) => ({
      logStreamName: names.get(event.stream) ?? "",
      timestamp: event.time,
      message: event.message,
      ingestionTime: event.ingested,
      eventId: eventId(event),
    })),
    // AWS returns it empty since all streams are searched.
    searchedLogStreams: [],
    nextToken: more && last !== undefined ? formatToken({ forward, position: last, issuedAt: now }) : undefined,
  };
}

function checkTimes({ startTime, endTime, startFromHead }: InputOf<Logs, "FilterLogEvents">): void {
  if (startTime !== undefined && endTime !== undefined && startTime > endTime) {
    throw invalidParameter("Start time cannot be later than end time.");
  }
  if (startFromHead === false && startTime !== undefined && startTime < OLDEST_BACKWARDS) {
    throw invalidParameter("startFromHead can be false only when startTime is on or after Jan 1, 2024 00:00:00 UTC.");
  }
}

function eventsOf(
  state: LogsState,
  group: LogGroup,
  input: InputOf<Logs, "FilterLogEvents">,
  { forward, position }: { forward: boolean; position: EventPosition | undefined },
): Iterable<StoredEvent> {
  const from = Math.max(input.startTime ?? 0, oldestKept(group, state.core.clock.now()));
  const until = input.endTime ?? Number.MAX_SAFE_INTEGER;
  return forward
    ? state.store.scan(group.id, later(position, { time: from - 1, id: LAST_POSITION.id }), until)
    : state.store.scanBack(group.id, position ?? { time: until, id: LAST_POSITION.id }, from);
}

/** Retention may have gone past the place of a token. */
function later(position: EventPosition | undefined, start: EventPosition): EventPosition {
  return position === undefined || position.time < start.time ? start : position;
}

function chooseStreams(
  names: ReadonlyMap<number, string>,
  { logStreamNames, logStreamNamePrefix: prefix }: InputOf<Logs, "FilterLogEvents">,
): Set<number> | undefined {
  if (logStreamNames !== undefined && prefix !== undefined) {
    throw invalidParameter("Only one of logStreamNames and logStreamNamePrefix can be specified.");
  }
  if (prefix !== undefined) {
    return new Set([...names].filter(([, name]) => name.startsWith(prefix)).map(([id]) => id));
  }
  if (logStreamNames === undefined || logStreamNames.length === 0) {
    return undefined;
  }
  if (logStreamNames.length > MAX_STREAM_NAMES) {
    throw invalidParameter(
      `1 validation error detected: Value at 'logStreamNames' failed to satisfy constraint: Member must have length less than or equal to ${MAX_STREAM_NAMES}`,
    );
  }
  const known = new Set(names.values());
  if (logStreamNames.some((name) => !known.has(name))) {
    throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
  }
  return new Set([...names].filter(([, name]) => logStreamNames.includes(name)).map(([id]) => id));
}

/** 56 digits: unique, and in the order of time and ingestion. */
function eventId({ time, id }: EventPosition): string {
  return String(time).padStart(20, "0") + String(id).padStart(36, "0");
}

/** A place in a search, and which way it goes. */
interface SearchToken {
  readonly forward: boolean;
  readonly position: EventPosition;
  readonly issuedAt: number;
}

function formatToken({ forward, position, issuedAt }: SearchToken): string {
  return writeToken(JSON.stringify([forward ? "f" : "b", position.time, position.id, Math.floor(issuedAt)]));
}

function parseToken(token: string, now: number): SearchToken {
  try {
    const [direction, time, id, issuedAt] = JSON.parse(readToken(token)) as [unknown, number, number, number];
    if ((direction === "f" || direction === "b") && [time, id, issuedAt].every(Number.isInteger)) {
      if (now - issuedAt <= TOKEN_LASTS_MS) {
        return { forward: direction === "f", position: { time, id }, issuedAt };
      }
    }
  } catch {
    // Falls through to the error.
  }
  throw invalidToken();
}
