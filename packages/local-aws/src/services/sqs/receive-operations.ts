import type { Message, MessageAttributeValue, MessageSystemAttributeName } from "@aws-sdk/client-sqs";
import { AwsError } from "../../core/aws-error.ts";
import type { Operations } from "../../core/service.ts";
import { md5, md5OfAttributes } from "./message-content.ts";
import type { ReceivedMessage } from "./message-table.ts";
import { numberAttribute } from "./queue-attributes.ts";
import { requireKey } from "./queue-key.ts";
import { dropExpired } from "./queue-operations.ts";
import { receiptHandle } from "./receipt-handle.ts";
import { redrivePolicyOf } from "./redrive-policy.ts";
import { invalidParameter } from "./sqs-errors.ts";
import { type Queue, queueOfArn, requireQueue, type Sqs, type SqsState } from "./sqs-state.ts";

/** Messages of one standard queue that can be in flight at a time. */
const MOST_IN_FLIGHT = 120_000;
const SYSTEM_ATTRIBUTES = [
  "All",
  "AWSTraceHeader",
  "ApproximateFirstReceiveTimestamp",
  "ApproximateReceiveCount",
  "DeadLetterQueueSourceArn",
  "MessageDeduplicationId",
  "MessageGroupId",
  "SenderId",
  "SentTimestamp",
  "SequenceNumber",
];

/** Receiving messages, at once or after waiting for them. */
export function receiveOperations(state: SqsState): Operations<Sqs> {
  const { core, messages, metrics, waiters } = state;

  /** Takes what is visible, and moves what was received too often. */
  const take = (queue: Queue, limit: number, hiddenSeconds: number): ReceivedMessage[] => {
    const now = core.clock.now();
    dropExpired(state, queue, now);
    if (messages.inFlight(queue.name, now) >= MOST_IN_FLIGHT) {
      throw new AwsError(
        "OverLimit",
        `The queue ${queue.name} has ${MOST_IN_FLIGHT} messages in flight, the most it can.`,
      );
    }
    const policy = redrivePolicyOf(queue);
    // A dead-letter queue that was deleted takes nothing: the messages stay where they are.
    const target = policy && queueOfArn(state, policy.deadLetterTargetArn);
    const { taken, moved } = messages.take(
      queue.name,
      { limit, now, hiddenUntil: now + hiddenSeconds * 1000 },
      policy && target && { maxReceiveCount: policy.maxReceiveCount, target: target.name, sourceArn: queue.arn },
    );
    if (moved > 0 && target !== undefined) {
      metrics.changed(queue.name);
      metrics.changed(target.name);
      waiters.notify(target.name);
    }
    return taken;
  };

  return {
    async ReceiveMessage(input, context) {
      const { QueueUrl, MaxNumberOfMessages: limit = 1 } = input;
      let queue = requireQueue(state, QueueUrl, context);
      checkRange("MaxNumberOfMessages", limit, 1, 10);
      const waitSeconds = input.WaitTimeSeconds ?? numberAttribute(queue, "ReceiveMessageWaitTimeSeconds");
      checkRange("WaitTimeSeconds", waitSeconds, 0, 20);
      checkRange("VisibilityTimeout", input.VisibilityTimeout ?? 0, 0, 43_200);
      const systemNames = systemAttributeNames(input);
      const until = core.clock.now() + waitSeconds * 1000;
      for (;;) {
        requireKey(state, queue);
        const taken = take(queue, limit, input.VisibilityTimeout ?? numberAttribute(queue, "VisibilityTimeout"));
        if (taken.length > 0 || core.clock.now() >= until) {
          metrics.received(queue.name, taken.length);
          const found = taken.map((message) =>
            toMessage(queue, message, systemNames, input.MessageAttributeNames ?? []),
          );
          return found.length === 0 ? {} : { Messages: found };
        }
        const next = messages.nextVisibleAt(queue.name, core.clock.now()) ?? until;
        await waiters.wait(queue.name, Math.min(next, until), context.signal);
        // Whoever has gone away must not take a message along, and a closed store cannot be asked for any.
        if (context.signal.aborted || waiters.isClosed) {
          return {};
        }
        queue = requireQueue(state, QueueUrl, context);
      }
    },
  };
}

function toMessage(
  queue: Queue,
  message: ReceivedMessage,
  systemNames: readonly string[],
  attributeNames: readonly string[],
): Message {
  const { body, content, sequence, token } = message;
  const attributes = Object.fromEntries(
    Object.entries(content.attributes).filter(([name]) => attributeNames.some((wanted) => covers(wanted, name))),
  ) as Record<string, MessageAttributeValue>;
  const system = systemAttributes(message);
  const shown = Object.entries(system).filter(([name]) => systemNames.includes("All") || systemNames.includes(name));
  return {
    MessageId: content.messageId,
    ReceiptHandle: receiptHandle({ queue: queue.name, sequence, token }),
    MD5OfBody: md5(body),
    Body: body,
    ...(shown.length === 0 ? {} : { Attributes: Object.fromEntries(shown) }),
    ...(Object.keys(attributes).length === 0
      ? {}
      : { MD5OfMessageAttributes: md5OfAttributes(attributes), MessageAttributes: attributes }),
  };
}

function systemAttributes(message: ReceivedMessage): Partial<Record<MessageSystemAttributeName, string>> {
  const { content, sentAt, receiveCount, firstReceivedAt, deadLetterSource } = message;
  return {
    SenderId: content.senderId,
    SentTimestamp: String(sentAt),
    ApproximateReceiveCount: String(receiveCount),
    ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
    ...content.system,
    ...(deadLetterSource === undefined ? {} : { DeadLetterQueueSourceArn: deadLetterSource }),
  };
}

/** Names are given as such, as `All` or `.*`, or as a prefix: `order.*`. */
function covers(wanted: string, name: string): boolean {
  return (
    wanted === "All" ||
    wanted === ".*" ||
    wanted === name ||
    (wanted.endsWith(".*") && name.startsWith(wanted.slice(0, -2)))
  );
}

/** The old parameter and the new one mean the same. */
function systemAttributeNames(input: {
  readonly AttributeNames?: readonly string[] | undefined;
  readonly MessageSystemAttributeNames?: readonly string[] | undefined;
}): readonly string[] {
  const names = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
  const unknown = names.find((name) => !SYSTEM_ATTRIBUTES.includes(name));
  if (unknown !== undefined) {
    throw new AwsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
  }
  return names;
}

function checkRange(parameter: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw invalidParameter(parameter, value, `Must be between ${least} and ${most}, if provided.`);
  }
}
