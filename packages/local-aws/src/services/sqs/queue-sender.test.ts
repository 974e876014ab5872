import { afterEach, beforeEach, expect, test } from "vitest";
import type { KeyDirectory } from "../../core/ports.ts";
import { allow, type EnforcedCore, enforcedCore, policy } from "../../test/enforced-core.ts";
import { createSns, type SnsService } from "../sns/create-sns.ts";
import { createSqs, type SqsService } from "./create-sqs.ts";

const ACCOUNT = "000000000000";
const QUEUE = `arn:aws:sqs:us-east-1:${ACCOUNT}:dead-letters`;
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:alerts`;
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/11111111-1111-4111-8111-111111111111`;

let enforced: EnforcedCore;
let sqs: SqsService;
let sns: SnsService;
let keyPolicy: string;

const keys: KeyDirectory = {
  findKeyArn: (key) => (key === KEY ? KEY : undefined),
  keyPolicy: () => ({ name: "key policy", document: keyPolicy, mode: "required" }),
};

beforeEach(async () => {
  enforced = enforcedCore();
  keyPolicy = policy({ ...allow("kms:*", "*"), Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } });
  sqs = createSqs(enforced.core, { metrics: { record: () => {} }, keys });
  sns = createSns(enforced.core, { queues: () => sqs.queues });
  await call(sns, "CreateTopic", { Name: "alerts" });
});

afterEach(async () => {
  await sns.service.close?.();
  await sqs.service.close?.();
  enforced.core.dispose();
});

async function call({ service }: SnsService | SqsService, operation: string, input: object): Promise<unknown> {
  return service.operations[operation]?.(input as never, enforced.core.context());
}

const fromTopic = (resource = TOPIC) =>
  policy({
    ...allow("sqs:SendMessage", QUEUE),
    Principal: { Service: "sns.amazonaws.com" },
    Condition: { ArnEquals: { "aws:SourceArn": resource }, StringEquals: { "aws:SourceAccount": ACCOUNT } },
  });

const send = (source: { service: string; arn: string; roleArn?: string }) =>
  sqs.queues.send({ queueArn: QUEUE, body: "x", source });

test("every operation of SQS has needs", () => {
  const { access = {}, operations } = sqs.service;
  expect(Object.keys(operations).filter((name) => !(name in access))).toEqual([]);
});

test.each([
  ["no policy", {}, /^AccessDenied: User: sns.amazonaws.com is not authorized/],
  ["a policy for another topic", { Policy: fromTopic(`${TOPIC}-other`) }, /^AccessDenied: /],
  ["a policy for the topic", { Policy: fromTopic() }, /^SQS has taken/],
  [
    "a policy for the topic, and a key that SNS may not use",
    { Policy: fromTopic(), KmsMasterKeyId: KEY },
    /^KmsAccessDenied: .* kms:GenerateDataKey/,
  ],
])("a message of a topic reaches a queue with %s or not", async (_case, Attributes, expected) => {
  await call(sqs, "CreateQueue", { QueueName: "dead-letters", Attributes });
  await call(sns, "Subscribe", { TopicArn: TOPIC, Protocol: "sqs", Endpoint: QUEUE });
  await call(sns, "Publish", { TopicArn: TOPIC, Message: "hello" });
  await new Promise((resolve) => setImmediate(resolve));
  const [message] = sns.messages(TOPIC);
  expect(message?.deliveries).toMatchObject([{ detail: expect.stringMatching(expected) }]);
});

test("a key that lets SNS use it is no obstacle", async () => {
  keyPolicy = policy({
    ...allow(["kms:GenerateDataKey", "kms:Decrypt"], "*"),
    Principal: { Service: "sns.amazonaws.com" },
  });
  const Attributes = { Policy: fromTopic(), KmsMasterKeyId: KEY };
  await call(sqs, "CreateQueue", { QueueName: "dead-letters", Attributes });
  expect(() => send({ service: "sns.amazonaws.com", arn: TOPIC })).not.toThrow();
});

test("a service with a role sends by the role's permissions", async () => {
  await call(sqs, "CreateQueue", { QueueName: "dead-letters" });
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/function`;
  const source = { service: "lambda.amazonaws.com", arn: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`, roleArn };
  enforced.role("function");
  expect(() => send(source)).toThrow(`User: ${roleArn} is not authorized to perform: sqs:sendmessage`);
  enforced.role("function", allow("sqs:SendMessage", QUEUE));
  expect(() => send(source)).not.toThrow();
});
