import { AwsError } from "../../core/aws-error.ts";
import type { Operations } from "../../core/service.ts";
import {
  checkLimit,
  groupArn,
  invalidParameter,
  invalidToken,
  type Logs,
  type LogsState,
  readToken,
  requireGroup,
  requireIdentifiedGroup,
  writeToken,
} from "./logs-state.ts";

const MAX_PAGE = 50;

/** Log streams. */
export function streamOperations(state: LogsState): Operations<Logs> {
  const { streams } = state.store;
  return {
    CreateLogStream({ logGroupName, logStreamName }) {
      const group = requireGroup(state, logGroupName);
      validateStreamName(logStreamName);
      if (streams.find(group.id, logStreamName ?? "") !== undefined) {
        throw new AwsError("ResourceAlreadyExistsException", "The specified log stream already exists");
      }
      streams.create(group.id, logStreamName ?? "", Math.floor(state.core.clock.now()));
      return {};
    },

    DeleteLogStream({ logGroupName, logStreamName }) {
      const group = requireGroup(state, logGroupName);
      if (streams.find(group.id, logStreamName ?? "") === undefined) {
        throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
      }
      state.store.deleteStream(group.id, logStreamName ?? "");
      return {};
    },

    DescribeLogStreams(input) {
      const group = requireIdentifiedGroup(state, input);
      const { logStreamNamePrefix: prefix = "", orderBy = "LogStreamName", descending = false, nextToken } = input;
      if (orderBy !== "LogStreamName" && orderBy !== "LastEventTime") {
        throw invalidParameter(
          `1 validation error detected: Value '${orderBy}' at 'orderBy' failed to satisfy constraint: Member must satisfy enum value set: [LastEventTime, LogStreamName]`,
        );
      }
      if (orderBy === "LastEventTime" && prefix !== "") {
        throw invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
      }
      const limit = checkLimit(input.limit, MAX_PAGE, MAX_PAGE);
      const offset = nextToken === undefined ? 0 : Number(readToken(nextToken));
      if (!Number.isInteger(offset) || offset < 0) {
        throw invalidToken();
      }
      const found = streams.query({ groupId: group.id, prefix, orderBy, descending, offset, limit: limit + 1 });
      return {
        logStreams: found.slice(0, limit).map((stream) => ({
          logStreamName: stream.name,
          creationTime: stream.createdAt,
          firstEventTimestamp: stream.firstEvent,
          lastEventTimestamp: stream.lastEvent,
          lastIngestionTime: stream.lastIngestion,
          uploadSequenceToken: sequenceToken(stream.lastId),
          arn: `${groupArn(state.core, group.name)}:log-stream:${stream.name}`,
          // AWS reports 0 for every stream since 2019.
          storedBytes: 0,
        })),
        nextToken: found.length > limit ? writeToken(String(offset + limit)) : undefined,
      };
    },
  };
}

/** The token that `PutLogEvents` hands out and nobody needs any more: 56 digits. */
export function sequenceToken(lastId: number): string {
  return `49${String(lastId).padStart(54, "0")}`;
}

function validateStreamName(name: string | undefined): void {
  if (name === undefined || !/^[^:*]{1,512}$/.test(name)) {
    throw invalidParameter(
      `1 validation error detected: Value '${name ?? ""}' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*`,
    );
  }
}
