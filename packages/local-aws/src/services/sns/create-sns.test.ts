import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AwsError } from "../../core/aws-error.ts";
import type { FunctionInvoker, InvokeRequest, QueueMessage } from "../../core/ports.ts";
import type { InputOf, OperationName, OutputOf, RequestContext } from "../../core/service.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createSns, type SnsService } from "./create-sns.ts";
import type { Sns } from "./sns-state.ts";

let core: TestCore;
let sns: SnsService;
let invocations: InvokeRequest[];
let queued: QueueMessage[];
const servers: Server[] = [];
const QUEUE = "arn:aws:sqs:us-east-1:000000000000:";

beforeEach(() => {
  core = testCore();
  invocations = [];
  queued = [];
  const functions: FunctionInvoker = {
    async invoke(request) {
      invocations.push(request);
      return { status: 202, payload: new Uint8Array(), executedVersion: "$LATEST", logTail: "" };
    },
  };
  const queues = {
    send(message: QueueMessage) {
      if (message.queueArn.endsWith(":missing")) {
        throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
      }
      queued.push(message);
    },
  };
  sns = createSns(core, { functions: () => functions, queues: () => queues });
});

afterEach(async () => {
  await sns.service.close?.();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  core.dispose();
});

async function call<N extends OperationName<Sns>>(name: N, input: Partial<InputOf<Sns, N>>): Promise<OutputOf<Sns, N>> {
  const operation = sns.service.operations[name] as unknown as (
    input: Partial<InputOf<Sns, N>>,
    context: RequestContext,
  ) => OutputOf<Sns, N>;
  return operation(input, core.context());
}

async function newTopic(name = "alerts"): Promise<string> {
  const { TopicArn } = await call("CreateTopic", { Name: name });
  return TopicArn ?? "";
}

async function httpEndpoint(answer: (bodies: string[]) => number): Promise<{ url: string; bodies: string[] }> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(Buffer.concat(await request.toArray()).toString());
    response.writeHead(answer(bodies)).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, bodies };
}

test("a new topic has AWS's default policy and attributes, and creating it again is idempotent", async () => {
  const arn = await newTopic();
  expect(arn).toBe("arn:aws:sns:us-east-1:000000000000:alerts");
  expect(await newTopic()).toBe(arn);

  const { Attributes = {} } = await call("GetTopicAttributes", { TopicArn: arn });
  expect(Attributes).toMatchObject({
    Owner: "000000000000",
    TopicArn: arn,
    DisplayName: "",
    SubscriptionsConfirmed: "0",
    SubscriptionsPending: "0",
  });
  expect(JSON.parse(Attributes.Policy ?? "").Statement[0].Condition).toEqual({
    StringEquals: { "AWS:SourceOwner": "000000000000" },
  });
  await expect(call("CreateTopic", { Name: "alerts", Attributes: { DisplayName: "x" } })).rejects.toMatchObject({
    code: "InvalidParameterException",
    message: "Invalid parameter: Attributes Reason: Topic already exists with different attributes",
  });
});

test.each([
  ["alerts.fifo", {}, "NotImplemented"],
  ["no spaces", {}, "InvalidParameterException"],
  ["fine", { LambdaSuccessFeedbackRoleArn: "arn:aws:iam::1:role/x" }, "NotImplemented"],
  ["fine", { Nonsense: "1" }, "InvalidParameterException"],
  ["fine", { Policy: '{"Statement":[{"Effect":"Maybe"}]}' }, "InvalidParameterException"],
])("CreateTopic refuses %s with %o", async (name, attributes, code) => {
  await expect(call("CreateTopic", { Name: name, Attributes: attributes })).rejects.toMatchObject({ code });
});

test("an e-mail subscription waits for its confirmation, cannot be ended before it, and lapses after 48 hours", async () => {
  const topic = await newTopic();
  const input = { TopicArn: topic, Protocol: "email", Endpoint: "ops@example.com" };
  expect(await call("Subscribe", input)).toEqual({ SubscriptionArn: "pending confirmation" });
  const { SubscriptionArn = "" } = await call("Subscribe", { ...input, ReturnSubscriptionArn: true });

  const listed = await call("ListSubscriptionsByTopic", { TopicArn: topic });
  expect(listed.Subscriptions).toEqual([
    expect.objectContaining({ SubscriptionArn: "PendingConfirmation", Endpoint: "ops@example.com", Protocol: "email" }),
  ]);
  const { Attributes } = await call("GetSubscriptionAttributes", { SubscriptionArn });
  expect(Attributes).toMatchObject({
    PendingConfirmation: "true",
    ConfirmationWasAuthenticated: "false",
    RawMessageDelivery: "false",
  });
  await expect(call("Unsubscribe", { SubscriptionArn })).rejects.toThrow(
    "Cannot unsubscribe a subscription that is pending confirmation",
  );

  await core.clock.advance(49 * 3600 * 1000);
  await expect(call("GetSubscriptionAttributes", { SubscriptionArn })).rejects.toMatchObject({
    code: "NotFoundException",
  });
});

test("confirming with the token of the kept message makes a subscription end-able, and it is counted as deleted", async () => {
  const topic = await newTopic();
  await call("Subscribe", { TopicArn: topic, Protocol: "email", Endpoint: "ops@example.com" });
  const [confirmation] = sns.messages(topic);
  const { SubscriptionArn } = await call("ConfirmSubscription", {
    TopicArn: topic,
    Token: confirmation?.attributes.Token?.value ?? "",
  });
  await call("Unsubscribe", { SubscriptionArn });
  const { Attributes } = await call("GetTopicAttributes", { TopicArn: topic });
  expect(Attributes).toMatchObject({ SubscriptionsConfirmed: "0", SubscriptionsDeleted: "1" });
  await expect(call("ConfirmSubscription", { TopicArn: topic, Token: "wrong" })).rejects.toThrow(
    "Invalid parameter: Token",
  );
});

test("a loopback HTTP endpoint is asked to confirm, then gets messages, retried after a failure", async () => {
  const topic = await newTopic();
  const { url, bodies } = await httpEndpoint((seen) => (seen.length === 2 ? 500 : 200));
  const { SubscriptionArn } = await call("Subscribe", {
    TopicArn: topic,
    Protocol: "http",
    Endpoint: url,
    ReturnSubscriptionArn: true,
  });
  await expect.poll(() => bodies.length).toBe(1);
  const confirmation = JSON.parse(bodies[0] ?? "");
  expect(confirmation).toMatchObject({ Type: "SubscriptionConfirmation", TopicArn: topic });
  await call("ConfirmSubscription", { TopicArn: topic, Token: confirmation.Token });

  const { MessageId } = await call("Publish", { TopicArn: topic, Subject: "hi", Message: "there" });
  const deliveries = () => sns.messages(topic).find(({ messageId }) => messageId === MessageId)?.deliveries;
  await expect
    .poll(deliveries)
    .toEqual([expect.objectContaining({ status: "retrying", subscriptionArn: SubscriptionArn })]);
  await core.clock.advance(20_000);
  await expect.poll(deliveries).toEqual([expect.objectContaining({ status: "delivered" })]);
  expect(JSON.parse(bodies[2] ?? "")).toMatchObject({
    Type: "Notification",
    MessageId,
    Subject: "hi",
    Message: "there",
  });
});

test("what cannot be delivered is recorded with its reason", async () => {
  const topic = await newTopic();
  await call("Subscribe", { TopicArn: topic, Protocol: "https", Endpoint: "https://example.com/hook" });
  await call("Subscribe", { TopicArn: topic, Protocol: "sqs", Endpoint: `${QUEUE}missing` });
  await call("Publish", { TopicArn: topic, Message: "m" });
  const [confirmation, published] = sns.messages(topic);
  expect(confirmation?.deliveries[0]).toMatchObject({
    status: "undeliverable",
    detail: "Local AWS delivers to loopback addresses only.",
  });
  // Nothing would change by trying again.
  expect(published?.deliveries).toEqual([
    expect.objectContaining({
      protocol: "sqs",
      status: "failed",
      detail: "QueueDoesNotExist: The specified queue does not exist.",
    }),
  ]);
});

test("a queue gets messages in the envelope, or raw with their attributes", async () => {
  const topic = await newTopic();
  await call("Subscribe", { TopicArn: topic, Protocol: "sqs", Endpoint: `${QUEUE}wrapped` });
  const raw = { RawMessageDelivery: "true" };
  await call("Subscribe", { TopicArn: topic, Protocol: "sqs", Endpoint: `${QUEUE}raw`, Attributes: raw });
  const { MessageId } = await call("Publish", {
    TopicArn: topic,
    Message: "there",
    Subject: "hi",
    MessageAttributes: { level: { DataType: "String", StringValue: "high" } },
  });

  const of = (name: string) => queued.find(({ queueArn }) => queueArn === QUEUE + name);
  expect(queued).toHaveLength(2);
  expect(of("raw")).toEqual({
    queueArn: `${QUEUE}raw`,
    body: "there",
    attributes: { level: { type: "String", value: "high" } },
    source: { service: "sns.amazonaws.com", arn: topic },
  });
  expect(of("wrapped")?.attributes).toBeUndefined();
  expect(JSON.parse(of("wrapped")?.body ?? "")).toMatchObject({
    Type: "Notification",
    MessageId,
    TopicArn: topic,
    Subject: "hi",
    Message: "there",
    MessageAttributes: { level: { Type: "String", Value: "high" } },
  });
});

test("what cannot be delivered goes to the subscription's dead-letter queue", async () => {
  const topic = await newTopic();
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${QUEUE}dead` });
  const input = { TopicArn: topic, Protocol: "sqs", Endpoint: `${QUEUE}missing`, Attributes: { RedrivePolicy } };
  const { SubscriptionArn } = await call("Subscribe", input);
  const { url, bodies } = await httpEndpoint(() => 500);
  const http = { TopicArn: topic, Protocol: "http", Endpoint: url, ReturnSubscriptionArn: true };
  const web = await call("Subscribe", { ...http, Attributes: { RedrivePolicy } });
  const { Attributes } = await call("GetSubscriptionAttributes", { SubscriptionArn });
  expect(Attributes?.RedrivePolicy).toBe(RedrivePolicy);
  const token = sns.messages(topic)[0]?.attributes.Token?.value ?? "";
  await call("ConfirmSubscription", { TopicArn: topic, Token: token });

  await call("Publish", { TopicArn: topic, Message: "lost" });
  await expect.poll(() => queued.length).toBe(1);
  const waitForRetries = async () => {
    await core.clock.advance(20_000);
    return queued.length;
  };
  await expect.poll(waitForRetries).toBe(2);

  expect(bodies.filter((body) => JSON.parse(body).Type === "Notification")).toHaveLength(4);
  expect(queued.map(({ queueArn }) => queueArn)).toEqual([`${QUEUE}dead`, `${QUEUE}dead`]);
  expect(queued.map(({ body }) => JSON.parse(body).Message)).toEqual(["lost", "lost"]);
  expect(
    sns
      .messages(topic)
      .at(-1)
      ?.deliveries.map(({ status, detail }) => [status, detail.includes("dead-letter")]),
  ).toEqual([
    ["failed", true],
    ["failed", true],
  ]);
  await call("SetSubscriptionAttributes", {
    SubscriptionArn: web.SubscriptionArn,
    AttributeName: "RedrivePolicy",
    AttributeValue: "",
  });
  const after = await call("GetSubscriptionAttributes", { SubscriptionArn: web.SubscriptionArn });
  expect(after.Attributes?.RedrivePolicy).toBeUndefined();
  await expect(
    call("SetSubscriptionAttributes", { SubscriptionArn, AttributeName: "RedrivePolicy", AttributeValue: '{"a":1}' }),
  ).rejects.toMatchObject({ code: "InvalidParameterException" });
});

test("a filter policy decides what a function gets", async () => {
  const topic = await newTopic();
  await call("Subscribe", {
    TopicArn: topic,
    Protocol: "lambda",
    Endpoint: "arn:aws:lambda:us-east-1:000000000000:function:f",
    Attributes: {
      FilterPolicy: JSON.stringify({ level: [{ "anything-but": "debug" }], size: [{ numeric: [">=", 10] }] }),
    },
  });
  const publish = (level: string, size: string) =>
    call("Publish", {
      TopicArn: topic,
      Message: `${level} ${size}`,
      MessageAttributes: {
        level: { DataType: "String", StringValue: level },
        size: { DataType: "Number", StringValue: size },
      },
    });
  await publish("debug", "20");
  await publish("error", "9");
  await publish("error", "10");
  const events = invocations.map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)));
  expect(events.map((event) => event.Records[0].Sns.Message)).toEqual(["error 10"]);
  expect(invocations[0]?.source).toEqual({ service: "sns.amazonaws.com", arn: topic });
});

test.each([
  [{ Message: "" }, "Invalid parameter: Empty message"],
  [{ Message: "x".repeat(262_145) }, "Invalid parameter: Message too long"],
  [{ Message: "x", Subject: "line\nbreak" }, "Invalid parameter: Subject"],
  [
    { Message: "{}", MessageStructure: "json" },
    "Invalid parameter: Message Structure - No default entry in JSON message body",
  ],
  [
    { Message: "x", MessageAttributes: { a: { DataType: "Colour", StringValue: "x" } } },
    "invalid message attribute type",
  ],
])("Publish refuses %o", async (input, message) => {
  const topic = await newTopic();
  await expect(call("Publish", { TopicArn: topic, ...input })).rejects.toThrow(message);
});

test("PublishBatch reports each entry", async () => {
  const topic = await newTopic();
  const answer = await call("PublishBatch", {
    TopicArn: topic,
    PublishBatchRequestEntries: [
      { Id: "a", Message: "one" },
      { Id: "b", Message: "" },
    ],
  });
  expect(answer.Successful).toEqual([{ Id: "a", MessageId: sns.messages(topic)[0]?.messageId }]);
  expect(answer.Failed).toEqual([expect.objectContaining({ Id: "b", Code: "InvalidParameter", SenderFault: true })]);
});

test("the last 1,000 messages are kept", async () => {
  const topic = await newTopic();
  for (let index = 0; index < 1003; index++) {
    sns.topics.publish(topic, "s", `message ${index}`);
  }
  const kept = sns.messages(topic);
  expect(kept).toHaveLength(1000);
  expect(kept[0]?.message).toBe("message 3");
  expect(kept.at(-1)?.message).toBe("message 1002");
});

test("deleting a topic takes its subscriptions along, and leaves nothing", async () => {
  const topic = await newTopic();
  await call("TagResource", { ResourceArn: topic, Tags: [{ Key: "team", Value: "ops" }] });
  await call("Subscribe", { TopicArn: topic, Protocol: "email", Endpoint: "ops@example.com" });
  expect(sns.tags.taggedResources()).toEqual([{ arn: topic, type: "sns", tags: { team: "ops" } }]);
  await call("DeleteTopic", { TopicArn: topic });
  expect(await sns.service.inventory?.()).toEqual([]);
  await expect(call("GetTopicAttributes", { TopicArn: topic })).rejects.toMatchObject({ code: "NotFoundException" });
});
