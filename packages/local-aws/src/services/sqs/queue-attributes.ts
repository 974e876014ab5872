import { isDeepStrictEqual } from "node:util";
import { AwsError } from "../../core/aws-error.ts";
import type { QueueDepth } from "./message-table.ts";
import { validateQueuePolicy } from "./queue-policy.ts";
import { validateRedriveAllowPolicy, validateRedrivePolicy } from "./redrive-policy.ts";
import { invalidAttributeValue, unsupported } from "./sqs-errors.ts";
import type { Queue, SqsState } from "./sqs-state.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const NUMBERS: Readonly<Record<string, readonly [least: number, most: number, byDefault: number]>> = {
  DelaySeconds: [0, 900, 0],
  MaximumMessageSize: [1024, 1_048_576, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, 20, 0],
  VisibilityTimeout: [0, 43_200, 30],
};
const KEY_REUSE: readonly [least: number, most: number, byDefault: number] = [60, 86_400, 300];
const DOCUMENTS = ["Policy", "RedrivePolicy", "RedriveAllowPolicy"];
const FIFO = ["FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"];
const SETTABLE = new Set([
  ...Object.keys(NUMBERS),
  ...DOCUMENTS,
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
  "SqsManagedSseEnabled",
]);
const DERIVED = [
  "QueueArn",
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
  "CreatedTimestamp",
  "LastModifiedTimestamp",
];

/** A number attribute of a queue: seconds, or bytes for `MaximumMessageSize`. */
export function numberAttribute(
  queue: Queue,
  name:
    | "DelaySeconds"
    | "MaximumMessageSize"
    | "MessageRetentionPeriod"
    | "ReceiveMessageWaitTimeSeconds"
    | "VisibilityTimeout",
): number {
  return Number(queue.attributes[name] ?? NUMBERS[name]?.[2]);
}

/** Where the validation of a queue's attributes happens. */
interface QueuePlace {
  readonly state: SqsState;
  readonly arn: string;
}

/**
 * The attributes of a queue after some of them were set: an empty value takes one away.
 *
 * @throws AwsError `InvalidAttributeName`, `InvalidAttributeValue`, `InvalidParameterValue` for redrive policies, or
 * `NotImplemented` for FIFO queues
 */
export function changedAttributes(
  place: QueuePlace,
  before: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const after: Record<string, string> = { ...before };
  for (const [name, value = ""] of Object.entries(given)) {
    validateAttribute(place, name, value);
    if (value === "") {
      delete after[name];
    } else {
      after[name] = value;
    }
  }
  return withOneEncryption(after, given);
}

function validateAttribute({ state, arn }: QueuePlace, name: string, value: string): void {
  if (FIFO.includes(name) && value !== "" && value !== "false") {
    throw unsupported(`FIFO queues: leave the attribute ${name} out`);
  }
  if (!SETTABLE.has(name)) {
    throw unknownAttribute(name);
  }
  const range = name === "KmsDataKeyReusePeriodSeconds" ? KEY_REUSE : NUMBERS[name];
  if (range !== undefined) {
    // A number that is taken away has its default again; only the reuse period can be sent empty by AWS's own tools.
    const [least, most] = range;
    const isFine = /^\d{1,8}$/.test(value) && Number(value) >= least && Number(value) <= most;
    if (!isFine && !(value === "" && name === "KmsDataKeyReusePeriodSeconds")) {
      throw invalidAttributeValue(name);
    }
    return;
  }
  if (value === "") {
    return;
  }
  switch (name) {
    case "Policy":
      validateQueuePolicy(value);
      return;
    case "RedrivePolicy":
      validateRedrivePolicy(state, arn, value);
      return;
    case "RedriveAllowPolicy":
      validateRedriveAllowPolicy(value);
      return;
    case "SqsManagedSseEnabled":
      if (value !== "true" && value !== "false") {
        throw invalidAttributeValue(name);
      }
      return;
    case "KmsMasterKeyId":
      if (value.length > 2048) {
        throw invalidAttributeValue(name);
      }
      return;
  }
}

/** A queue is encrypted with a KMS key, with a key of SQS, or not at all: choosing one ends the other. */
function withOneEncryption(
  after: Record<string, string>,
  given: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const byKms = (given.KmsMasterKeyId ?? "") !== "";
  const bySqs = given.SqsManagedSseEnabled === "true";
  if (byKms && bySqs) {
    throw new AwsError(
      "InvalidAttributeValue",
      "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
    );
  }
  if (byKms) {
    return { ...after, SqsManagedSseEnabled: "false" };
  }
  if (bySqs) {
    const { KmsMasterKeyId: _, KmsDataKeyReusePeriodSeconds: __, ...others } = after;
    return others;
  }
  return after;
}

/**
 * The attributes of a queue as `GetQueueAttributes` shows them.
 *
 * @param names - which; `All` for everything
 * @throws AwsError `InvalidAttributeName`
 */
export function describeAttributes(
  queue: Queue,
  depth: () => QueueDepth,
  names: readonly string[],
): Record<string, string> {
  for (const name of names) {
    if (name !== "All" && !SETTABLE.has(name) && !DERIVED.includes(name) && !FIFO.includes(name)) {
      throw unknownAttribute(name);
    }
  }
  if (names.length === 0) {
    return {};
  }
  const { visible, inFlight, delayed } = depth();
  const all: Record<string, string> = {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
    ...settings(queue),
  };
  return names.includes("All") ? all : Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

/** What can be set, with its defaults. */
function settings({ attributes }: Pick<Queue, "attributes">): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(NUMBERS).map(([name, [, , byDefault]]) => [name, String(byDefault)])),
    ...(attributes.KmsMasterKeyId === undefined ? {} : { KmsDataKeyReusePeriodSeconds: String(KEY_REUSE[2]) }),
    SqsManagedSseEnabled: "true",
    ...attributes,
  };
}

/** The first attribute in which a queue that exists differs from what `CreateQueue` asks for, if any. */
export function firstDifference(queue: Queue, wanted: Readonly<Record<string, string>>): string | undefined {
  const existing = settings(queue);
  return Object.entries(wanted).find(([name, value]) => !isSame(name, existing[name], value))?.[0];
}

function isSame(name: string, existing: string | undefined, wanted: string): boolean {
  return DOCUMENTS.includes(name) && existing !== undefined
    ? isDeepStrictEqual(JSON.parse(existing), JSON.parse(wanted))
    : existing === wanted;
}

function unknownAttribute(name: string): AwsError {
  return new AwsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
}
