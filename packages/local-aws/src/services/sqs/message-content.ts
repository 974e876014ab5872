import { createHash } from "node:crypto";
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import { AwsError } from "../../core/aws-error.ts";
import { invalidParameter, invalidValue, missingParameter } from "./sqs-errors.ts";

/** What a sender gives for one message. */
export interface GivenMessage {
  readonly MessageBody?: string | undefined;
  readonly DelaySeconds?: number | undefined;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttributeValue>> | undefined;
  readonly MessageSystemAttributes?: Readonly<Record<string, MessageAttributeValue>> | undefined;
  readonly MessageGroupId?: string | undefined;
  readonly MessageDeduplicationId?: string | undefined;
}

/** A message that SQS takes. */
export interface CheckedMessage {
  readonly body: string;
  readonly delaySeconds: number | undefined;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly system: Readonly<Record<string, string>>;
  /** Of body and attributes. */
  readonly bytes: number;
  readonly md5OfBody: string;
  readonly md5OfAttributes: string | undefined;
  readonly md5OfSystemAttributes: string | undefined;
}

const MOST_ATTRIBUTES = 10;
const LONGEST_DELAY_S = 900;
const ATTRIBUTE_NAME = /^(?!(aws|amazon)\.)(?!\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/i;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that SQS refuses
const REFUSED_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

/**
 * Checks a message: its characters, attributes, delay and length.
 *
 * @param longest - what body and attributes may have together, in bytes
 * @throws AwsError as SQS does
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function checkMessage(given: GivenMessage, longest: number): CheckedMessage {
  const body = given.MessageBody;
  if (body === undefined || body === "") {
    throw missingParameter("MessageBody");
  }
  checkCharacters(body);
  if (given.MessageDeduplicationId !== undefined) {
    throw invalidParameter(
      "MessageDeduplicationId",
      given.MessageDeduplicationId,
      "The request includes a parameter that is not valid for this queue type.",
    );
  }
  const delay = given.DelaySeconds;
  if (delay !== undefined && (!Number.isInteger(delay) || delay < 0 || delay > LONGEST_DELAY_S)) {
    throw invalidParameter("DelaySeconds", delay, `DelaySeconds must be >= 0 and <= ${LONGEST_DELAY_S}.`);
  }
  const attributes = checkAttributes(given.MessageAttributes ?? {});
  const bytes = Buffer.byteLength(body) + bytesOf(attributes);
  if (bytes > longest) {
    throw invalidValue(`One or more parameters are invalid. Reason: Message must be shorter than ${longest} bytes.`);
  }
  const systemAttributes = checkSystemAttributes(given.MessageSystemAttributes ?? {});
  return {
    body,
    delaySeconds: delay,
    attributes,
    system: {
      ...Object.fromEntries(
        Object.entries(systemAttributes).map(([name, { StringValue = "" }]) => [name, StringValue]),
      ),
      ...(given.MessageGroupId === undefined ? {} : { MessageGroupId: checkGroupId(given.MessageGroupId) }),
    },
    bytes,
    md5OfBody: md5(body),
    md5OfAttributes: md5OfAttributes(attributes),
    md5OfSystemAttributes: md5OfAttributes(systemAttributes),
  };
}

/** MD5 of a text, in hexadecimal. */
export function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

/**
 * MD5 of message attributes, in hexadecimal; `undefined` for none.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttributeValue>>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) {
    return undefined;
  }
  const hash = createHash("md5");
  const update = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = "", StringValue, BinaryValue } = attributes[name] as MessageAttributeValue;
    update(Buffer.from(name));
    update(Buffer.from(DataType));
    if (BinaryValue === undefined) {
      hash.update(Buffer.of(1));
      update(Buffer.from(StringValue ?? ""));
    } else {
      hash.update(Buffer.of(2));
      update(BinaryValue);
    }
  }
  return hash.digest("hex");
}

function checkCharacters(text: string): void {
  if (REFUSED_CHARACTERS.test(text)) {
    throw new AwsError(
      "InvalidMessageContents",
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.",
    );
  }
}

function checkAttributes(
  given: Readonly<Record<string, MessageAttributeValue>>,
): Readonly<Record<string, MessageAttributeValue>> {
  const names = Object.keys(given);
  if (names.length > MOST_ATTRIBUTES) {
    throw invalidValue(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${MOST_ATTRIBUTES}].`,
    );
  }
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, checkAttribute(name, value)]));
}

/** The part of an attribute that its type has. */
function checkAttribute(name: string, given: MessageAttributeValue): MessageAttributeValue {
  if (!ATTRIBUTE_NAME.test(name)) {
    throw invalidValue(
      `Invalid message (user) attribute name '${name}': it can have up to 256 letters, digits, underscores, hyphens and single periods within, and cannot start with AWS. or Amazon.`,
    );
  }
  const { DataType: type = "", StringValue, BinaryValue, StringListValues = [], BinaryListValues = [] } = given;
  const [, kind] = /^(String|Number|Binary)(?:\..+)?$/s.exec(type) ?? [];
  if (kind === undefined || type.length > 256) {
    throw invalidValue(
      `The message attribute '${name}' has an invalid message (user) attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  if (StringListValues.length > 0 || BinaryListValues.length > 0) {
    throw new AwsError(
      "UnsupportedOperation",
      `Message attribute list values in SendMessage operation are not supported: '${name}'.`,
    );
  }
  if (kind === "Binary") {
    if (BinaryValue === undefined || BinaryValue.length === 0) {
      throw emptyValue(name, type);
    }
    return { DataType: type, BinaryValue };
  }
  if (StringValue === undefined || StringValue === "") {
    throw emptyValue(name, type);
  }
  checkCharacters(StringValue);
  if (kind === "Number" && !NUMBER.test(StringValue)) {
    throw invalidValue(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  return { DataType: type, StringValue };
}

function checkSystemAttributes(
  given: Readonly<Record<string, MessageAttributeValue>>,
): Readonly<Record<string, MessageAttributeValue>> {
  for (const [name, { DataType }] of Object.entries(given)) {
    if (name !== "AWSTraceHeader") {
      throw invalidValue(`Message system attribute name '${name}' is invalid.`);
    }
    if (DataType !== "String") {
      throw invalidValue(`The data type of the message system attribute '${name}' must be String.`);
    }
  }
  return checkAttributes(given);
}

/** Standard queues take a group id for fair queues; it changes nothing in a queue that is never short of consumers. */
function checkGroupId(id: string): string {
  if (!/^[\x21-\x7e]{1,128}$/.test(id)) {
    throw invalidParameter(
      "MessageGroupId",
      id,
      "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
    );
  }
  return id;
}

function emptyValue(name: string, type: string): AwsError {
  return invalidValue(`Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`);
}

function bytesOf(attributes: Readonly<Record<string, MessageAttributeValue>>): number {
  let bytes = 0;
  for (const [name, { DataType = "", StringValue, BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    bytes += BinaryValue?.length ?? Buffer.byteLength(StringValue ?? "");
  }
  return bytes;
}
