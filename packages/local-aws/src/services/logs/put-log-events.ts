import { AwsError } from "../../core/aws-error.ts";
import type { LogLine } from "../../core/ports.ts";
import type { InputOf, OutputOf } from "../../core/service.ts";
import type { LogGroup } from "./group-table.ts";
import { invalidParameter, type Logs, type LogsState, requireGroup } from "./logs-state.ts";
import { EVENT_OVERHEAD_BYTES, oldestKept } from "./logs-store.ts";
import { sequenceToken } from "./stream-operations.ts";

const MAX_BATCH_BYTES = 1_048_576;
const MAX_BATCH_EVENTS = 10_000;
const MAX_SPAN_MS = 24 * 3600 * 1000;
const MAX_AGE_MS = 14 * 24 * 3600 * 1000;
const MAX_AHEAD_MS = 2 * 3600 * 1000;

/**
 * `PutLogEvents`: events are in the store when it answers. Sequence tokens are ignored, as AWS does since 2023.
 *
 * @throws AwsError `InvalidParameterException` for a batch that is too large, out of order or longer than a day
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export function putLogEvents(state: LogsState, input: InputOf<Logs, "PutLogEvents">): OutputOf<Logs, "PutLogEvents"> {
  const group = requireGroup(state, input.logGroupName);
  const streamName = input.logStreamName ?? "";
  if (state.store.streams.find(group.id, streamName) === undefined) {
    throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
  }
  const bounds = timeBounds(state, group);
  const events = readEvents(input.logEvents ?? [], bounds);
  const { accepted, rejected } = sortOut(events, bounds);
  if (accepted.length > 0) {
    state.ingest.write(group.name, streamName, accepted);
  }
  const stream = state.store.streams.find(group.id, streamName);
  return {
    nextSequenceToken: sequenceToken(stream?.lastId ?? 0),
    rejectedLogEventsInfo: Object.keys(rejected).length > 0 ? rejected : undefined,
  };
}

function readEvents(
  given: readonly { timestamp?: number; message?: string }[],
  { oldest, newest }: TimeBounds,
): LogLine[] {
  if (given.length === 0 || given.length > MAX_BATCH_EVENTS) {
    const bound = given.length === 0 ? "greater than or equal to 1" : `less than or equal to ${MAX_BATCH_EVENTS}`;
    throw invalidParameter(
      `1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length ${bound}`,
    );
  }
  let bytes = 0;
  const events = given.map(({ timestamp, message }, index) => {
    if (timestamp === undefined || timestamp < 0) {
      throw invalidParameter(
        `1 validation error detected: Value at 'logEvents.${index + 1}.member.timestamp' failed to satisfy constraint: Member must not be null and must have value greater than or equal to 0`,
      );
    }
    if (message === undefined || message === "") {
      throw invalidParameter(
        `1 validation error detected: Value at 'logEvents.${index + 1}.member.message' failed to satisfy constraint: Member must have length greater than or equal to 1`,
      );
    }
    bytes += Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
    return { timestamp, message };
  });
  if (bytes > MAX_BATCH_BYTES) {
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${MAX_BATCH_BYTES}`);
  }
  if (events.some((event, index) => index > 0 && event.timestamp < (events[index - 1]?.timestamp ?? 0))) {
    throw invalidParameter("Log events in a single PutLogEvents request must be in chronological order.");
  }
  const valid = events.filter(({ timestamp }) => timestamp >= oldest && timestamp <= newest);
  if ((valid.at(-1)?.timestamp ?? 0) - (valid[0]?.timestamp ?? 0) > MAX_SPAN_MS) {
    throw invalidParameter("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
  }
  return events;
}

interface TimeBounds {
  readonly oldest: number;
  readonly notExpired: number;
  readonly newest: number;
}

function timeBounds(state: LogsState, group: LogGroup): TimeBounds {
  const now = state.core.clock.now();
  return { oldest: now - MAX_AGE_MS, notExpired: oldestKept(group, now), newest: now + MAX_AHEAD_MS };
}

/** Events come in order, so that each reason to refuse them covers one end of the batch. */
function sortOut(events: readonly LogLine[], { oldest, notExpired, newest }: TimeBounds) {
  const old = events.filter(({ timestamp }) => timestamp < oldest).length;
  const expired = events.filter(({ timestamp }) => timestamp < notExpired).length;
  const early = events.findIndex(({ timestamp }) => timestamp > newest);
  const rejected: {
    tooOldLogEventEndIndex?: number;
    expiredLogEventEndIndex?: number;
    tooNewLogEventStartIndex?: number;
  } = {};
  if (old > 0) {
    rejected.tooOldLogEventEndIndex = old;
  }
  if (expired > old) {
    rejected.expiredLogEventEndIndex = expired;
  }
  if (early >= 0) {
    rejected.tooNewLogEventStartIndex = early;
  }
  return { accepted: events.slice(Math.max(old, expired), early < 0 ? undefined : early), rejected };
}
