import type { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { QueueMessage } from "../../core/ports.ts";
import { SCHEDULER_PRINCIPAL } from "./execution-role.ts";
import type { Exhausted } from "./schedule-runner.ts";
import { type Invocation, scheduleArn } from "./scheduler-state.ts";

const LONGEST_MESSAGE = 1024;

/**
 * What is sent to the dead-letter queue of a call that was given up: its input, and why it failed. The execution role sends it.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
export function deadLetter(
  core: Core,
  { target, schedule, scheduledAt, attempts }: Invocation,
  why: { readonly condition: Exhausted; readonly failure: AwsError | undefined; readonly executionId: string },
): QueueMessage {
  const [group = "", name = ""] = schedule.split("/");
  const arn = scheduleArn(core, group, name);
  const values: Readonly<Record<string, string>> = {
    ...(why.failure === undefined
      ? {}
      : { ERROR_CODE: why.failure.code, ERROR_MESSAGE: why.failure.message.slice(0, LONGEST_MESSAGE) }),
    EXECUTION_ID: why.executionId,
    EXHAUSTED_RETRY_CONDITION: why.condition,
    IS_PAYLOAD_TRUNCATED: "false",
    RETRY_ATTEMPTS: String(Math.max(0, attempts - 1)),
    SCHEDULED_TIME: new Date(scheduledAt).toISOString().replace(/\.\d+/, ""),
    SCHEDULE_ARN: arn,
    TARGET_ARN: target.arn,
  };
  return {
    queueArn: target.deadLetterArn ?? "",
    body: target.input,
    attributes: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { type: "String", value }])),
    source: { service: SCHEDULER_PRINCIPAL, arn, roleArn: target.roleArn },
  };
}
