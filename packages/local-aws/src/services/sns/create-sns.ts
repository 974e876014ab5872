import type { Core } from "../../core/core.ts";
import type { FunctionInvoker, KeyDirectory, QueueSender, TagSource, TopicPublisher } from "../../core/ports.ts";
import { defineService, type Service } from "../../core/service.ts";
import { snsAccess } from "./access.ts";
import { createDeliver } from "./deliver.ts";
import { publishOperations } from "./publish-operations.ts";
import { openSnsState, type PublishedMessage, type Sns } from "./sns-state.ts";
import { subscriptionOperations } from "./subscription-operations.ts";
import { topicOperations } from "./topic-operations.ts";
import { createTopicPublisher } from "./topic-publisher.ts";

/** What SNS may ask of other services. */
export interface SnsDependencies {
  /** Finds the invoker when a Lambda subscription is to be served: late, since SNS is put together before Lambda. */
  readonly functions?: () => FunctionInvoker | undefined;
  /** Finds what sends to SQS subscriptions and dead-letter queues, as late. */
  readonly queues?: () => QueueSender | undefined;
  /** Finds the keys of topics; without it their use is not checked. */
  readonly keys?: () => KeyDirectory | undefined;
}

/** SNS with the ports that it implements. */
export interface SnsService {
  readonly service: Service;
  readonly topics: TopicPublisher;
  readonly tags: TagSource;
  /** The last 1,000 messages that topics sent (with the confirmations asked of endpoints), of one topic or all, oldest first. */
  messages(topicArn?: string): PublishedMessage[];
}

/**
 * Makes Amazon SNS: standard topics, subscriptions and publishing.
 *
 * FIFO topics, SMS, mobile push and Firehose are refused; e-mail is recorded as undeliverable.
 */
export function createSns(core: Core, dependencies: SnsDependencies = {}): SnsService {
  const state = openSnsState(core, dependencies.keys);
  const deliver = createDeliver(state, {
    functions: dependencies.functions ?? (() => undefined),
    queues: dependencies.queues ?? (() => undefined),
  });
  const service = defineService<Sns>({
    id: "sns",
    signingNames: ["sns"],
    load: () => import("@aws-sdk/client-sns"),
    client: "SNSClient",
    queryVersion: "2010-03-31",
    operations: {
      ...topicOperations(state),
      ...subscriptionOperations(state, deliver),
      ...publishOperations(state, deliver),
    },
    access: snsAccess(state),
    accessDenied: { code: "AuthorizationErrorException", status: 403 },
    close: async () => deliver.close(),
    inventory: () => [
      ...state.topics.values().map(({ name }) => `AWS::SNS::Topic ${name}`),
      ...state.subscriptions.values().map(({ arn }) => `AWS::SNS::Subscription ${arn}`),
    ],
  });
  return {
    service,
    topics: createTopicPublisher(state, deliver),
    tags: {
      taggedResources: () => state.topics.values().map(({ arn, tags }) => ({ arn, type: "sns", tags })),
    },
    messages: (topicArn) => state.messages(topicArn),
  };
}
