import { type CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { type LogEvent, ReleaseError } from "@slipway/release-engine";
import { translateAwsError } from "../translate-aws-error.ts";

/** Which events of one log group. Times are milliseconds since the epoch. */
export interface LogGroupRequest {
  readonly group: string;
  readonly filter?: string;
  readonly from: number;
  /** Without it, up to the last one there is. */
  readonly to?: number;
}

const SYNTAX = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html";

/**
 * The events of a log group over all its streams, in the order of their time, page by page as they are asked for. A group that does
 * not exist has none.
 *
 * @throws ReleaseError `usage` for a filter that is none; what AWS refused
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export async function* readLogGroup(
  logs: CloudWatchLogsClient,
  { group, filter, from, to }: LogGroupRequest,
  abortSignal?: AbortSignal,
): AsyncGenerator<LogEvent, void> {
  let nextToken: string | undefined;
  do {
    const command = new FilterLogEventsCommand({
      logGroupName: group,
      startTime: from,
      // AWS counts the end in; who asks for a window and then for the next one must not get an event twice.
      ...(to === undefined ? {} : { endTime: to - 1 }),
      ...(filter === undefined || filter === "" ? {} : { filterPattern: filter }),
      nextToken,
    });
    const page = await logs.send(command, { abortSignal }).catch((error: unknown) => {
      if (error instanceof Error && error.name === "ResourceNotFoundException") {
        return { events: [], nextToken: undefined };
      }
      throw refusal(error, group, filter);
    });
    // A page may be empty and have a token: then there was nothing in what was looked through so far.
    for (const { eventId = "", timestamp = 0, ingestionTime = 0, logStreamName = "", message = "" } of page.events ??
      []) {
      yield { id: eventId, at: timestamp, ingestedAt: ingestionTime, group, stream: logStreamName, message };
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}

function refusal(error: unknown, group: string, filter: string | undefined): unknown {
  if (filter !== undefined && error instanceof Error && error.name === "InvalidParameterException") {
    const failure = {
      kind: "usage",
      what: `The filter pattern is none: ${filter}`,
      why: error.message,
      next: `correct it as its syntax says: ${SYNTAX}`,
    } as const;
    return new ReleaseError(failure, { cause: error });
  }
  return translateAwsError(error, { action: "logs:FilterLogEvents", subject: `the log group ${group}` });
}
