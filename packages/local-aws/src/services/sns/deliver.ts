import { AwsError } from "../../core/aws-error.ts";
import type { FunctionInvoker, QueueSender } from "../../core/ports.ts";
import { attributesForFilter, bodyForFilter, compileFilterPolicy } from "./filter-policy.ts";
import type { DeliveryRecord, PublishedMessage, SnsState, Subscription } from "./sns-state.ts";
import { deadLetterTargetOf } from "./subscription-attributes.ts";
import { DEFAULT_DELIVERY_POLICY } from "./topic-attributes.ts";

/** How long an HTTP endpoint may take to answer, as on AWS. */
const HTTP_TIMEOUT_MS = 15_000;

/** Hosts that local AWS delivers to. Anything else is the world outside, which a rehearsal must not disturb. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|[^.]+(\.[^.]+)*\.localhost)$/i;

/** A message for one subscription, with the body that its protocol gets. */
export interface OutgoingMessage extends Omit<PublishedMessage, "deliveries"> {
  /** Bodies by protocol, for `MessageStructure: json`. */
  readonly bodies?: Readonly<Record<string, string>>;
}

/** What delivers to other services. Found late, since SNS is put together before them. */
export interface DeliveryTargets {
  readonly functions: () => FunctionInvoker | undefined;
  readonly queues: () => QueueSender | undefined;
}

/** Sends messages to subscriptions and records what became of them. */
export interface Deliver {
  /** Keeps a message and sends it to the topic's confirmed subscriptions, without waiting for them. */
  notification(message: OutgoingMessage): void;
  /** Asks an endpoint to confirm its subscription; the token is in the kept message. */
  confirmation(subscription: Subscription): void;
  /** Stops retries and records nothing more: the store is about to close. */
  close(): void;
}

/**
 * Makes the deliverer.
 *
 * HTTP is delivered for real to loopback addresses, Lambda and SQS through their services; e-mail and addresses elsewhere are
 * recorded as undeliverable. Messages carry no signature, since only AWS has the key that receivers would check it with.
 * Retries run on the clock and are not resumed after a restart. What could not be delivered goes to the subscription's dead-letter
 * queue, where it has one: after the last retry, or at once where a retry could change nothing.
 *
 * @param targets - what delivers to functions and to queues; `undefined` where nothing can
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
export function createDeliver(state: SnsState, targets: DeliveryTargets): Deliver {
  const { core } = state;
  let closed = false;

  function attempt(key: string, subscription: Subscription, message: OutgoingMessage, attemptsLeft: number): void {
    const record = (status: DeliveryRecord["status"], detail: string): void => {
      if (closed) {
        return;
      }
      const { arn: subscriptionArn, protocol, endpoint } = subscription;
      state.recordDelivery(key, { subscriptionArn, protocol, endpoint, status, detail });
    };
    const send = senderFor(subscription, message, targets);
    if (closed) {
      return;
    }
    if (typeof send === "string") {
      record("undeliverable", send);
      return;
    }
    send().then(
      (detail) => record("delivered", detail),
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        if (attemptsLeft <= 0 || isFinal(error)) {
          record("failed", closed ? reason : `${reason}${bury(subscription, message, targets)}`);
          return;
        }
        record("retrying", reason);
        const delayMs = retryPolicy(subscription).minDelayTarget * 1000;
        core.clock.schedule(core.clock.now() + delayMs, () => attempt(key, subscription, message, attemptsLeft - 1));
      },
    );
  }

  function send(message: OutgoingMessage, subscriptions: readonly Subscription[]): void {
    const { bodies: _, ...kept } = message;
    const key = state.keepMessage({ ...kept, deliveries: [] });
    for (const subscription of subscriptions) {
      if (message.kind === "Notification" && !passesFilter(subscription, message)) {
        const { arn: subscriptionArn, protocol, endpoint } = subscription;
        const detail = "The subscription's filter policy does not match.";
        state.recordDelivery(key, { subscriptionArn, protocol, endpoint, status: "filtered", detail });
      } else {
        attempt(key, subscription, message, retryPolicy(subscription).numRetries);
      }
    }
  }

  return {
    notification(message) {
      send(
        message,
        state.subscriptionsOf(message.topicArn).filter(({ confirmed }) => confirmed),
      );
    },
    confirmation(subscription) {
      const { topicArn, token } = subscription;
      const url = new URL("/", core.endpoint());
      url.search = new URLSearchParams({ Action: "ConfirmSubscription", TopicArn: topicArn, Token: token }).toString();
      const message = `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`;
      send(
        {
          messageId: crypto.randomUUID(),
          topicArn,
          kind: "SubscriptionConfirmation",
          message,
          attributes: {
            Token: { type: "String", value: token },
            SubscribeURL: { type: "String", value: url.href },
          },
          publishedAt: core.clock.now(),
        },
        [subscription],
      );
    },
    close() {
      closed = true;
    },
  };
}

/** The function that sends, or the reason why nothing can. */
function senderFor(
  subscription: Subscription,
  message: OutgoingMessage,
  targets: DeliveryTargets,
): (() => Promise<string>) | string {
  const { protocol, endpoint } = subscription;
  const functions = targets.functions();
  const queues = targets.queues();
  switch (protocol) {
    case "email":
    case "email-json":
      return "Local AWS sends no e-mail; the message is kept here.";
    case "sqs":
      return queues === undefined
        ? "Local AWS was put together without queues to deliver to."
        : async () => {
            enqueue(queues, endpoint, subscription, message);
            return "SQS has taken the message.";
          };
    case "lambda":
      return functions === undefined
        ? "Local AWS was put together without functions to deliver to."
        : () => invoke(functions, subscription, message);
    case "http":
    case "https":
      return LOOPBACK.test(new URL(endpoint).hostname)
        ? () => post(subscription, message)
        : "Local AWS delivers to loopback addresses only.";
  }
}

async function post(subscription: Subscription, message: OutgoingMessage): Promise<string> {
  const raw = isRaw(subscription, message);
  const answer = await fetch(subscription.endpoint, {
    method: "POST",
    headers: {
      "content-type": "text/plain; charset=UTF-8",
      "user-agent": "Amazon Simple Notification Service Agent",
      "x-amz-sns-message-type": message.kind,
      "x-amz-sns-message-id": message.messageId,
      "x-amz-sns-topic-arn": message.topicArn,
      ...(message.kind === "Notification" ? { "x-amz-sns-subscription-arn": subscription.arn } : {}),
      ...(raw ? { "x-amz-sns-rawdelivery": "true" } : {}),
    },
    body: raw ? bodyFor(subscription, message) : JSON.stringify(envelope(subscription, message)),
    redirect: "manual",
    signal: AbortSignal.timeout(HTTP_TIMEOUT_MS),
  });
  await answer.arrayBuffer();
  if (!answer.ok) {
    throw new Error(`The endpoint answered ${answer.status}.`);
  }
  return `The endpoint answered ${answer.status}.`;
}

async function invoke(
  functions: FunctionInvoker,
  subscription: Subscription,
  message: OutgoingMessage,
): Promise<string> {
  const record = {
    EventSource: "aws:sns",
    EventVersion: "1.0",
    EventSubscriptionArn: subscription.arn,
    Sns: envelope(subscription, message),
  };
  try {
    const { status } = await functions.invoke({
      functionName: subscription.endpoint,
      payload: new TextEncoder().encode(JSON.stringify({ Records: [record] })),
      invocationType: "Event",
      source: { service: "sns.amazonaws.com", arn: subscription.topicArn },
    });
    return `Lambda accepted the event (${status}).`;
  } catch (error) {
    throw error instanceof AwsError ? new Error(`${error.code}: ${error.message}`, { cause: error }) : error;
  }
}

/**
 * Sends a message to a queue, in the envelope or raw.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
 */
function enqueue(queues: QueueSender, queueArn: string, subscription: Subscription, message: OutgoingMessage): void {
  const raw = isRaw(subscription, message);
  const source = { service: "sns.amazonaws.com", arn: subscription.topicArn };
  try {
    queues.send(
      raw
        ? { queueArn, source, body: bodyFor(subscription, message), attributes: message.attributes }
        : { queueArn, source, body: JSON.stringify(envelope(subscription, message)) },
    );
  } catch (error) {
    throw error instanceof AwsError ? new Error(`${error.code}: ${error.message}`, { cause: error }) : error;
  }
}

function isRaw({ attributes }: Subscription, { kind }: OutgoingMessage): boolean {
  return attributes.RawMessageDelivery?.toLowerCase() === "true" && kind === "Notification";
}

/** Errors of the receiver that stay the same however often it is tried: what is not there, or must not be used. */
const FINAL_ERRORS = new Set([
  "QueueDoesNotExist",
  "KmsNotFound",
  "KmsAccessDenied",
  "InvalidParameterValue",
  "InvalidMessageContents",
  "ResourceNotFoundException",
  "AccessDenied",
  "AccessDeniedException",
]);

function isFinal(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof AwsError && FINAL_ERRORS.has(error.cause.code);
}

/** Puts what could not be delivered into the subscription's dead-letter queue, and says what came of it. */
function bury(subscription: Subscription, message: OutgoingMessage, targets: DeliveryTargets): string {
  const queueArn = deadLetterTargetOf(subscription.attributes);
  if (queueArn === undefined || message.kind !== "Notification") {
    return "";
  }
  const queues = targets.queues();
  if (queues === undefined) {
    return " It is lost: local AWS was put together without queues for dead letters.";
  }
  try {
    enqueue(queues, queueArn, subscription, message);
    return ` It went to the dead-letter queue ${queueArn}.`;
  } catch (error) {
    return ` It is lost: the dead-letter queue ${queueArn} did not take it (${error instanceof Error ? error.message : String(error)}).`;
  }
}

/** The JSON that SNS wraps messages in. */
function envelope(subscription: Subscription, message: OutgoingMessage): Record<string, unknown> {
  const attributes = Object.entries(message.attributes);
  const common = {
    Type: message.kind,
    MessageId: message.messageId,
    TopicArn: message.topicArn,
    ...(message.subject === undefined ? {} : { Subject: message.subject }),
    Message: bodyFor(subscription, message),
    Timestamp: new Date(message.publishedAt).toISOString(),
  };
  if (message.kind === "SubscriptionConfirmation") {
    return { ...common, ...Object.fromEntries(attributes.map(([name, { value }]) => [name, value])) };
  }
  return attributes.length === 0
    ? common
    : {
        ...common,
        MessageAttributes: Object.fromEntries(
          attributes.map(([name, { type, value }]) => [name, { Type: type, Value: value }]),
        ),
      };
}

function bodyFor({ protocol }: Subscription, { bodies, message }: OutgoingMessage): string {
  return bodies?.[protocol] ?? bodies?.default ?? message;
}

function passesFilter(subscription: Subscription, message: OutgoingMessage): boolean {
  const policy = subscription.attributes.FilterPolicy;
  if (policy === undefined) {
    return true;
  }
  const onBody = subscription.attributes.FilterPolicyScope === "MessageBody";
  const subject = onBody ? bodyForFilter(message.message) : attributesForFilter(message.attributes);
  return subject !== undefined && compileFilterPolicy(policy, onBody ? "MessageBody" : "MessageAttributes")(subject);
}

function retryPolicy(subscription: Subscription): { numRetries: number; minDelayTarget: number } {
  const standard = DEFAULT_DELIVERY_POLICY.http.defaultHealthyRetryPolicy;
  const own = subscription.attributes.DeliveryPolicy;
  const given =
    own === undefined
      ? {}
      : ((JSON.parse(own) as { healthyRetryPolicy?: Partial<typeof standard> }).healthyRetryPolicy ?? {});
  return {
    numRetries: given.numRetries ?? standard.numRetries,
    minDelayTarget: given.minDelayTarget ?? standard.minDelayTarget,
  };
}
