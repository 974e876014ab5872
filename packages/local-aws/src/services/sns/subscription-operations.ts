import { randomBytes, randomUUID } from "node:crypto";
import { AwsError } from "../../core/aws-error.ts";
import type { Operations } from "../../core/service.ts";
import type { Deliver } from "./deliver.ts";
import type { Sns, SnsState, Subscription } from "./sns-state.ts";
import { validateEndpoint, validateSubscriptionAttributes } from "./subscription-attributes.ts";
import { DEFAULT_DELIVERY_POLICY, invalidParameter } from "./topic-attributes.ts";
import { page, requireTopic } from "./topic-operations.ts";

/** How long SNS waits for a confirmation before it forgets the subscription. */
const CONFIRMATION_TIME_MS = 48 * 3600 * 1000;

/** Subscriptions: made, confirmed, described and ended. */
export function subscriptionOperations(state: SnsState, deliver: Deliver): Operations<Sns> {
  const { subscriptions, core } = state;
  return {
    Subscribe({ TopicArn, Protocol, Endpoint = "", Attributes = {}, ReturnSubscriptionArn }, { accountId }) {
      const topic = requireTopic(state, TopicArn);
      const protocol = validateEndpoint(Protocol, Endpoint);
      const attributes = withScope(withoutEmpty(Attributes));
      validateSubscriptionAttributes(protocol, attributes);
      dropUnconfirmed(state);
      const existing = state
        .subscriptionsOf(topic.arn)
        .find((known) => known.protocol === protocol && known.endpoint === Endpoint);
      if (existing !== undefined) {
        if (existing.confirmed && !sameAttributes(existing.attributes, attributes)) {
          throw invalidParameter("Attributes Reason: Subscription already exists with different attributes");
        }
        return { SubscriptionArn: existing.confirmed || ReturnSubscriptionArn ? existing.arn : "pending confirmation" };
      }
      // Endpoints in the caller's own account need no confirmation.
      const confirmed = (protocol === "sqs" || protocol === "lambda") && Endpoint.split(":")[4] === accountId;
      const subscription: Subscription = {
        arn: `${topic.arn}:${randomUUID()}`,
        topicArn: topic.arn,
        protocol,
        endpoint: Endpoint,
        attributes,
        confirmed,
        authenticated: confirmed,
        token: randomBytes(32).toString("hex"),
        createdAt: core.clock.now(),
      };
      subscriptions.put(subscription.arn, subscription);
      if (!confirmed) {
        deliver.confirmation(subscription);
      }
      return { SubscriptionArn: confirmed || ReturnSubscriptionArn ? subscription.arn : "pending confirmation" };
    },

    ConfirmSubscription({ TopicArn, Token, AuthenticateOnUnsubscribe }, { principal }) {
      const topic = requireTopic(state, TopicArn);
      const found = state.subscriptionsOf(topic.arn).find(({ token }) => token === Token);
      if (found === undefined || isLapsed(found, core.clock.now())) {
        throw invalidParameter("Token");
      }
      const authenticated = AuthenticateOnUnsubscribe === "true" || principal.type !== "anonymous";
      subscriptions.put(found.arn, { ...found, confirmed: true, authenticated });
      return { SubscriptionArn: found.arn };
    },

    Unsubscribe({ SubscriptionArn }) {
      const subscription = requireSubscription(state, SubscriptionArn, { missingIsGone: true });
      if (subscription === undefined) {
        return {};
      }
      if (!subscription.confirmed) {
        throw invalidParameter(
          "SubscriptionArn Reason: Cannot unsubscribe a subscription that is pending confirmation",
        );
      }
      core.store.transaction(() => {
        subscriptions.delete(subscription.arn);
        const topic = state.topics.get(subscription.topicArn);
        if (topic !== undefined) {
          state.topics.put(topic.arn, { ...topic, deletedSubscriptions: topic.deletedSubscriptions + 1 });
        }
      });
      return {};
    },

    GetSubscriptionAttributes({ SubscriptionArn }, { accountId }) {
      dropUnconfirmed(state);
      const subscription = requireSubscription(state, SubscriptionArn);
      const web = subscription.protocol === "http" || subscription.protocol === "https";
      return {
        Attributes: {
          RawMessageDelivery: "false",
          ...(web ? { EffectiveDeliveryPolicy: effectivePolicy(subscription) } : {}),
          ...subscription.attributes,
          SubscriptionArn: subscription.arn,
          TopicArn: subscription.topicArn,
          Owner: accountId,
          Protocol: subscription.protocol,
          Endpoint: subscription.endpoint,
          PendingConfirmation: String(!subscription.confirmed),
          ConfirmationWasAuthenticated: String(subscription.authenticated),
          SubscriptionPrincipal: `arn:aws:iam::${accountId}:root`,
        },
      };
    },

    SetSubscriptionAttributes({ SubscriptionArn, AttributeName = "", AttributeValue = "" }) {
      const subscription = requireSubscription(state, SubscriptionArn);
      // `{}` and an empty value both take a filter policy away, and with it its scope.
      const removed = AttributeValue === "" || (AttributeName === "FilterPolicy" && AttributeValue.trim() === "{}");
      const attributes: Record<string, string> = { ...subscription.attributes, [AttributeName]: AttributeValue };
      if (removed) {
        delete attributes[AttributeName];
        if (AttributeName === "FilterPolicy") {
          delete attributes.FilterPolicyScope;
        }
      }
      validateSubscriptionAttributes(subscription.protocol, attributes);
      subscriptions.put(subscription.arn, { ...subscription, attributes: withScope(attributes) });
      return {};
    },

    ListSubscriptions({ NextToken }, { accountId }) {
      dropUnconfirmed(state);
      const { items, next } = page(subscriptions.values(), NextToken);
      return { Subscriptions: items.map((each) => describe(each, accountId)), NextToken: next };
    },

    ListSubscriptionsByTopic({ TopicArn, NextToken }, { accountId }) {
      dropUnconfirmed(state);
      const { items, next } = page(state.subscriptionsOf(requireTopic(state, TopicArn).arn), NextToken);
      return { Subscriptions: items.map((each) => describe(each, accountId)), NextToken: next };
    },
  };
}

function describe(subscription: Subscription, accountId: string) {
  return {
    SubscriptionArn: subscription.confirmed ? subscription.arn : "PendingConfirmation",
    Owner: accountId,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    TopicArn: subscription.topicArn,
  };
}

function requireSubscription(state: SnsState, arn: string | undefined): Subscription;
function requireSubscription(
  state: SnsState,
  arn: string | undefined,
  options: { missingIsGone: true },
): Subscription | undefined;
function requireSubscription(
  state: SnsState,
  arn: string | undefined,
  options?: { missingIsGone: true },
): Subscription | undefined {
  if (arn === undefined || !/^arn:aws:sns:[^:]*:[^:]*:[^:]+:[^:]+$/.test(arn)) {
    throw invalidParameter(`SubscriptionArn Reason: An ARN must have at least 6 elements`);
  }
  const subscription = state.subscriptions.get(arn);
  if (subscription === undefined && options === undefined) {
    throw new AwsError("NotFoundException", "Subscription does not exist");
  }
  return subscription;
}

/** Forgets subscriptions that nobody confirmed in time. */
function dropUnconfirmed(state: SnsState): void {
  const now = state.core.clock.now();
  for (const subscription of state.subscriptions.values()) {
    if (isLapsed(subscription, now)) {
      state.subscriptions.delete(subscription.arn);
    }
  }
}

function isLapsed(subscription: Subscription, now: number): boolean {
  return !subscription.confirmed && subscription.createdAt + CONFIRMATION_TIME_MS < now;
}

function effectivePolicy(subscription: Subscription): string {
  const own = subscription.attributes.DeliveryPolicy;
  return own ?? JSON.stringify({ healthyRetryPolicy: DEFAULT_DELIVERY_POLICY.http.defaultHealthyRetryPolicy });
}

/** A filter policy without a scope looks at message attributes; AWS shows that scope from then on. */
function withScope(attributes: Record<string, string>): Record<string, string> {
  return "FilterPolicy" in attributes && !("FilterPolicyScope" in attributes)
    ? { ...attributes, FilterPolicyScope: "MessageAttributes" }
    : attributes;
}

function withoutEmpty(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ""));
}

function sameAttributes(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  return Object.entries(right).every(([name, value]) => left[name] === value);
}
