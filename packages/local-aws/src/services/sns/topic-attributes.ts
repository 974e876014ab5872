import { AwsError } from "../../core/aws-error.ts";
import { validatePolicyDocument } from "./topic-policy.ts";

/** Attributes that `SetTopicAttributes` takes and that have their effect here. */
const SUPPORTED = new Set([
  "DisplayName",
  "Policy",
  "DeliveryPolicy",
  "KmsMasterKeyId",
  "SignatureVersion",
  "TracingConfig",
]);

/** How many deliveries to log. Without a role to log them with, which is refused, it has no effect on AWS either. */
const SAMPLE_RATE = /^(HTTP|Firehose|Lambda|Application|SQS)SuccessFeedbackSampleRate$/;

/** Attributes of AWS whose effect local AWS does not have, with what that effect is. */
const UNSUPPORTED: readonly (readonly [RegExp, string])[] = [
  [/^(FifoTopic|ContentBasedDeduplication|FifoThroughputScope)$/, "FIFO topics"],
  [/^(ArchivePolicy)$/, "message archives"],
  [/^(HTTP|Firehose|Lambda|Application|SQS)(Success|Failure)FeedbackRoleArn$/, "delivery status logs"],
  [/^DataProtectionPolicy$/, "data protection policies"],
];

/**
 * Checks one attribute of a topic.
 *
 * @throws AwsError `InvalidParameterException` for a name or value that SNS does not take; `NotImplemented` for one that local
 * AWS cannot honour
 * @see https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
 */
export function validateTopicAttribute(name: string | undefined, value: string): void {
  const attribute = name ?? "";
  if (SAMPLE_RATE.test(attribute)) {
    if (!/^(\d{1,2}|100)$/.test(value)) {
      throw invalidParameter(attribute);
    }
    return;
  }
  if (!SUPPORTED.has(attribute)) {
    refuseUnsupported(attribute, value);
    return;
  }
  if (attribute === "Policy") {
    validatePolicyDocument(value);
  }
  if (attribute === "DeliveryPolicy" && value !== "") {
    parseJsonObject(value, "DeliveryPolicy");
  }
  if (attribute === "DisplayName" && value.length > 100) {
    throw invalidParameter("DisplayName");
  }
  if (attribute === "SignatureVersion" && value !== "1" && value !== "2") {
    throw invalidParameter("SignatureVersion");
  }
  if (attribute === "TracingConfig" && value !== "PassThrough" && value !== "") {
    if (value === "Active") {
      throw new AwsError("NotImplemented", "Local AWS has no X-Ray: TracingConfig can only be PassThrough.");
    }
    throw invalidParameter("TracingConfig");
  }
}

/** What is worth storing of the attributes that a caller gave: an empty value takes an attribute away. */
export function storedAttributes(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const kept = (name: string): boolean => SUPPORTED.has(name) || SAMPLE_RATE.test(name);
  return Object.fromEntries(Object.entries(attributes).filter(([name, value]) => kept(name) && value !== ""));
}

function refuseUnsupported(attribute: string, value: string): void {
  const unsupported = UNSUPPORTED.find(([pattern]) => pattern.test(attribute));
  if (unsupported === undefined) {
    throw invalidParameter("AttributeName");
  }
  // What says "off" asks for nothing.
  if (value !== "" && value !== "false") {
    throw new AwsError(
      "NotImplemented",
      `Local AWS has no ${unsupported[1]}: leave the topic attribute ${attribute} out.`,
    );
  }
}

/** Parses a JSON object or throws SNS's `InvalidParameterException` naming the parameter. */
export function parseJsonObject(text: string, parameter: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Falls through to the error that SNS gives for both.
  }
  throw new AwsError("InvalidParameterException", `Invalid parameter: ${parameter}: failed to parse JSON.`);
}

/** SNS's way of refusing a parameter. */
export function invalidParameter(detail: string): AwsError {
  return new AwsError("InvalidParameterException", `Invalid parameter: ${detail}`);
}

/** What a topic does when nobody set a delivery policy: `EffectiveDeliveryPolicy` as AWS shows it. */
export const DEFAULT_DELIVERY_POLICY = {
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20,
      maxDelayTarget: 20,
      numRetries: 3,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: "linear",
    },
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: "text/plain; charset=UTF-8" },
  },
};
