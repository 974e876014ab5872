import { AwsError } from "../../core/aws-error.ts";
import type { Operations } from "../../core/service.ts";
import type { Sns, SnsState, Topic } from "./sns-state.ts";
import {
  DEFAULT_DELIVERY_POLICY,
  invalidParameter,
  storedAttributes,
  validateTopicAttribute,
} from "./topic-attributes.ts";
import { defaultTopicPolicy } from "./topic-policy.ts";

/** Page size of `ListTopics` and of the subscription lists. */
const PAGE_SIZE = 100;
/** Tags a topic can have. */
const MAX_TAGS = 50;

/** Finds a topic or throws as SNS does. */
export function requireTopic(state: SnsState, arn: string | undefined): Topic {
  if (arn === undefined || !/^arn:aws:sns:[^:]*:[^:]*:[^:]+$/.test(arn)) {
    throw invalidParameter(
      `TopicArn Reason: An ARN must have at least 6 elements, not ${(arn ?? "").split(":").length}`,
    );
  }
  const topic = state.topics.get(arn);
  if (topic === undefined) {
    throw new AwsError("NotFoundException", "Topic does not exist");
  }
  return topic;
}

/** One page of a list, with SNS's opaque token. */
export function page<T>(all: readonly T[], token: string | undefined): { items: T[]; next: string | undefined } {
  const start = token === undefined || token === "" ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(start) || start < 0) {
    throw invalidParameter("NextToken Reason: Invalid token");
  }
  const end = start + PAGE_SIZE;
  return {
    items: all.slice(start, end),
    next: end < all.length ? Buffer.from(String(end)).toString("base64url") : undefined,
  };
}

/** Topics, their attributes and their tags. */
export function topicOperations(state: SnsState): Operations<Sns> {
  const { topics } = state;
  return {
    CreateTopic({ Name: name = "", Attributes = {}, Tags = [], DataProtectionPolicy }, { region, accountId }) {
      if (name.endsWith(".fifo") || Attributes.FifoTopic === "true") {
        throw new AwsError("NotImplemented", "Local AWS has no FIFO topics: create a standard topic.");
      }
      if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) {
        throw invalidParameter("Topic Name");
      }
      const attributes = DataProtectionPolicy ? { ...Attributes, DataProtectionPolicy } : Attributes;
      for (const [key, value] of Object.entries(attributes)) {
        validateTopicAttribute(key, value);
      }
      const wanted = storedAttributes(attributes);
      const tags = tagRecord(Tags);
      const arn = `arn:aws:sns:${region}:${accountId}:${name}`;
      const existing = topics.get(arn);
      if (existing !== undefined) {
        checkSame(existing, wanted, tags);
        return { TopicArn: arn };
      }
      topics.put(arn, { arn, name, attributes: wanted, tags, deletedSubscriptions: 0 });
      return { TopicArn: arn };
    },

    DeleteTopic({ TopicArn }) {
      // Idempotent on AWS: deleting a topic that is not there succeeds.
      const arn = TopicArn ?? "";
      state.core.store.transaction(() => {
        for (const subscription of state.subscriptionsOf(arn)) {
          state.subscriptions.delete(subscription.arn);
        }
        topics.delete(arn);
      });
      return {};
    },

    ListTopics({ NextToken }) {
      const { items, next } = page(topics.values(), NextToken);
      return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken: next };
    },

    GetTopicAttributes({ TopicArn }, { accountId }) {
      const topic = requireTopic(state, TopicArn);
      return { Attributes: describeAttributes(state, topic, accountId) };
    },

    SetTopicAttributes({ TopicArn, AttributeName, AttributeValue }) {
      const topic = requireTopic(state, TopicArn);
      const value = AttributeValue ?? "";
      validateTopicAttribute(AttributeName, value);
      topics.put(topic.arn, {
        ...topic,
        attributes: storedAttributes({ ...topic.attributes, [AttributeName ?? ""]: value }),
      });
      return {};
    },

    TagResource({ ResourceArn, Tags = [] }) {
      const topic = requireTaggable(state, ResourceArn);
      const tags = { ...topic.tags, ...tagRecord(Tags) };
      if (Object.keys(tags).length > MAX_TAGS) {
        throw new AwsError(
          "TagLimitExceededException",
          "Could not complete request: tag quota of per resource exceeded",
        );
      }
      topics.put(topic.arn, { ...topic, tags });
      return {};
    },

    UntagResource({ ResourceArn, TagKeys = [] }) {
      const topic = requireTaggable(state, ResourceArn);
      const tags = Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !TagKeys.includes(key)));
      topics.put(topic.arn, { ...topic, tags });
      return {};
    },

    ListTagsForResource({ ResourceArn }) {
      const { tags } = requireTaggable(state, ResourceArn);
      return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}

function describeAttributes(state: SnsState, topic: Topic, accountId: string): Record<string, string> {
  const subscriptions = state.subscriptionsOf(topic.arn);
  const confirmed = subscriptions.filter((subscription) => subscription.confirmed).length;
  return {
    Policy: defaultTopicPolicy(topic.arn, accountId),
    DisplayName: "",
    EffectiveDeliveryPolicy: topic.attributes.DeliveryPolicy ?? JSON.stringify(DEFAULT_DELIVERY_POLICY),
    ...topic.attributes,
    Owner: accountId,
    TopicArn: topic.arn,
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(subscriptions.length - confirmed),
    SubscriptionsDeleted: String(topic.deletedSubscriptions),
  };
}

function checkSame(existing: Topic, attributes: Record<string, string>, tags: Record<string, string>): void {
  if (Object.entries(attributes).some(([key, value]) => existing.attributes[key] !== value)) {
    throw invalidParameter("Attributes Reason: Topic already exists with different attributes");
  }
  const known = Object.entries(existing.tags);
  if (known.length !== Object.keys(tags).length || known.some(([key, value]) => tags[key] !== value)) {
    throw invalidParameter("Tags Reason: Topic already exists with different tags");
  }
}

function requireTaggable(state: SnsState, arn: string | undefined): Topic {
  const topic = state.topics.get(arn ?? "");
  if (topic === undefined) {
    throw new AwsError("ResourceNotFoundException", "Resource does not exist");
  }
  return topic;
}

function tagRecord(tags: readonly { Key?: string; Value?: string }[]): Record<string, string> {
  const record: Record<string, string> = {};
  for (const { Key: key = "", Value: value = "" } of tags) {
    if (key === "" || key.length > 128 || value.length > 256 || /^aws:/i.test(key)) {
      throw invalidParameter(`Tags Reason: Invalid tag key or value: ${key}`);
    }
    record[key] = value;
  }
  return record;
}
