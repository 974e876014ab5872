import { randomUUID } from "node:crypto";
import { AwsError } from "../../../core/aws-error.ts";
import type { InputOf, OutputOf, RequestContext } from "../../../core/service.ts";
import { compileFilterPattern } from "../filter-pattern/compile-filter-pattern.ts";
import {
  groupArn,
  invalidParameter,
  type Logs,
  type LogsState,
  nameFromIdentifier,
  requireGroup,
} from "../logs-state.ts";

const MAX_GROUPS = 10;
const MAX_STREAMS = 100;
/** Of an account, at a time: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const MAX_SESSIONS = 15;

/**
 * `StartLiveTail`: a stream of the events that come into up to ten groups from now on.
 *
 * The SDKs send it to a host of its own (`stream-` before the endpoint's); where that name does not resolve, the client has to be
 * told not to (`disableHostPrefix`, `AWS_DISABLE_HOST_PREFIX_INJECTION`).
 *
 * @throws AwsError `InvalidParameterException`, `ResourceNotFoundException`, `InvalidOperationException` for a group that is not of
 *   class STANDARD, `LimitExceededException` for a sixteenth session
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html
 */
export function startLiveTail(
  state: LogsState,
  input: InputOf<Logs, "StartLiveTail">,
  context: RequestContext,
): OutputOf<Logs, "StartLiveTail"> {
  const { logGroupIdentifiers: identifiers = [], logStreamNames, logStreamNamePrefixes } = input;
  requireLength("logGroupIdentifiers", identifiers, MAX_GROUPS);
  const groups = new Map(identifiers.map((identifier) => [followedGroup(state, identifier), identifier]));
  if (logStreamNames !== undefined && logStreamNamePrefixes !== undefined) {
    throw invalidParameter("Only one of logStreamNames and logStreamNamePrefixes can be specified.");
  }
  const [filter, streams] =
    logStreamNames === undefined
      ? ["logStreamNamePrefixes", logStreamNamePrefixes]
      : ["logStreamNames", logStreamNames];
  if (streams !== undefined) {
    requireLength(filter, streams, MAX_STREAMS);
    if (groups.size > 1) {
      throw invalidParameter(`${filter} can be specified only with a single log group in logGroupIdentifiers.`);
    }
  }
  const pattern = compileFilterPattern(input.logEventFilterPattern ?? "");
  if (state.tails.count >= MAX_SESSIONS) {
    throw new AwsError("LimitExceededException", `There are ${MAX_SESSIONS} Live Tail sessions already.`);
  }
  const session = state.tails.start({
    groups,
    logStreamNames,
    logStreamNamePrefixes,
    pattern,
    patternText: input.logEventFilterPattern,
    requestId: context.requestId,
    sessionId: randomUUID(),
  });
  // A client that has gone before it got its answer will never end it by itself.
  if (context.signal.aborted) {
    session.close();
  } else {
    context.signal.addEventListener("abort", () => session.close(), { once: true });
  }
  return { responseStream: session.events() };
}

/** The name of a group that is named by its ARN. */
function followedGroup(state: LogsState, identifier: string): string {
  if (!identifier.startsWith(groupArn(state.core, "")) || identifier.endsWith("*")) {
    throw invalidParameter(
      `Value '${identifier}' at 'logGroupIdentifiers' is not the ARN of a log group (${groupArn(state.core, "NAME")}, without ':*').`,
    );
  }
  const group = requireGroup(state, nameFromIdentifier(state.core, identifier));
  if (group.logGroupClass !== "STANDARD") {
    throw new AwsError(
      "InvalidOperationException",
      `Live Tail is not supported for log groups of class ${group.logGroupClass}.`,
    );
  }
  return group.name;
}

function requireLength(name: string, given: readonly string[], max: number): void {
  if (given.length === 0 || given.length > max) {
    throw invalidParameter(
      `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have length between 1 and ${max}`,
    );
  }
}
