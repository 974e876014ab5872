import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  type DescribeAlarmHistoryCommandOutput,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { afterEach, beforeEach, expect, test } from "vitest";
import { allow, type EnforcedCore, enforcedCore, policy, type Statement } from "../../test/enforced-core.ts";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { createCloudWatch } from "../cloudwatch/create-cloudwatch.ts";
import { createKms } from "../kms/create-kms.ts";
import { createSns, type SnsService } from "./create-sns.ts";

const ACCOUNT = "000000000000";
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:alerts`;
const ALARM = `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:errors`;

let enforced: EnforcedCore;
let sns: SnsService;
let kms: ReturnType<typeof createKms>;
let served: ServedServices;
let root: SNSClient;
let cloudwatch: CloudWatchClient;
const clients: { destroy(): void }[] = [];

beforeEach(async () => {
  enforced = enforcedCore();
  kms = createKms(enforced.core);
  sns = createSns(enforced.core, { keys: () => kms.keys });
  const alarms = createCloudWatch(enforced.core, { topics: sns.topics });
  served = await serveServices(enforced.core, [sns.service, kms.service, alarms.service]);
  root = client();
  cloudwatch = new CloudWatchClient({ ...served.client, maxAttempts: 1 });
  clients.push(cloudwatch);
  await root.send(new CreateTopicCommand({ Name: "alerts" }));
});

afterEach(async () => {
  for (const each of clients.splice(0)) {
    each.destroy();
  }
  await served.close();
  enforced.core.dispose();
});

function client(name?: string, ...statements: Statement[]): SNSClient {
  const credentials = name === undefined ? {} : { credentials: enforced.role(name, ...statements) };
  const made = new SNSClient({ ...served.client, ...credentials, maxAttempts: 1 });
  clients.push(made);
  return made;
}

const set = (AttributeName: string, AttributeValue: string) =>
  root.send(new SetTopicAttributesCommand({ TopicArn: TOPIC, AttributeName, AttributeValue }));

const denial = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => Promise.reject(new Error("it was allowed")),
    (error: Error) => error,
  );

/** Sends the alarm into ALARM and returns what its history says of the action. */
async function alarmAction(): Promise<NonNullable<DescribeAlarmHistoryCommandOutput["AlarmHistoryItems"]>[number]> {
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: "errors",
      Namespace: "App",
      MetricName: "Errors",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanThreshold",
      AlarmActions: [TOPIC],
    }),
  );
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: "errors", StateValue: "ALARM", StateReason: "test" }));
  const { AlarmHistoryItems: items = [] } = await cloudwatch.send(
    new DescribeAlarmHistoryCommand({ AlarmName: "errors", HistoryItemType: "Action" }),
  );
  expect(items).toHaveLength(1);
  return items[0] ?? {};
}

test("every operation has needs, and the actions are not always the operations", () => {
  const { access = {}, operations } = sns.service;
  expect(Object.keys(operations).filter((name) => !(name in access))).toEqual([]);
  const needs = (operation: string, input: object) =>
    (access[operation]?.(input as never, enforced.core.context()) ?? []).map(
      ({ action, resource }) => `${action} ${resource}`,
    );
  expect(needs("PublishBatch", { TopicArn: TOPIC })).toEqual([`SNS:Publish ${TOPIC}`]);
  expect(needs("Unsubscribe", { SubscriptionArn: `${TOPIC}:1` })).toEqual(["SNS:Unsubscribe *"]);
  expect(needs("CreateTopic", { Name: "alerts", Tags: [{ Key: "a", Value: "b" }] })).toEqual([
    `SNS:CreateTopic ${TOPIC}`,
    `SNS:TagResource ${TOPIC}`,
  ]);
});

test("publishing is allowed by exactly the permission, and denied with SNS's message without it", async () => {
  const publisher = client("publisher", allow("sns:Publish", TOPIC));
  await publisher.send(new PublishCommand({ TopicArn: TOPIC, Message: "hello" }));
  const refused = await denial(publisher.send(new GetTopicAttributesCommand({ TopicArn: TOPIC })));
  expect(refused).toMatchObject({
    name: "AuthorizationErrorException",
    message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/publisher/test is not authorized to perform: SNS:GetTopicAttributes on resource: ${TOPIC} because no identity-based policy allows the SNS:GetTopicAttributes action`,
  });
});

test("the default policy lets in nobody by itself, a policy that names a role does", async () => {
  const guest = client("guest");
  const publish = new PublishCommand({ TopicArn: TOPIC, Message: "hello" });
  await expect(denial(guest.send(publish))).resolves.toMatchObject({ name: "AuthorizationErrorException" });
  const named = { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/guest` }, ...allow("sns:Publish", TOPIC) };
  await set("Policy", policy(named));
  await guest.send(publish);
});

test("subscribing can be bound to a protocol and an endpoint", async () => {
  const condition = {
    Condition: { StringEquals: { "sns:Protocol": "email" }, StringLike: { "sns:Endpoint": "*@a.b" } },
  };
  const bound = client("bound", allow("sns:Subscribe", TOPIC, condition));
  await bound.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: "email", Endpoint: "team@a.b" }));
  await denial(bound.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: "email", Endpoint: "team@c.d" })));
});

test("publishing to a topic with a key needs the key, through SNS", async () => {
  const { KeyMetadata } = await createKey();
  await set("KmsMasterKeyId", KeyMetadata.KeyId);
  const publish = new PublishCommand({ TopicArn: TOPIC, Message: "hello" });
  const keyless = client("keyless", allow("sns:Publish", TOPIC));
  const refused = await denial(keyless.send(publish));
  expect(refused.name).toBe("KMSAccessDeniedException");
  expect(refused.message).toContain(`kms:GenerateDataKey on resource: ${KeyMetadata.Arn}`);
  const through = { Condition: { StringEquals: { "kms:ViaService": "sns.us-east-1.amazonaws.com" } } };
  const keyed = client(
    "keyed",
    allow("sns:Publish", TOPIC),
    allow(["kms:GenerateDataKey", "kms:Decrypt"], KeyMetadata.Arn, through),
  );
  await keyed.send(publish);
});

async function createKey(...statements: Statement[]): Promise<{ KeyMetadata: { KeyId: string; Arn: string } }> {
  const create = kms.service.operations.CreateKey as unknown as (
    input: { Policy: string },
    context: object,
  ) => { KeyMetadata: { KeyId: string; Arn: string } };
  const owner = { ...allow("kms:*", "*"), Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } };
  return create({ Policy: policy(owner, ...statements) }, enforced.core.context());
}

test("an alarm publishes by the default policy", async () => {
  expect((await alarmAction()).HistorySummary).toBe(`Successfully executed action ${TOPIC}`);
  expect(sns.messages(TOPIC)).toHaveLength(1);
});

test("an alarm that the topic's policy does not let in fails, and its history says so", async () => {
  const other = { ArnLike: { "aws:SourceArn": `${ALARM}-other` } };
  const service = { Principal: { Service: "cloudwatch.amazonaws.com" }, ...allow("sns:Publish", TOPIC) };
  await set("Policy", policy({ ...service, Condition: other }));
  const failed = await alarmAction();
  expect(failed.HistorySummary).toBe(
    `Failed to execute action ${TOPIC}. Received error: "Resource: ${ALARM} is not authorized to perform: SNS:Publish on resource: ${TOPIC}"`,
  );
  expect(JSON.parse(failed.HistoryData ?? "")).toMatchObject({ actionState: "Failed", notificationResource: TOPIC });
  expect(sns.messages(TOPIC)).toEqual([]);
});

test("an alarm that is let in by its ARN and its account publishes", async () => {
  const service = { Principal: { Service: "cloudwatch.amazonaws.com" }, ...allow("sns:Publish", TOPIC) };
  const condition = { ArnLike: { "aws:SourceArn": ALARM }, StringEquals: { "aws:SourceAccount": ACCOUNT } };
  await set("Policy", policy({ ...service, Condition: condition }));
  expect((await alarmAction()).HistorySummary).toMatch(/^Successfully/);
});

test.each<[string, string, () => Promise<string>]>([
  ["a key whose policy does not name CloudWatch", "Failed", async () => (await createKey()).KeyMetadata.KeyId],
  ["AWS's own key for SNS", "Failed", async () => "alias/aws/sns"],
  [
    "a key whose policy lets CloudWatch use it",
    "Succeeded",
    async () => {
      const use = allow(["kms:GenerateDataKey*", "kms:Decrypt"], "*");
      return (await createKey({ ...use, Principal: { Service: "cloudwatch.amazonaws.com" } })).KeyMetadata.KeyId;
    },
  ],
])("an alarm on a topic with %s: %s", async (_case, expected, key) => {
  await set("KmsMasterKeyId", await key());
  const action = await alarmAction();
  expect(JSON.parse(action.HistoryData ?? "").actionState).toBe(expected);
  expect(action.HistorySummary).toMatch(
    expected === "Succeeded" ? /^Successfully/ : /Received error: "null \(Service: AWSKMS; Status Code: 400;/,
  );
});

test("an action on a topic that is gone fails", async () => {
  expect(() => sns.topics.publish(`${TOPIC}-gone`, "s", "m")).toThrow("Topic does not exist");
});
