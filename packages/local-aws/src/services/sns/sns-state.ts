import type { Core } from "../../core/core.ts";
import type { KeyDirectory } from "../../core/ports.ts";
import type { Collection } from "../../store/store.ts";

/** The SDK module that types this service's operations. */
export type Sns = typeof import("@aws-sdk/client-sns");

/** A topic as it is stored; keyed by its ARN. */
export interface Topic {
  readonly arn: string;
  readonly name: string;
  /** Attributes as they were set, without the derived ones (counts, ARN, owner). */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Subscriptions that were confirmed once and are gone now, for `SubscriptionsDeleted`. */
  readonly deletedSubscriptions: number;
}

/** Protocols that local AWS knows what to do with. */
export type SubscriptionProtocol = "email" | "email-json" | "http" | "https" | "sqs" | "lambda";

/** A subscription as it is stored; keyed by its ARN, which starts with the topic's. */
export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: SubscriptionProtocol;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly confirmed: boolean;
  readonly authenticated: boolean;
  /** What `ConfirmSubscription` must bring. */
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** An attribute of a published message. */
export interface MessageAttribute {
  readonly type: string;
  /** A string, or the base64 of binary data. */
  readonly value: string;
}

/** What became of a message for one subscription. */
export interface DeliveryRecord {
  readonly subscriptionArn: string;
  readonly protocol: SubscriptionProtocol;
  readonly endpoint: string;
  readonly status: "delivered" | "retrying" | "failed" | "filtered" | "undeliverable";
  /** Why, for people. */
  readonly detail: string;
}

/** A message that a topic sent, kept so that tests and people can look at it. */
export interface PublishedMessage {
  readonly messageId: string;
  readonly topicArn: string;
  readonly kind: "Notification" | "SubscriptionConfirmation";
  readonly subject?: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** Milliseconds since the epoch. */
  readonly publishedAt: number;
  readonly deliveries: readonly DeliveryRecord[];
}

/** How many messages are kept, over all topics. */
export const KEPT_MESSAGES = 1000;

/** Everything that SNS stores. */
export interface SnsState {
  readonly core: Core;
  /** Finds the keys of topics, where local AWS has them. */
  readonly keys: () => KeyDirectory | undefined;
  readonly topics: Collection<Topic>;
  readonly subscriptions: Collection<Subscription>;
  /** Keeps a message (dropping the oldest beyond {@link KEPT_MESSAGES}) and returns its key. */
  keepMessage(message: PublishedMessage): string;
  /** Records what became of a kept message for one subscription. */
  recordDelivery(key: string, delivery: DeliveryRecord): void;
  /** The kept messages of one topic, or of all, oldest first. */
  messages(topicArn?: string): PublishedMessage[];
  subscriptionsOf(topicArn: string): Subscription[];
}

/** Opens SNS's collections in the store. */
export function openSnsState(core: Core, keys: SnsState["keys"] = () => undefined): SnsState {
  const topics = core.store.collection<Topic>("sns/topics");
  const subscriptions = core.store.collection<Subscription>("sns/subscriptions");
  const messages = core.store.collection<PublishedMessage>("sns/messages");
  let kept: string[] | undefined;

  function keepMessage(message: PublishedMessage): string {
    kept ??= messages.entries().map(([key]) => key);
    const last = kept.at(-1);
    const key = String(last === undefined ? 0 : Number(last) + 1).padStart(16, "0");
    const dropped = kept.length >= KEPT_MESSAGES ? kept.shift() : undefined;
    kept.push(key);
    core.store.transaction(() => {
      messages.put(key, message);
      if (dropped !== undefined) {
        messages.delete(dropped);
      }
    });
    return key;
  }

  function recordDelivery(key: string, delivery: DeliveryRecord): void {
    const message = messages.get(key);
    if (message === undefined) {
      return;
    }
    const others = message.deliveries.filter((known) => known.subscriptionArn !== delivery.subscriptionArn);
    messages.put(key, { ...message, deliveries: [...others, delivery] });
  }

  return {
    core,
    keys,
    topics,
    subscriptions,
    keepMessage,
    recordDelivery,
    messages: (topicArn) =>
      messages.values().filter((message) => topicArn === undefined || message.topicArn === topicArn),
    subscriptionsOf: (topicArn) => subscriptions.values(`${topicArn}:`),
  };
}
