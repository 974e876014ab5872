import { createHash } from "node:crypto";
import type { Message } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KEY, type SqsFixture, sqsFixture } from "./sqs-fixture.ts";

let fixture: SqsFixture;
let QueueUrl: string;

beforeEach(async () => {
  fixture = await sqsFixture();
  QueueUrl = await fixture.queue("orders");
});
afterEach(() => fixture.dispose());

const ARN = "arn:aws:sqs:us-east-1:000000000000:";
const send = (MessageBody: string, url = QueueUrl) => fixture.call("SendMessage", { QueueUrl: url, MessageBody });
const receive = async (options: object = {}): Promise<Message[]> =>
  (
    await fixture.call("ReceiveMessage", {
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ["All"],
      ...options,
    })
  ).Messages ?? [];
const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body);
const counts = async (url = QueueUrl) => {
  const { Attributes } = await fixture.call("GetQueueAttributes", { QueueUrl: url, AttributeNames: ["All"] });
  return [
    Attributes?.ApproximateNumberOfMessages,
    Attributes?.ApproximateNumberOfMessagesNotVisible,
    Attributes?.ApproximateNumberOfMessagesDelayed,
  ].map(Number);
};
const advance = (seconds: number) => fixture.core.clock.advance(seconds * 1000);

test("a message is sent, received and deleted, and is hidden in between", async () => {
  const sent = await fixture.call("SendMessage", {
    QueueUrl,
    MessageBody: "hello, wörld",
    MessageAttributes: {
      kind: { DataType: "String", StringValue: "greeting" },
      size: { DataType: "Number.int", StringValue: "12" },
      raw: { DataType: "Binary", BinaryValue: new Uint8Array([0, 255]) },
    },
    MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: "Root=1-2-3" } },
  });
  const [message, ...others] = await receive({ MessageAttributeNames: ["All"] });

  expect(others).toEqual([]);
  expect(sent.MD5OfMessageBody).toBe(createHash("md5").update("hello, wörld").digest("hex"));
  // Computed by hand from AWS's rule: length and bytes of name, type, one byte for the kind of value, length and value.
  const part = (bytes: Buffer) => Buffer.concat([Buffer.of(0, 0, 0, bytes.length), bytes]);
  const attribute = (name: string, type: string, kind: number, value: Buffer) =>
    Buffer.concat([part(Buffer.from(name)), part(Buffer.from(type)), Buffer.of(kind), part(value)]);
  const md5 = createHash("md5")
    .update(attribute("kind", "String", 1, Buffer.from("greeting")))
    .update(attribute("raw", "Binary", 2, Buffer.of(0, 255)))
    .update(attribute("size", "Number.int", 1, Buffer.from("12")))
    .digest("hex");
  expect(sent.MD5OfMessageAttributes).toBe(md5);
  expect(message).toMatchObject({
    MessageId: sent.MessageId,
    Body: "hello, wörld",
    MD5OfMessageAttributes: md5,
    Attributes: {
      SenderId: "000000000000",
      ApproximateReceiveCount: "1",
      AWSTraceHeader: "Root=1-2-3",
      SentTimestamp: expect.stringMatching(/^\d{13}$/),
      ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
    },
    MessageAttributes: {
      kind: { DataType: "String", StringValue: "greeting" },
      raw: { DataType: "Binary", BinaryValue: new Uint8Array([0, 255]) },
    },
  });
  expect(await counts()).toEqual([0, 1, 0]);
  expect(await receive()).toEqual([]);

  await fixture.call("DeleteMessage", { QueueUrl, ReceiptHandle: message?.ReceiptHandle });
  expect(await counts()).toEqual([0, 0, 0]);
});

test("attributes are shown when asked for, by name or prefix", async () => {
  const value = { DataType: "String", StringValue: "x" };
  await fixture.call("SendMessage", {
    QueueUrl,
    MessageBody: "x",
    MessageAttributes: { "order.id": value, "order.date": value, other: value },
  });
  const names = async (MessageAttributeNames: string[]) => {
    const [message] = await receive({ VisibilityTimeout: 0, MessageAttributeNames, MessageSystemAttributeNames: [] });
    expect(message?.Attributes).toBeUndefined();
    return Object.keys(message?.MessageAttributes ?? {}).sort();
  };

  expect(await names([])).toEqual([]);
  expect(await names(["order.*"])).toEqual(["order.date", "order.id"]);
  expect(await names(["other", "nobody"])).toEqual(["other"]);
  expect(await names([".*"])).toEqual(["order.date", "order.id", "other"]);
});

test("a message comes back when its visibility ends, with a new receipt handle", async () => {
  await send("x");
  const [first] = await receive({ VisibilityTimeout: 10 });
  await advance(9);
  expect(await receive()).toEqual([]);
  await advance(1);
  const [second] = await receive();

  expect(second?.Attributes?.ApproximateReceiveCount).toBe("2");
  expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
  // As on AWS: an old handle is taken, and deletes nothing.
  await fixture.call("DeleteMessage", { QueueUrl, ReceiptHandle: first?.ReceiptHandle });
  expect(await counts()).toEqual([0, 1, 0]);
});

test("visibility can be given back and prolonged, up to twelve hours", async () => {
  await send("x");
  const [message] = await receive();
  const change = (VisibilityTimeout: number) =>
    fixture.call("ChangeMessageVisibility", { QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout });

  await change(3600);
  await advance(60);
  expect(await counts()).toEqual([0, 1, 0]);
  await expect(change(43_200)).rejects.toThrow(/Total VisibilityTimeout .* beyond the limit \[43200 seconds\]/);
  await expect(change(43_201)).rejects.toThrow(/Must be between 0 and 43200/);
  await change(0);
  expect(await counts()).toEqual([1, 0, 0]);
  await expect(change(10)).rejects.toMatchObject({ name: "MessageNotInflight" });
});

test("delays are the queue's, or the message's", async () => {
  await fixture.call("SetQueueAttributes", { QueueUrl, Attributes: { DelaySeconds: "20" } });
  await send("by queue");
  await fixture.call("SendMessage", { QueueUrl, MessageBody: "by message", DelaySeconds: 5 });
  expect(await counts()).toEqual([0, 0, 2]);

  await advance(5);
  expect(bodies(await receive())).toEqual(["by message"]);
  await advance(15);
  expect(bodies(await receive())).toEqual(["by queue"]);
});

test("a waiting consumer gets a message as soon as there is one", async () => {
  const started = performance.now();
  const waiting = receive({ WaitTimeSeconds: 20 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await send("at last");

  expect(bodies(await waiting)).toEqual(["at last"]);
  expect(performance.now() - started).toBeLessThan(15_000);
});

test("a waiting consumer gets what becomes visible, and nothing when the time is over", async () => {
  await fixture.call("SendMessage", { QueueUrl, MessageBody: "later", DelaySeconds: 15 });
  const first = receive({ WaitTimeSeconds: 20 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await advance(15);
  expect(bodies(await first)).toEqual(["later"]);

  const second = receive({ WaitTimeSeconds: 20 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await advance(20);
  expect(await second).toEqual([]);
});

test("a consumer that has gone away takes no message along", async () => {
  const controller = new AbortController();
  const { ReceiveMessageCommand } = await import("@aws-sdk/client-sqs");
  const gone = fixture.client
    .send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: controller.signal })
    .catch((error: Error) => error.name);
  await new Promise((resolve) => setTimeout(resolve, 50));
  controller.abort();
  expect(await gone).toBe("AbortError");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await send("x");

  expect(await counts()).toEqual([1, 0, 0]);
});

test("a message that was received too often is moved to the dead-letter queue", async () => {
  const dead = await fixture.queue("dead");
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: 2 });
  await fixture.call("SetQueueAttributes", { QueueUrl, Attributes: { RedrivePolicy, VisibilityTimeout: "1" } });
  await send("poison");
  const [sent] = await receive();
  await advance(1);
  expect(bodies(await receive())).toEqual(["poison"]);
  await advance(1);
  expect(await counts(dead)).toEqual([0, 0, 0]);

  expect(await receive()).toEqual([]);

  expect(await counts()).toEqual([0, 0, 0]);
  expect(await counts(dead)).toEqual([1, 0, 0]);
  const [letter] = await receive({ QueueUrl: dead });
  expect(letter).toMatchObject({ MessageId: sent?.MessageId, Body: "poison" });
  expect(letter?.Attributes).toMatchObject({
    ApproximateReceiveCount: "3",
    SentTimestamp: sent?.Attributes?.SentTimestamp,
    DeadLetterQueueSourceArn: `${ARN}orders`,
  });
});

test("messages stay where they are when the dead-letter queue is gone", async () => {
  const dead = await fixture.queue("dead");
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: 1 });
  await fixture.call("SetQueueAttributes", { QueueUrl, Attributes: { RedrivePolicy } });
  await fixture.call("DeleteQueue", { QueueUrl: dead });
  await send("x");

  await receive({ VisibilityTimeout: 0 });
  expect(bodies(await receive())).toEqual(["x"]);
});

test("messages are kept for the retention period", async () => {
  await fixture.call("SetQueueAttributes", { QueueUrl, Attributes: { MessageRetentionPeriod: "60" } });
  await send("x");
  await advance(59);
  expect(await counts()).toEqual([1, 0, 0]);
  await advance(2);
  expect(await counts()).toEqual([0, 0, 0]);
  expect(await receive()).toEqual([]);
});

test("batches tell what came of each entry", async () => {
  const sent = await fixture.call("SendMessageBatch", {
    QueueUrl,
    Entries: [
      { Id: "a", MessageBody: "one" },
      { Id: "b", MessageBody: "bad \u0000 character" },
      { Id: "c", MessageBody: "two", DelaySeconds: 901 },
    ],
  });
  expect(sent.Successful?.map(({ Id }) => Id)).toEqual(["a"]);
  expect(sent.Failed).toMatchObject([
    { Id: "b", Code: "InvalidMessageContents", SenderFault: true },
    { Id: "c", Code: "InvalidParameterValue", SenderFault: true },
  ]);

  const [message] = await receive();
  const changed = await fixture.call("ChangeMessageVisibilityBatch", {
    QueueUrl,
    Entries: [{ Id: "v", ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 5 }],
  });
  expect(changed.Successful).toEqual([{ Id: "v" }]);
  const deleted = await fixture.call("DeleteMessageBatch", {
    QueueUrl,
    Entries: [
      { Id: "d", ReceiptHandle: message?.ReceiptHandle },
      { Id: "e", ReceiptHandle: "nonsense" },
    ],
  });
  expect(deleted.Successful).toEqual([{ Id: "d" }]);
  expect(deleted.Failed).toMatchObject([{ Id: "e", Code: "ReceiptHandleIsInvalid" }]);
  expect(await counts()).toEqual([0, 0, 0]);
});

test.each([
  ["no entries", [], "EmptyBatchRequest"],
  [
    "too many",
    Array.from({ length: 11 }, (_, index) => ({ Id: `e${index}`, MessageBody: "x" })),
    "TooManyEntriesInBatchRequest",
  ],
  [
    "an id twice",
    [
      { Id: "a", MessageBody: "x" },
      { Id: "a", MessageBody: "y" },
    ],
    "BatchEntryIdsNotDistinct",
  ],
  ["a bad id", [{ Id: "a b", MessageBody: "x" }], "InvalidBatchEntryId"],
  [
    "more than a megabyte",
    [1, 2].map((n) => ({ Id: `e${n}`, MessageBody: "x".repeat(600_000) })),
    "BatchRequestTooLong",
  ],
])("SendMessageBatch refuses %s", async (_what, Entries, code) => {
  await expect(fixture.call("SendMessageBatch", { QueueUrl, Entries })).rejects.toMatchObject({ name: code });
  expect(await counts()).toEqual([0, 0, 0]);
});

test.each([
  ["an empty body", { MessageBody: "" }, "MissingParameter"],
  ["a body of too many bytes", { MessageBody: "ü".repeat(600) }, "InvalidParameterValue"],
  ["half a character", { MessageBody: "x\ud800" }, "InvalidMessageContents"],
  ["a deduplication id", { MessageBody: "x", MessageDeduplicationId: "1" }, "InvalidParameterValue"],
  [
    "an unknown type",
    { MessageBody: "x", MessageAttributes: { a: { DataType: "Colour", StringValue: "red" } } },
    "InvalidParameterValue",
  ],
  [
    "a number that is none",
    { MessageBody: "x", MessageAttributes: { a: { DataType: "Number", StringValue: "red" } } },
    "InvalidParameterValue",
  ],
])("SendMessage refuses %s", async (_what, input, code) => {
  await fixture.call("SetQueueAttributes", { QueueUrl, Attributes: { MaximumMessageSize: "1024" } });
  await expect(fixture.call("SendMessage", { QueueUrl, ...input })).rejects.toMatchObject({ name: code });
  expect(await counts()).toEqual([0, 0, 0]);
});

test.each([{ MaxNumberOfMessages: 11 }, { WaitTimeSeconds: 21 }, { VisibilityTimeout: -1 }])(
  "ReceiveMessage refuses %o",
  async (options) => {
    await expect(receive(options)).rejects.toMatchObject({ name: "InvalidParameterValue" });
  },
);

test("a queue without its KMS key is of no use", async () => {
  await fixture.call("SetQueueAttributes", { QueueUrl, Attributes: { KmsMasterKeyId: KEY } });
  await send("fine");
  await fixture.call("SetQueueAttributes", { QueueUrl, Attributes: { KmsMasterKeyId: "alias/gone" } });

  await expect(send("lost")).rejects.toMatchObject({ name: "KmsNotFound" });
  await expect(receive()).rejects.toMatchObject({ name: "KmsNotFound" });
});

test("messages outlive a restart, also those in flight", async () => {
  await send("one");
  await send("two");
  const [held] = await receive({ MaxNumberOfMessages: 1 });
  await fixture.restart();
  QueueUrl = `${fixture.served.url}/000000000000/orders`;

  expect(await counts()).toEqual([1, 1, 0]);
  await fixture.call("DeleteMessage", { QueueUrl, ReceiptHandle: held?.ReceiptHandle });
  expect(bodies(await receive())).toEqual(["two"]);
  expect(await counts()).toEqual([0, 1, 0]);
});

test("other services send by ARN, with the same rules", async () => {
  const source = { service: "sns.amazonaws.com", arn: "arn:aws:sns:us-east-1:000000000000:alerts" };
  fixture.sqs.queues.send({
    queueArn: `${ARN}orders`,
    body: "from a topic",
    attributes: { raw: { type: "Binary", value: "AP8=" } },
    source,
  });

  expect(await receive({ MessageAttributeNames: ["All"] })).toMatchObject([
    {
      Body: "from a topic",
      MessageAttributes: { raw: { DataType: "Binary", BinaryValue: new Uint8Array([0, 255]) } },
      Attributes: { SenderId: "sns.amazonaws.com" },
    },
  ]);
  expect(() => fixture.sqs.queues.send({ queueArn: `${ARN}nobody`, body: "x", source })).toThrow("does not exist");
});
