import type { Target } from "@aws-sdk/client-scheduler";
import type { ApiCall } from "../../core/ports.ts";
import { requireExecutionRole } from "./execution-role.ts";
import { groupArn, invalid, type SchedulerState, type ScheduleTarget } from "./scheduler-state.ts";

const UNIVERSAL = /^arn:aws:scheduler:::aws-sdk:([a-z0-9]+):([A-Za-z0-9]+)$/;

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html#unsupported-api-actions */
const READS = [
  ...["get", "describe", "list", "poll", "receive", "search", "scan", "query", "select", "read", "lookup", "discover"],
  ...["validate", "batchGet", "batchDescribe", "batchRead", "transactGet", "adminGet", "adminList", "testMigration"],
  ...["retrieve", "testConnection", "translateDocument", "isAuthorized", "invokeModel"],
];

/** Parameters of targets that are no call of an API of local AWS. */
const TEMPLATED = [
  ...(["EcsParameters", "EventBridgeParameters", "EventBridgePutEventsV2Parameters"] as const),
  ...(["EventBridgePutRawEventsParameters", "KinesisParameters", "SageMakerPipelineParameters"] as const),
  "SqsParameters" as const,
];

const LONGEST_AGE_S = 86_400;
const SHORTEST_AGE_S = 60;
const MOST_RETRIES = 185;

/**
 * Checks the target of a schedule.
 *
 * @throws AwsError `ValidationException`
 */
export async function checkTarget(
  state: SchedulerState,
  target: Target | undefined,
  group: string,
): Promise<ScheduleTarget> {
  if (target?.Arn === undefined || target.RoleArn === undefined) {
    throw invalid("The target must have an Arn and a RoleArn.");
  }
  const templated = TEMPLATED.find((name) => target[name] !== undefined);
  if (!UNIVERSAL.test(target.Arn) || templated !== undefined) {
    throw invalid(
      `Local AWS runs universal targets, arn:aws:scheduler:::aws-sdk:SERVICE:ACTION with the request as Input; it does not run ${templated ?? `'${target.Arn}'`}.`,
    );
  }
  const input = target.Input ?? "{}";
  const call = callOf(target.Arn, input);
  if (READS.some((prefix) => call.action.startsWith(prefix))) {
    throw invalid(
      `Provided Arn is not supported: EventBridge Scheduler makes no calls that only read (${call.action}).`,
    );
  }
  const problem = await state.api().problem(call);
  if (problem !== undefined) {
    throw invalid(`Invalid RequestJson provided. Reason ${problem}`);
  }
  requireExecutionRole(state, target.RoleArn, groupArn(state.core, group));
  const deadLetterArn = target.DeadLetterConfig?.Arn;
  if (deadLetterArn !== undefined && !/^arn:aws:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$/.test(deadLetterArn)) {
    throw invalid(`The dead-letter queue must be a standard queue of SQS: '${deadLetterArn}'.`);
  }
  const { MaximumEventAgeInSeconds: age = LONGEST_AGE_S, MaximumRetryAttempts: retries = MOST_RETRIES } =
    target.RetryPolicy ?? {};
  requireRange("maximumEventAgeInSeconds", age, SHORTEST_AGE_S, LONGEST_AGE_S);
  requireRange("maximumRetryAttempts", retries, 0, MOST_RETRIES);
  return {
    ...{ arn: target.Arn, roleArn: target.RoleArn, input, deadLetterArn },
    ...{ maximumEventAgeInSeconds: age, maximumRetryAttempts: retries },
  };
}

/**
 * The call that a target is.
 *
 * @throws AwsError `ValidationException` when its input is no JSON object
 */
export function callOf(arn: string, text: string): ApiCall {
  const [, service = "", action = ""] = UNIVERSAL.exec(arn) ?? [];
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    input = undefined;
  }
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw invalid("Invalid RequestJson provided. Reason The Input of a universal target must be a JSON object.");
  }
  return { service, action, input: input as Record<string, unknown> };
}

function requireRange(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw invalid(
      `1 validation error detected: Value '${value}' at 'target.retryPolicy.${name}' failed to satisfy constraint: Member must have value between ${least} and ${most}`,
    );
  }
}

/** A target as answers have it. */
export function describeTarget(target: ScheduleTarget): Target {
  return {
    Arn: target.arn,
    RoleArn: target.roleArn,
    Input: target.input,
    RetryPolicy: {
      MaximumEventAgeInSeconds: target.maximumEventAgeInSeconds,
      MaximumRetryAttempts: target.maximumRetryAttempts,
    },
    ...(target.deadLetterArn === undefined ? {} : { DeadLetterConfig: { Arn: target.deadLetterArn } }),
  };
}
