import type { Core } from "../core/core.ts";

/** Whether somebody may write to a log stream, and make the group where it is missing. */
export interface LogAccess {
  readonly write: boolean;
  readonly createGroup: boolean;
}

/** Decides for a role, a log group and a stream of it. */
export type DecideLogAccess = (roleArn: string, group: string, stream: string) => LogAccess;

/**
 * What a role may do to a log stream that is written in its name: without `logs:CreateLogStream` and `logs:PutLogEvents` no line
 * arrives, without `logs:CreateLogGroup` the group must be there.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html#monitoring-cloudwatchlogs-prereqs
 */
export function roleLogAccess({ authorizer, region, accountId }: Core): DecideLogAccess {
  return (roleArn, group, stream) => {
    // Actions on a group are checked on this ARN, too, with an empty stream: so say AWS's denials.
    const prefix = `arn:aws:logs:${region}:${accountId}:log-group:${group}:log-stream:`;
    const may = (action: string, resource: string) => authorizer.decideForRole(roleArn, { action, resource }).allowed;
    return {
      write: may("logs:PutLogEvents", prefix + stream) && may("logs:CreateLogStream", prefix + stream),
      createGroup: may("logs:CreateLogGroup", prefix),
    };
  };
}
