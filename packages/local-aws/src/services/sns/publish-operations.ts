import { randomUUID } from "node:crypto";
import { AwsError } from "../../core/aws-error.ts";
import type { InputOf, Operations } from "../../core/service.ts";
import type { Deliver, OutgoingMessage } from "./deliver.ts";
import type { MessageAttribute, Sns, SnsState } from "./sns-state.ts";
import { invalidParameter } from "./topic-attributes.ts";
import { requireTopicKey } from "./topic-key.ts";
import { requireTopic } from "./topic-operations.ts";

/** Largest message with its attributes, in bytes. */
const MAX_MESSAGE_BYTES = 262_144;
const MAX_BATCH = 10;

type Given = Pick<
  InputOf<Sns, "Publish">,
  "Message" | "Subject" | "MessageStructure" | "MessageAttributes" | "MessageGroupId" | "MessageDeduplicationId"
>;

/** Publishing to topics. */
export function publishOperations(state: SnsState, deliver: Deliver): Operations<Sns> {
  const compose = (topicArn: string, given: Given): OutgoingMessage => composeMessage(state, topicArn, given);
  return {
    Publish(input, context) {
      if (input.PhoneNumber !== undefined) {
        throw new AwsError("NotImplemented", "Local AWS cannot deliver SNS messages by sms: leave PhoneNumber out.");
      }
      const topic = requireTopic(state, input.TopicArn ?? input.TargetArn);
      requireTopicKey(state, topic, context);
      const message = compose(topic.arn, input);
      checkSize([message]);
      deliver.notification(message);
      return { MessageId: message.messageId };
    },

    PublishBatch({ TopicArn, PublishBatchRequestEntries: entries = [] }, context) {
      const topic = requireTopic(state, TopicArn);
      requireTopicKey(state, topic, context);
      checkBatch(entries.map(({ Id }) => Id));
      const composed = entries.map((entry) => {
        try {
          return { id: entry.Id, message: compose(topic.arn, entry) };
        } catch (error) {
          if (error instanceof AwsError) {
            return { id: entry.Id, error };
          }
          throw error;
        }
      });
      const messages = composed.flatMap(({ message }) => (message === undefined ? [] : [message]));
      checkSize(messages);
      for (const message of messages) {
        deliver.notification(message);
      }
      return {
        Successful: composed.flatMap(({ id, message }) => (message ? [{ Id: id, MessageId: message.messageId }] : [])),
        Failed: composed.flatMap(({ id, error }) =>
          error
            ? [{ Id: id, Code: error.code.replace(/Exception$/, ""), Message: error.message, SenderFault: true }]
            : [],
        ),
      };
    },
  };
}

function checkBatch(ids: readonly (string | undefined)[]): void {
  if (ids.length === 0) {
    throw new AwsError("EmptyBatchRequestException", "The batch request doesn't contain any entries.");
  }
  if (ids.length > MAX_BATCH) {
    throw new AwsError(
      "TooManyEntriesInBatchRequestException",
      "The batch request contains more entries than permissible.",
    );
  }
  if (ids.some((id) => !/^[A-Za-z0-9_-]{1,80}$/.test(id ?? ""))) {
    throw new AwsError(
      "InvalidBatchEntryIdException",
      "The Id of a batch entry in a batch request doesn't abide by the specification.",
    );
  }
  if (new Set(ids).size < ids.length) {
    throw new AwsError(
      "BatchEntryIdsNotDistinctException",
      "Two or more batch entries in the request have the same Id.",
    );
  }
}

function composeMessage(state: SnsState, topicArn: string, given: Given): OutgoingMessage {
  const message = given.Message ?? "";
  if (message === "") {
    throw invalidParameter("Empty message");
  }
  // Standard topics take a group id for fair queues; deduplication is for FIFO topics alone.
  if (given.MessageDeduplicationId !== undefined) {
    throw invalidParameter(
      "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type",
    );
  }
  const subject = given.Subject;
  if (subject !== undefined && !/^[\x20-\x7e]{1,100}$/.test(subject)) {
    throw invalidParameter("Subject");
  }
  return {
    messageId: randomUUID(),
    topicArn,
    kind: "Notification",
    subject,
    message,
    bodies: parseBodies(given.MessageStructure, message),
    attributes: readAttributes(given.MessageAttributes ?? {}),
    publishedAt: state.core.clock.now(),
  };
}

function parseBodies(structure: string | undefined, message: string): Record<string, string> | undefined {
  if (structure === undefined || structure === "") {
    return undefined;
  }
  if (structure !== "json") {
    throw invalidParameter("Invalid message structure parameter");
  }
  let bodies: unknown;
  try {
    bodies = JSON.parse(message);
  } catch {
    throw invalidParameter("Message Structure - JSON message body failed to parse");
  }
  if (typeof bodies !== "object" || bodies === null || typeof (bodies as { default?: unknown }).default !== "string") {
    throw invalidParameter("Message Structure - No default entry in JSON message body");
  }
  return Object.fromEntries(Object.entries(bodies).filter(([, body]) => typeof body === "string"));
}

function readAttributes(given: NonNullable<Given["MessageAttributes"]>): Record<string, MessageAttribute> {
  const attributes: Record<string, MessageAttribute> = {};
  for (const [name, { DataType: type = "", StringValue, BinaryValue }] of Object.entries(given)) {
    if (!/^(String|Number|Binary)(\..+)?$/.test(type)) {
      throw attributeError(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    const value = type.startsWith("Binary") ? BinaryValue && Buffer.from(BinaryValue).toString("base64") : StringValue;
    if (value === undefined || value === "") {
      throw attributeError(
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
      );
    }
    if (type.startsWith("Number") && !Number.isFinite(Number(value))) {
      throw attributeError(`Could not cast message attribute '${name}' value to number.`);
    }
    attributes[name] = { type, value };
  }
  return attributes;
}

function checkSize(messages: readonly OutgoingMessage[]): void {
  let bytes = 0;
  for (const { message, attributes } of messages) {
    bytes += Buffer.byteLength(message);
    for (const [name, { type, value }] of Object.entries(attributes)) {
      bytes += Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(value);
    }
  }
  if (bytes > MAX_MESSAGE_BYTES) {
    throw messages.length > 1
      ? new AwsError(
          "BatchRequestTooLongException",
          "The length of all the batch messages put together is more than the limit.",
        )
      : invalidParameter("Message too long");
  }
}

function attributeError(message: string): AwsError {
  return new AwsError("InvalidParameterValueException", message);
}
