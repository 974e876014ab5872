import { randomUUID } from "node:crypto";
import { AwsError } from "../../core/aws-error.ts";
import type { Operations } from "../../core/service.ts";
import { checkBatch, eachEntry } from "./batch.ts";
import { type CheckedMessage, checkMessage, type GivenMessage } from "./message-content.ts";
import type { NewMessage } from "./message-table.ts";
import { numberAttribute } from "./queue-attributes.ts";
import { requireKey } from "./queue-key.ts";
import { type Queue, requireQueue, type Sqs, type SqsState } from "./sqs-state.ts";

/** What the messages of one batch may have together, in bytes. */
const LONGEST_BATCH = 1_048_576;

/** Sending messages. */
export function sendOperations(state: SqsState): Operations<Sqs> {
  return {
    SendMessage({ QueueUrl, ...given }, context) {
      const queue = requireQueue(state, QueueUrl, context);
      const message = check(queue, given);
      const [sent] = send(state, queue, [message], context.principal.userId);
      return answer(message, sent?.content.messageId);
    },

    SendMessageBatch({ QueueUrl, Entries = [] }, context) {
      const queue = requireQueue(state, QueueUrl, context);
      checkBatch(Entries, "SendMessageBatchRequestEntry");
      const { Successful: accepted, Failed } = eachEntry(Entries, (entry) => ({ message: check(queue, entry) }));
      const bytes = accepted.reduce((sum, { message }) => sum + message.bytes, 0);
      if (bytes > LONGEST_BATCH) {
        throw new AwsError(
          "BatchRequestTooLong",
          `Batch requests cannot be longer than ${LONGEST_BATCH} bytes. You have sent ${bytes} bytes.`,
        );
      }
      const sent = send(
        state,
        queue,
        accepted.map(({ message }) => message),
        context.principal.userId,
      );
      return {
        Successful: accepted.map(({ Id, message }, index) => ({
          Id,
          ...answer(message, sent[index]?.content.messageId),
        })),
        Failed,
      };
    },
  };
}

/** Checks a message for a queue. */
export function check(queue: Queue, given: GivenMessage): CheckedMessage {
  return checkMessage(given, numberAttribute(queue, "MaximumMessageSize"));
}

/**
 * Puts checked messages into a queue: all or none; on return they outlive a kill of local AWS.
 *
 * @throws AwsError `KmsNotFound` when the queue's key is not there
 */
export function send(
  state: SqsState,
  queue: Queue,
  messages: readonly CheckedMessage[],
  senderId: string,
): readonly NewMessage[] {
  requireKey(state, queue);
  const sentAt = state.core.clock.now();
  const rows = messages.map(({ body, delaySeconds, attributes, system }): NewMessage => {
    const delay = delaySeconds ?? numberAttribute(queue, "DelaySeconds");
    const content = { messageId: randomUUID(), senderId, attributes, system };
    return { body, content, sentAt, visibleAt: sentAt + delay * 1000 };
  });
  if (rows.length > 0) {
    state.messages.add(queue.name, rows);
    state.metrics.sent(
      queue.name,
      messages.map(({ bytes }) => bytes),
    );
    state.waiters.notify(queue.name);
  }
  return rows;
}

function answer(message: CheckedMessage, messageId: string | undefined) {
  return {
    MessageId: messageId,
    MD5OfMessageBody: message.md5OfBody,
    MD5OfMessageAttributes: message.md5OfAttributes,
    MD5OfMessageSystemAttributes: message.md5OfSystemAttributes,
  };
}
