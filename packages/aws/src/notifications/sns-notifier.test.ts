import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Message } from "@slipway/release-engine";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { SnsNotifier } from "./sns-notifier.ts";

const message: Message = {
  ...{ moment: "checkpoint-failed", environment: "prod", release: "r2" },
  title: `r2 of prod FAILED its checkpoint → it is being put back ${"x".repeat(100)}`,
  ...{ text: "error-rate: 4 of 312 requests", next: "slipway show prod r2" },
};

let aws: LocalAwsFixture;
let sns: SNSClient;
let sqs: SQSClient;
let topicArn = "";
let queueUrl = "";

beforeAll(async () => {
  aws = await localAwsFixture();
  sns = new SNSClient(aws.client);
  sqs = new SQSClient(aws.client);
  topicArn = (await sns.send(new CreateTopicCommand({ Name: "releases" }))).TopicArn ?? "";
  const letIn = {
    Effect: "Allow",
    Principal: { Service: "sns.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: "*",
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [letIn] });
  const queue = await sqs.send(new CreateQueueCommand({ QueueName: "inbox", Attributes: { Policy } }));
  queueUrl = queue.QueueUrl ?? "";
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] }),
  );
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint: Attributes?.QueueArn }));
});

afterAll(async () => {
  sns?.destroy();
  sqs?.destroy();
  await aws?.close();
});

function notifier(topic: string | undefined): SnsNotifier {
  return new SnsNotifier({ ...aws.client, moments: ["checkpoint-failed"], topicArn: async () => topic });
}

it("publishes what reads well as an e-mail, with facts for programs", async () => {
  const telling = notifier(topicArn);
  expect(await telling.isThere()).toBe(true);
  await telling.send(message);
  telling.close();

  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 5 }));
  const envelope = JSON.parse(Messages[0]?.Body ?? "{}");
  expect(envelope.Subject).toMatch(/^r2 of prod FAILED its checkpoint {2}it is being put back x+\.\.\.$/);
  expect(envelope.Subject).toHaveLength(100);
  expect(envelope.Message).toBe(`${message.title}\n\nerror-rate: 4 of 312 requests\n\nNext: slipway show prod r2`);
  expect(envelope.MessageAttributes).toMatchObject({
    moment: { Type: "String", Value: "checkpoint-failed" },
    release: { Value: "r2" },
  });
});

it.each([
  [undefined, "not-found", /^There is no topic yet$/],
  ["arn:aws:sns:us-east-1:000000000000:nobody", "not-found", /^sns:Publish failed for the topic /],
] as const)("says that nobody was told through %s", async (topic, kind, what) => {
  const telling = notifier(topic);
  expect(await telling.isThere()).toBe(topic !== undefined);
  await expect(telling.send(message)).rejects.toMatchObject({ kind, what: expect.stringMatching(what) });
  telling.close();
});
