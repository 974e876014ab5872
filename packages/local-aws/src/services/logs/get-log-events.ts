import { AwsError } from "../../core/aws-error.ts";
import type { InputOf, OutputOf } from "../../core/service.ts";
import {
  checkLimit,
  invalidParameter,
  invalidToken,
  type Logs,
  type LogsState,
  requireIdentifiedGroup,
} from "./logs-state.ts";
import { type EventPosition, LAST_POSITION, oldestKept, type StoredEvent } from "./logs-store.ts";

const MAX_EVENTS = 10_000;
const MAX_BYTES = 1_048_576;

/**
 * `GetLogEvents`: the events of one stream, by pages that can be turned both ways.
 *
 * Tokens name a place between two events. At an end, the token that came in goes out again.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 */
export function getLogEvents(state: LogsState, input: InputOf<Logs, "GetLogEvents">): OutputOf<Logs, "GetLogEvents"> {
  const group = requireIdentifiedGroup(state, input);
  const stream = state.store.streams.find(group.id, input.logStreamName ?? "");
  if (stream === undefined) {
    throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
  }
  const from = Math.max(input.startTime ?? 0, oldestKept(group, state.core.clock.now()));
  const until = (input.endTime ?? Number.MAX_SAFE_INTEGER) - 1;
  if (input.startTime !== undefined && input.endTime !== undefined && input.startTime > input.endTime) {
    throw invalidParameter("Start time cannot be later than end time.");
  }
  const limit = checkLimit(input.limit, MAX_EVENTS, MAX_EVENTS);
  const token = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
  const start: EventPosition = { time: from - 1, id: Number.MAX_SAFE_INTEGER };
  const forward = token === undefined ? (input.startFromHead ?? false) : token.forward;
  const { store } = state;
  const events = forward
    ? takePage(store.scanStream(group.id, stream.id, later(token?.position, start), until), limit)
    : takePage(store.scanStreamBack(group.id, stream.id, earlier(token?.position, until), from), limit).reverse();
  const { forward: last, backward: first } = turnsAt(token) ?? { forward: start, backward: start };
  return {
    events: events.map(({ time, ingested, message }) => ({ timestamp: time, ingestionTime: ingested, message })),
    nextForwardToken: formatToken("f", events.at(-1) ?? last),
    nextBackwardToken: formatToken("b", events[0] ?? first),
  };
}

/**
 * Where reading goes on from a page with nothing on it. A token goes on from behind its event, and not with it; so who turns round at
 * an end has to begin one further, or would miss the event at which the token was made.
 */
function turnsAt(token: { forward: boolean; position: EventPosition } | undefined) {
  if (token === undefined) {
    return undefined;
  }
  const { forward, position } = token;
  const other = {
    ...position,
    id: forward ? Math.min(position.id + 1, LAST_POSITION.id) : Math.max(position.id - 1, 0),
  };
  return forward ? { forward: position, backward: other } : { forward: other, backward: position };
}

/** Takes events until a page is full, by number or by size. */
export function takePage(events: Iterable<StoredEvent>, limit: number): StoredEvent[] {
  const page: StoredEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    bytes += Buffer.byteLength(event.message);
    if (page.length > 0 && bytes > MAX_BYTES) {
      break;
    }
    page.push(event);
    if (page.length >= limit) {
      break;
    }
  }
  return page;
}

function later(position: EventPosition | undefined, start: EventPosition): EventPosition {
  return position === undefined || position.time < start.time ? start : position;
}

function earlier(position: EventPosition | undefined, until: number): EventPosition {
  const end = { time: until, id: LAST_POSITION.id };
  return position === undefined || position.time > until ? end : position;
}

function formatToken(direction: "f" | "b", { time, id }: EventPosition): string {
  return `${direction}/${String(time + 1).padStart(20, "0")}${String(id).padStart(36, "0")}/s`;
}

function parseToken(token: string): { forward: boolean; position: EventPosition } {
  const [, direction, time, id] = /^([fb])\/(\d{20})(\d{36})\/s$/.exec(token) ?? [];
  if (direction === undefined) {
    throw invalidToken();
  }
  return { forward: direction === "f", position: { time: Number(time) - 1, id: Number(id) } };
}
