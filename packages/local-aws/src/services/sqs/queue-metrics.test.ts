import { afterEach, beforeEach, expect, test } from "vitest";
import { type SqsFixture, sqsFixture } from "./sqs-fixture.ts";

let fixture: SqsFixture;
let QueueUrl: string;

beforeEach(async () => {
  fixture = await sqsFixture();
  QueueUrl = await fixture.queue("orders");
});
afterEach(() => fixture.dispose());

const values = (name: string, queue = "orders") =>
  fixture.metrics
    .filter((datum) => datum.namespace === "AWS/SQS" && datum.name === name && datum.dimensions.QueueName === queue)
    .map(({ value }) => value);
const send = () => fixture.call("SendMessage", { QueueUrl, MessageBody: "12345" });
const MINUTE = 60_000;

test("counts what is done, and how deep the queue is after it", async () => {
  await send();
  await send();
  const { Messages } = await fixture.call("ReceiveMessage", { QueueUrl });
  await fixture.call("DeleteMessage", { QueueUrl, ReceiptHandle: Messages?.[0]?.ReceiptHandle });
  await fixture.core.clock.advance(1000);

  const sum = (name: string) => values(name).reduce((total, value) => total + value, 0);
  expect(sum("NumberOfMessagesSent")).toBe(2);
  expect(values("SentMessageSize")).toEqual([5, 5]);
  expect(sum("NumberOfMessagesReceived")).toBe(1);
  expect(sum("NumberOfMessagesDeleted")).toBe(1);
  expect(values("ApproximateNumberOfMessagesVisible").at(-1)).toBe(1);
  expect(values("ApproximateNumberOfMessagesNotVisible").at(-1)).toBe(0);
});

test("measures a queue every minute while it holds something, and for six hours after its last use", async () => {
  await send();
  await fixture.core.clock.advance(10 * MINUTE);

  const ages = values("ApproximateAgeOfOldestMessage");
  expect(values("ApproximateNumberOfMessagesVisible").length).toBeGreaterThanOrEqual(10);
  expect(new Set(values("ApproximateNumberOfMessagesVisible"))).toEqual(new Set([1]));
  expect(ages.at(-1)).toBeGreaterThanOrEqual(9 * 60 - 1);
  expect(ages).toEqual([...ages].sort((a, b) => a - b));

  await fixture.call("PurgeQueue", { QueueUrl });
  await fixture.core.clock.advance(6 * 60 * MINUTE + MINUTE);
  const measured = values("ApproximateNumberOfMessagesVisible").length;
  expect(values("ApproximateNumberOfMessagesVisible").at(-1)).toBe(0);
  await fixture.core.clock.advance(10 * MINUTE);
  expect(values("ApproximateNumberOfMessagesVisible")).toHaveLength(measured);
});

test("a dead-letter queue shows its depth when a message is moved there", async () => {
  await fixture.queue("dead");
  const deadLetterTargetArn = "arn:aws:sqs:us-east-1:000000000000:dead";
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
  await fixture.call("SetQueueAttributes", { QueueUrl, Attributes: { RedrivePolicy, VisibilityTimeout: "0" } });
  await send();
  await fixture.call("ReceiveMessage", { QueueUrl });
  await fixture.call("ReceiveMessage", { QueueUrl });
  await fixture.core.clock.advance(1000);

  expect(values("ApproximateNumberOfMessagesVisible", "dead").at(-1)).toBe(1);
  // As on AWS, what was moved counts as sent nowhere.
  expect(values("NumberOfMessagesSent", "dead")).toEqual([]);
  expect(values("NumberOfEmptyReceives")).toEqual([1]);
});

test("a restarted SQS goes on measuring", async () => {
  await send();
  await fixture.restart();
  fixture.metrics.length = 0;
  await fixture.core.clock.advance(MINUTE);

  expect(values("ApproximateNumberOfMessagesVisible")).toEqual([1]);
});
