import { invalidParameter } from "./sqs-errors.ts";
import { type Queue, queueOfArn, type SqsState } from "./sqs-state.ts";

/** Where a queue's messages go that were received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

const MOST_RECEIVES = 1000;
const MOST_SOURCES = 10;
const QUEUE_ARN = /^arn:aws:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}$/;

/** The redrive policy of a queue, which was checked when it was set. */
export function redrivePolicyOf({ attributes }: Queue): RedrivePolicy | undefined {
  if (attributes.RedrivePolicy === undefined) {
    return undefined;
  }
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(attributes.RedrivePolicy) as Record<string, unknown>;
  return { deadLetterTargetArn: String(deadLetterTargetArn), maxReceiveCount: Number(maxReceiveCount) };
}

/**
 * Checks a `RedrivePolicy`: its form, that the dead-letter queue is there, and that it takes messages of this queue.
 *
 * @throws AwsError `InvalidParameterValue`
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
export function validateRedrivePolicy(state: SqsState, sourceArn: string, text: string): void {
  const refuse = (reason: string) => invalidParameter("RedrivePolicy", text, reason);
  const policy = parseMap(text);
  if (policy === undefined) {
    throw refuse("Redrive policy is not a valid JSON map.");
  }
  for (const name of ["deadLetterTargetArn", "maxReceiveCount"]) {
    if (policy[name] === undefined) {
      throw refuse(`Redrive policy does not contain mandatory attribute: ${name}.`);
    }
  }
  const receives = policy.maxReceiveCount;
  if (!/^\d{1,4}$/.test(String(receives)) || Number(receives) < 1 || Number(receives) > MOST_RECEIVES) {
    throw refuse(
      `Invalid value for maxReceiveCount: ${String(receives)}, valid values are from 1 to ${MOST_RECEIVES} both inclusive.`,
    );
  }
  const target = policy.deadLetterTargetArn;
  if (typeof target !== "string" || !QUEUE_ARN.test(target)) {
    throw refuse("Invalid value for deadLetterTargetArn.");
  }
  if (sourceArn.split(":").slice(0, 5).join(":") !== target.split(":").slice(0, 5).join(":")) {
    throw refuse("Dead-letter target must be in the same Region and account as the source queue.");
  }
  const queue = queueOfArn(state, target);
  if (queue === undefined) {
    throw refuse("Dead letter target does not exist.");
  }
  if (!takesFrom(queue, sourceArn)) {
    throw refuse("The redrive allow policy of the dead-letter target does not allow this source queue.");
  }
}

/**
 * Checks the form of a `RedriveAllowPolicy`: which queues may name this one as their dead-letter queue.
 *
 * @throws AwsError `InvalidParameterValue`
 */
export function validateRedriveAllowPolicy(text: string): void {
  const refuse = (reason: string) => invalidParameter("RedriveAllowPolicy", text, reason);
  const policy = parseMap(text);
  if (policy === undefined) {
    throw refuse("Redrive allow policy is not a valid JSON map.");
  }
  const { redrivePermission, sourceQueueArns } = policy;
  if (!["allowAll", "denyAll", "byQueue"].includes(String(redrivePermission))) {
    throw refuse("Invalid value for redrivePermission: it must be allowAll, denyAll or byQueue.");
  }
  if (redrivePermission !== "byQueue") {
    if (sourceQueueArns !== undefined) {
      throw refuse("sourceQueueArns can only be given with redrivePermission byQueue.");
    }
    return;
  }
  const sources = Array.isArray(sourceQueueArns) ? sourceQueueArns : [];
  if (sources.length < 1 || sources.length > MOST_SOURCES) {
    throw refuse(`sourceQueueArns must have between 1 and ${MOST_SOURCES} ARNs with redrivePermission byQueue.`);
  }
  if (!sources.every((arn) => typeof arn === "string" && QUEUE_ARN.test(arn))) {
    throw refuse("sourceQueueArns must be ARNs of queues.");
  }
}

function takesFrom(target: Queue, sourceArn: string): boolean {
  const text = target.attributes.RedriveAllowPolicy;
  if (text === undefined) {
    return true;
  }
  const { redrivePermission, sourceQueueArns } = JSON.parse(text) as {
    redrivePermission: string;
    sourceQueueArns?: string[];
  };
  return redrivePermission === "allowAll" || (sourceQueueArns?.includes(sourceArn) ?? false);
}

function parseMap(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
