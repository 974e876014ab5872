import { AwsError } from "../../core/aws-error.ts";
import { compileFilterPolicy } from "./filter-policy.ts";
import type { SubscriptionProtocol } from "./sns-state.ts";
import { invalidParameter, parseJsonObject } from "./topic-attributes.ts";

/** Protocols of AWS that local AWS has nothing to deliver with. */
const FOREIGN_PROTOCOLS = new Set(["sms", "application", "firehose"]);
const PROTOCOLS: readonly SubscriptionProtocol[] = ["email", "email-json", "http", "https", "sqs", "lambda"];

/**
 * Checks a subscription's protocol and endpoint.
 *
 * @throws AwsError `InvalidParameterException` as SNS does, or `NotImplemented` for a protocol that local AWS does not have
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
 */
export function validateEndpoint(protocol: string | undefined, endpoint: string): SubscriptionProtocol {
  const known = PROTOCOLS.find((candidate) => candidate === protocol);
  if (known === undefined) {
    if (FOREIGN_PROTOCOLS.has(protocol ?? "")) {
      throw new AwsError("NotImplemented", `Local AWS cannot deliver SNS messages by ${protocol}.`);
    }
    throw invalidParameter(`Does not support this protocol string: ${protocol ?? ""}`);
  }
  switch (known) {
    case "email":
    case "email-json":
      if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(endpoint)) {
        throw invalidParameter("Email address");
      }
      return known;
    case "http":
    case "https":
      if (!endpoint.startsWith(`${known}://`) || !URL.canParse(endpoint)) {
        throw invalidParameter("Endpoint must match the specified protocol");
      }
      return known;
    case "sqs":
      if (!/^arn:aws:sqs:[^:]+:\d{12}:[^:]+$/.test(endpoint)) {
        throw invalidParameter("SQS endpoint ARN");
      }
      return known;
    case "lambda":
      if (!/^arn:aws:lambda:[^:]+:\d{12}:function:[^:]+(:[^:]+)?$/.test(endpoint)) {
        throw invalidParameter("Lambda endpoint ARN");
      }
      return known;
  }
}

/**
 * Checks the attributes of a subscription together, since the scope of a filter policy decides what it may hold.
 *
 * @throws AwsError `InvalidParameterException`, or `NotImplemented` for attributes whose effect local AWS does not have
 * @see https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html
 */
export function validateSubscriptionAttributes(
  protocol: SubscriptionProtocol,
  attributes: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    validateAttribute(protocol, name, value);
  }
  const scope = attributes.FilterPolicyScope;
  const policy = attributes.FilterPolicy;
  if (policy !== undefined) {
    compileFilterPolicy(policy, scope === "MessageBody" ? "MessageBody" : "MessageAttributes");
  }
}

function validateAttribute(protocol: SubscriptionProtocol, name: string, value: string): void {
  switch (name) {
    case "FilterPolicy":
      return;
    case "FilterPolicyScope":
      if (value !== "MessageAttributes" && value !== "MessageBody") {
        throw invalidParameter(
          `FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
        );
      }
      return;
    case "RawMessageDelivery":
      if (!/^(true|false)$/i.test(value)) {
        throw invalidParameter(
          `Attributes Reason: RawMessageDelivery: Invalid value [${value}]. Must be true or false.`,
        );
      }
      if (/^true$/i.test(value) && !["http", "https", "sqs"].includes(protocol)) {
        throw invalidParameter(
          `Attributes Reason: RawMessageDelivery: Delivery protocol [${protocol}] does not support raw message delivery.`,
        );
      }
      return;
    case "DeliveryPolicy":
      parseJsonObject(value, "DeliveryPolicy");
      return;
    case "RedrivePolicy":
      validateRedrivePolicy(value);
      return;
    case "SubscriptionRoleArn":
    case "ReplayPolicy":
      throw new AwsError("NotImplemented", `Local AWS does not support the subscription attribute ${name}.`);
    default:
      throw invalidParameter("AttributeName");
  }
}

const QUEUE_ARN = /^arn:aws:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}$/;

function validateRedrivePolicy(value: string): void {
  const { deadLetterTargetArn } = parseJsonObject(value, "RedrivePolicy");
  if (typeof deadLetterTargetArn !== "string" || !QUEUE_ARN.test(deadLetterTargetArn)) {
    throw invalidParameter("RedrivePolicy: deadLetterTargetArn must be the ARN of a standard SQS queue");
  }
}

/** The queue that takes what a subscription could not be given, by its `RedrivePolicy`. */
export function deadLetterTargetOf(attributes: Readonly<Record<string, string>>): string | undefined {
  return attributes.RedrivePolicy === undefined
    ? undefined
    : String(parseJsonObject(attributes.RedrivePolicy, "RedrivePolicy").deadLetterTargetArn);
}
