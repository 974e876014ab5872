import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { AwsQueryProtocol } from "@aws-sdk/core/protocols";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SqsFixture, sqsFixture } from "./sqs-fixture.ts";

// What AWS CLI before 2.13 and old SDKs speak: flattened lists and maps with names of their own.
let fixture: SqsFixture;
let client: SQSClient;

beforeEach(async () => {
  fixture = await sqsFixture();
  client = new SQSClient({ ...fixture.served.client, protocol: AwsQueryProtocol, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await fixture.dispose();
});

test("queues and their attributes", async () => {
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({
      QueueName: "orders",
      Attributes: { VisibilityTimeout: "45", DelaySeconds: "1" },
      tags: { env: "prod", team: "ops" },
    }),
  );
  await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: "0" } }));
  await client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ["team"] }));
  const AttributeNames = ["VisibilityTimeout" as const, "DelaySeconds" as const];

  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  expect(Attributes).toEqual({ VisibilityTimeout: "45", DelaySeconds: "0" });
  expect((await client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ env: "prod" });
  expect((await client.send(new ListQueuesCommand({}))).QueueUrls).toEqual([QueueUrl]);
});

test("messages, their attributes and batches", async () => {
  const QueueUrl = await fixture.queue("orders");
  const level = { DataType: "String", StringValue: '<high> & "dry"' };
  const raw = { DataType: "Binary", BinaryValue: new Uint8Array([0, 255]) };
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "a < b & c", MessageAttributes: { level, raw } }));
  const sent = await client.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: "x", MessageBody: "x", MessageAttributes: { level } },
        { Id: "y", MessageBody: "y", DelaySeconds: 901 },
      ],
    }),
  );
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["ApproximateReceiveCount"],
    }),
  );

  expect(sent.Successful?.map(({ Id }) => Id)).toEqual(["x"]);
  expect(sent.Failed).toMatchObject([{ Id: "y", Code: "InvalidParameterValue", SenderFault: true }]);
  expect(Messages).toMatchObject([
    { Body: "a < b & c", MessageAttributes: { level, raw }, Attributes: { ApproximateReceiveCount: "1" } },
    { Body: "x", MessageAttributes: { level } },
  ]);
  const [first, second] = Messages.map(({ ReceiptHandle }) => ReceiptHandle);
  const changed = await client.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: [{ Id: "c", ReceiptHandle: first, VisibilityTimeout: 0 }],
    }),
  );
  const deleted = await client.send(
    new DeleteMessageBatchCommand({ QueueUrl, Entries: [{ Id: "d", ReceiptHandle: second }] }),
  );
  expect([changed.Successful, deleted.Successful]).toEqual([[{ Id: "c" }], [{ Id: "d" }]]);
  const { Messages: again } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  expect(again?.map(({ Body }) => Body)).toEqual(["a < b & c"]);
});

test("errors have the codes that old clients know", async () => {
  const error = await client.send(new GetQueueUrlCommand({ QueueName: "nobody" })).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ Code: "AWS.SimpleQueueService.NonExistentQueue" });
  // The JSON protocol says it in a header.
  await expect(fixture.call("GetQueueUrl", { QueueName: "nobody" })).rejects.toMatchObject({
    name: "QueueDoesNotExist",
    Code: "AWS.SimpleQueueService.NonExistentQueue",
  });
});
