import { GetTopicAttributesCommand, paginateListSubscriptionsByTopic, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Measured, ResourceUsage } from "@slipway/analysis";
import type { StateResource } from "@slipway/release-engine";
import { missing, textIn, unreadable } from "./resource-facts.ts";
import type { UsageContext } from "./usage-context.ts";

/** Deliveries to these cost nothing. https://aws.amazon.com/sns/pricing/ */
const FREE_PROTOCOLS = new Set(["sqs", "lambda"]);

/**
 * Calls to SQS as CloudWatch sees them: messages, of which a call may carry up to ten, and the calls that found none. So it is
 * rather too much than too little.
 */
const QUEUE_METRICS = [
  "NumberOfMessagesSent",
  "NumberOfMessagesReceived",
  "NumberOfMessagesDeleted",
  "NumberOfEmptyReceives",
];

/** Sees a topic's publishes, and to what it delivers. */
export async function observeTopic(context: UsageContext, resource: StateResource): Promise<ResourceUsage> {
  const arn = resource.arn ?? resource.id ?? "";
  const name = textIn(resource, "name") ?? arn.split(":").at(-1) ?? arn;
  const facts = { address: resource.address, type: resource.type, name };
  const sns = context.aws.client(SNSClient);
  const found = await context.ask("sns:GetTopicAttributes", `the topic ${name}`, (options) =>
    sns.send(new GetTopicAttributesCommand({ TopicArn: arn }), options),
  );
  if (found.kind !== "answer") {
    return found.kind === "missing" ? missing(facts) : unreadable(facts, found.why);
  }
  const [[publishes], subscriptions] = await Promise.all([
    context.metrics.sums([
      { namespace: "AWS/SNS", name: "NumberOfMessagesPublished", dimensions: { TopicName: name } },
    ]),
    context.ask("sns:ListSubscriptionsByTopic", `the topic ${name}`, async (options) => {
      const protocols = new Set<string>();
      for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn: arn }, options)) {
        for (const { Protocol = "" } of page.Subscriptions ?? []) {
          protocols.add(Protocol);
        }
      }
      return [...protocols];
    }),
  ]);
  const used = publishes ?? { unknown: "it was not asked for" };
  const protocols = subscriptions.kind === "answer" ? subscriptions.value : [];
  return {
    kind: "topic",
    ...facts,
    publishes: used,
    // Where nothing was published, nothing was delivered.
    chargedProtocols:
      "value" in used && used.value === 0 ? [] : protocols.filter((protocol) => !FREE_PROTOCOLS.has(protocol)).sort(),
  };
}

/** Sees a queue's requests. */
export async function observeQueue(context: UsageContext, resource: StateResource): Promise<ResourceUsage> {
  const url = textIn(resource, "url") ?? resource.id ?? "";
  const name = textIn(resource, "name") ?? url.split("/").at(-1) ?? url;
  const facts = { address: resource.address, type: resource.type, name };
  const sqs = context.aws.client(SQSClient);
  const found = await context.ask("sqs:GetQueueAttributes", `the queue ${name}`, (options) =>
    sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["CreatedTimestamp"] }), options),
  );
  if (found.kind !== "answer") {
    return found.kind === "missing" ? missing(facts) : unreadable(facts, found.why);
  }
  const sums = await context.metrics.sums(
    QUEUE_METRICS.map((metric) => ({ namespace: "AWS/SQS", name: metric, dimensions: { QueueName: name } })),
  );
  const created = Number(found.value.Attributes?.CreatedTimestamp);
  return {
    kind: "queue",
    ...facts,
    createdAt: Number.isFinite(created) ? created * 1000 : undefined,
    isFifo: name.endsWith(".fifo"),
    requests: total(sums),
  };
}

function total(sums: readonly Measured[]): Measured {
  let sum = 0;
  for (const each of sums) {
    if ("unknown" in each) {
      return each;
    }
    sum += each.value;
  }
  return { value: sum };
}
