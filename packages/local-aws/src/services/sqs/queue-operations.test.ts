import { paginateListQueues } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KEY, type SqsFixture, sqsFixture } from "./sqs-fixture.ts";

let fixture: SqsFixture;

beforeEach(async () => {
  fixture = await sqsFixture();
});
afterEach(() => fixture.dispose());

const ARN = "arn:aws:sqs:us-east-1:000000000000:";
const attributesOf = async (QueueUrl: string) =>
  (await fixture.call("GetQueueAttributes", { QueueUrl, AttributeNames: ["All"] })).Attributes ?? {};

test("a new queue has AWS's defaults", async () => {
  const url = await fixture.queue("orders");

  const seconds = String(Math.floor(fixture.core.clock.now() / 1000));
  expect(await attributesOf(url)).toEqual({
    QueueArn: `${ARN}orders`,
    ApproximateNumberOfMessages: "0",
    ApproximateNumberOfMessagesDelayed: "0",
    ApproximateNumberOfMessagesNotVisible: "0",
    CreatedTimestamp: expect.stringMatching(/^\d{10}$/),
    LastModifiedTimestamp: expect.stringMatching(/^\d{10}$/),
    DelaySeconds: "0",
    MaximumMessageSize: "1048576",
    MessageRetentionPeriod: "345600",
    ReceiveMessageWaitTimeSeconds: "0",
    SqsManagedSseEnabled: "true",
    VisibilityTimeout: "30",
  });
  expect(Number((await attributesOf(url)).CreatedTimestamp)).toBeLessThanOrEqual(Number(seconds));
  expect(await fixture.call("GetQueueUrl", { QueueName: "orders" })).toMatchObject({
    QueueUrl: `${fixture.served.url}/000000000000/orders`,
  });
});

test("creating a queue again is idempotent, unless an attribute differs", async () => {
  const url = await fixture.queue("orders", { VisibilityTimeout: "60" });

  expect(await fixture.queue("orders")).toBe(url);
  expect(await fixture.queue("orders", { VisibilityTimeout: "60", DelaySeconds: "0" })).toBe(url);
  await expect(fixture.queue("orders", { VisibilityTimeout: "61" })).rejects.toMatchObject({
    name: "QueueNameExists",
    message: "A queue already exists with the same name and a different value for attribute VisibilityTimeout",
  });
});

test("a name is taken for a minute after its queue was deleted", async () => {
  const QueueUrl = await fixture.queue("orders");
  await fixture.call("SendMessage", { QueueUrl, MessageBody: "old" });
  await fixture.call("DeleteQueue", { QueueUrl });

  await expect(fixture.call("SendMessage", { QueueUrl, MessageBody: "late" })).rejects.toMatchObject({
    name: "QueueDoesNotExist",
    message: "The specified queue does not exist.",
  });
  await expect(fixture.queue("orders")).rejects.toMatchObject({ name: "QueueDeletedRecently" });
  await fixture.core.clock.advance(60_000);
  await fixture.queue("orders");

  expect((await attributesOf(QueueUrl)).ApproximateNumberOfMessages).toBe("0");
  expect(await fixture.sqs.service.inventory?.()).toEqual(["AWS::SQS::Queue orders"]);
});

test.each([
  ["a name with a space", "no spaces", {}, "InvalidParameterValue"],
  ["a FIFO name", "orders.fifo", { FifoQueue: "true" }, "NotImplemented"],
  ["a FIFO attribute", "orders", { FifoQueue: "true" }, "NotImplemented"],
  ["a number out of range", "orders", { VisibilityTimeout: "43201" }, "InvalidAttributeValue"],
  ["a number that is none", "orders", { DelaySeconds: "soon" }, "InvalidAttributeValue"],
  ["an attribute that is derived", "orders", { QueueArn: "x" }, "InvalidAttributeName"],
  ["two kinds of encryption", "orders", { KmsMasterKeyId: KEY, SqsManagedSseEnabled: "true" }, "InvalidAttributeValue"],
  ["a policy that is no JSON", "orders", { Policy: "{" }, "InvalidAttributeValue"],
  [
    "a policy for another service",
    "orders",
    { Policy: '{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}}' },
    "InvalidAttributeValue",
  ],
  [
    "a dead-letter queue that is not there",
    "orders",
    { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: 3 }) },
    "InvalidParameterValue",
  ],
  [
    "a redrive policy without a limit",
    "orders",
    { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${ARN}dead` }) },
    "InvalidParameterValue",
  ],
])("CreateQueue refuses %s", async (_what, name, attributes, code) => {
  await expect(fixture.queue(name, attributes)).rejects.toMatchObject({ name: code });
  expect(await fixture.sqs.service.inventory?.()).toEqual([]);
});

test("attributes are read back exactly as they were set, and an empty value takes one away", async () => {
  await fixture.queue("dead");
  const url = await fixture.queue("orders", { KmsMasterKeyId: KEY });
  const policy = `{"Version": "2012-10-17", "Statement": [{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"${ARN}orders"}]}`;
  const redrive = `{"maxReceiveCount":4, "deadLetterTargetArn":"${ARN}dead"}`;
  await fixture.call("SetQueueAttributes", {
    QueueUrl: url,
    Attributes: { Policy: policy, RedrivePolicy: redrive, MessageRetentionPeriod: "60" },
  });

  expect(await attributesOf(url)).toMatchObject({
    Policy: policy,
    RedrivePolicy: redrive,
    MessageRetentionPeriod: "60",
    KmsMasterKeyId: KEY,
    KmsDataKeyReusePeriodSeconds: "300",
    SqsManagedSseEnabled: "false",
  });
  expect(fixture.sqs.queuePolicy(`${ARN}orders`)).toBe(policy);

  await fixture.call("SetQueueAttributes", {
    QueueUrl: url,
    Attributes: { Policy: "", RedrivePolicy: "", KmsMasterKeyId: "", SqsManagedSseEnabled: "true" },
  });
  const after = await attributesOf(url);
  expect(after).toMatchObject({ SqsManagedSseEnabled: "true" });
  expect(Object.keys(after)).not.toEqual(expect.arrayContaining(["Policy"]));
  expect(after.RedrivePolicy ?? after.KmsMasterKeyId ?? after.KmsDataKeyReusePeriodSeconds).toBeUndefined();
  expect(fixture.sqs.queuePolicy(`${ARN}orders`)).toBeUndefined();
});

test("only the attributes that were asked for are answered", async () => {
  const QueueUrl = await fixture.queue("orders");

  const one = await fixture.call("GetQueueAttributes", { QueueUrl, AttributeNames: ["DelaySeconds"] });
  const none = await fixture.call("GetQueueAttributes", { QueueUrl });

  expect(one.Attributes).toEqual({ DelaySeconds: "0" });
  expect(none.Attributes).toBeUndefined();
  await expect(
    fixture.call("GetQueueAttributes", { QueueUrl, AttributeNames: ["Colour" as "All"] }),
  ).rejects.toMatchObject({ name: "InvalidAttributeName" });
});

test("lists queues by prefix and by page", async () => {
  for (const name of ["a-1", "a-2", "a-3", "b-1"]) {
    await fixture.queue(name);
  }

  const pages: string[][] = [];
  for await (const { QueueUrls = [] } of paginateListQueues(
    { client: fixture.client, pageSize: 2 },
    { QueueNamePrefix: "a-" },
  )) {
    pages.push(QueueUrls.map((url) => url.split("/").at(-1) ?? ""));
  }

  expect(pages).toEqual([["a-1", "a-2"], ["a-3"]]);
  expect((await fixture.call("ListQueues", {})).QueueUrls).toHaveLength(4);
  expect((await fixture.call("ListQueues", { QueueNamePrefix: "c" })).QueueUrls).toBeUndefined();
  await expect(fixture.call("ListQueues", { MaxResults: 1001 })).rejects.toMatchObject({
    name: "InvalidParameterValue",
  });
});

test("a dead-letter queue knows its sources, and decides who they may be", async () => {
  const dead = await fixture.queue("dead");
  const redrive = JSON.stringify({ deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: 2 });
  await fixture.queue("orders", { RedrivePolicy: redrive });
  await fixture.queue("bills", { RedrivePolicy: redrive });

  const sources = await fixture.call("ListDeadLetterSourceQueues", { QueueUrl: dead });
  expect(sources.queueUrls?.map((url) => url.split("/").at(-1))).toEqual(["bills", "orders"]);

  const allow = JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [`${ARN}bills`] });
  await fixture.call("SetQueueAttributes", { QueueUrl: dead, Attributes: { RedriveAllowPolicy: allow } });
  expect((await attributesOf(dead)).RedriveAllowPolicy).toBe(allow);
  await expect(fixture.queue("others", { RedrivePolicy: redrive })).rejects.toThrow(/redrive allow policy/);
});

test("a queue is purged once a minute", async () => {
  const QueueUrl = await fixture.queue("orders");
  await fixture.call("SendMessage", { QueueUrl, MessageBody: "x" });
  await fixture.call("PurgeQueue", { QueueUrl });

  expect((await attributesOf(QueueUrl)).ApproximateNumberOfMessages).toBe("0");
  await expect(fixture.call("PurgeQueue", { QueueUrl })).rejects.toMatchObject({ name: "PurgeQueueInProgress" });
  await fixture.core.clock.advance(60_000);
  await fixture.call("PurgeQueue", { QueueUrl });
});

test("tags are kept, and shown to the tagging API", async () => {
  const QueueUrl = await fixture.queue("orders");
  expect((await fixture.call("ListQueueTags", { QueueUrl })).Tags).toBeUndefined();

  await fixture.call("TagQueue", { QueueUrl, Tags: { team: "ops", env: "prod" } });
  await fixture.call("UntagQueue", { QueueUrl, TagKeys: ["team"] });

  expect((await fixture.call("ListQueueTags", { QueueUrl })).Tags).toEqual({ env: "prod" });
  expect(fixture.sqs.tags.taggedResources()).toEqual([{ arn: `${ARN}orders`, type: "sqs", tags: { env: "prod" } }]);
  await expect(fixture.call("TagQueue", { QueueUrl, Tags: { "aws:x": "1" } })).rejects.toMatchObject({
    name: "InvalidParameterValue",
  });
});

test("permissions are statements of the queue's policy", async () => {
  const QueueUrl = await fixture.queue("orders");
  const add = { QueueUrl, Label: "partner", AWSAccountIds: ["111122223333"], Actions: ["SendMessage"] };
  await fixture.call("AddPermission", add);

  expect(JSON.parse((await attributesOf(QueueUrl)).Policy ?? "")).toEqual({
    Version: "2008-10-17",
    Id: `${ARN}orders/SQSDefaultPolicy`,
    Statement: [
      {
        Sid: "partner",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
        Action: "SQS:SendMessage",
        Resource: `${ARN}orders`,
      },
    ],
  });
  await expect(fixture.call("AddPermission", add)).rejects.toThrow("Already exists");
  await fixture.call("RemovePermission", { QueueUrl, Label: "partner" });
  expect((await attributesOf(QueueUrl)).Policy).toBeUndefined();
  await expect(fixture.call("RemovePermission", { QueueUrl, Label: "partner" })).rejects.toMatchObject({
    name: "InvalidParameterValue",
  });
});

test("only the path of a queue's URL counts", async () => {
  await fixture.queue("orders");
  const operation = fixture.sqs.service.operations.GetQueueAttributes as (input: object, context: unknown) => object;
  const ask = (QueueUrl: string | undefined, path = "/") => {
    const context = fixture.core.context();
    return operation({ QueueUrl, AttributeNames: ["QueueArn"] }, { ...context, http: { ...context.http, path } });
  };
  const found = { Attributes: { QueueArn: `${ARN}orders` } };

  expect(ask("https://sqs.us-east-1.amazonaws.com/000000000000/orders")).toEqual(found);
  expect(ask(undefined, "/000000000000/orders")).toEqual(found);
  expect(() => ask("http://localhost/111122223333/orders")).toThrow("does not exist");
  expect(() => ask("orders")).toThrow("is not valid for this endpoint");
  expect(() => ask(undefined)).toThrow("must contain the parameter QueueUrl");
});
