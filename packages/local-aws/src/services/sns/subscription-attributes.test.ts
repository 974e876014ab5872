import { describe, expect, test } from "vitest";
import type { SubscriptionProtocol } from "./sns-state.ts";
import { deadLetterTargetOf, validateEndpoint, validateSubscriptionAttributes } from "./subscription-attributes.ts";
import { storedAttributes, validateTopicAttribute } from "./topic-attributes.ts";

const QUEUE = "arn:aws:sqs:us-east-1:000000000000:orders";

describe("an endpoint", () => {
  test.each([
    ["email", "ann@example.com"],
    ["email-json", "ann@example.com"],
    ["https", "https://example.com/hook"],
    ["http", "http://127.0.0.1:8080"],
    ["sqs", QUEUE],
    ["lambda", "arn:aws:lambda:us-east-1:000000000000:function:api:live"],
  ])("by %s is taken: %s", (protocol, endpoint) => {
    expect(validateEndpoint(protocol, endpoint)).toBe(protocol);
  });

  test.each([
    ["email", "ann", "Invalid parameter: Email address"],
    ["https", "http://example.com", "Endpoint must match the specified protocol"],
    ["http", "http://", "Endpoint must match the specified protocol"],
    ["sqs", "orders", "SQS endpoint ARN"],
    ["lambda", "api", "Lambda endpoint ARN"],
    ["pigeon", "roof", "Does not support this protocol string: pigeon"],
    [undefined, "roof", "Does not support this protocol string: "],
    ["sms", "+491234567", "Local AWS cannot deliver SNS messages by sms."],
  ])("by %s is refused: %s", (protocol, endpoint, message) => {
    expect(() => validateEndpoint(protocol, endpoint)).toThrow(message);
  });
});

describe("a subscription's attributes", () => {
  test.each<[SubscriptionProtocol, Record<string, string>]>([
    ["sqs", { RawMessageDelivery: "TRUE", FilterPolicyScope: "MessageBody", FilterPolicy: '{"a":{"b":["c"]}}' }],
    ["email", { RawMessageDelivery: "false", DeliveryPolicy: "{}" }],
    ["lambda", { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: QUEUE }) }],
  ])("for %s are taken: %j", (protocol, attributes) => {
    expect(() => validateSubscriptionAttributes(protocol, attributes)).not.toThrow();
  });

  test.each<[SubscriptionProtocol, Record<string, string>, string]>([
    ["sqs", { FilterPolicyScope: "Everything" }, "FilterPolicyScope: Invalid value [Everything]"],
    ["sqs", { RawMessageDelivery: "yes" }, "RawMessageDelivery: Invalid value [yes]. Must be true or false."],
    ["email", { RawMessageDelivery: "true" }, "Delivery protocol [email] does not support raw message delivery."],
    ["https", { DeliveryPolicy: "[]" }, "DeliveryPolicy: failed to parse JSON."],
    ["sqs", { RedrivePolicy: "{}" }, "deadLetterTargetArn must be the ARN of a standard SQS queue"],
    ["sqs", { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${QUEUE}.fifo` }) }, "standard SQS queue"],
    ["sqs", { SubscriptionRoleArn: "x" }, "Local AWS does not support the subscription attribute SubscriptionRoleArn."],
    ["sqs", { Colour: "red" }, "Invalid parameter: AttributeName"],
  ])("for %s are refused: %j", (protocol, attributes, message) => {
    expect(() => validateSubscriptionAttributes(protocol, attributes)).toThrow(message);
  });

  test("name the queue for what could not be delivered", () => {
    expect(deadLetterTargetOf({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: QUEUE }) })).toBe(QUEUE);
    expect(deadLetterTargetOf({})).toBeUndefined();
  });
});

describe("a topic's attributes", () => {
  test.each([
    ["DisplayName", "News"],
    ["SignatureVersion", "2"],
    ["TracingConfig", "PassThrough"],
    ["DeliveryPolicy", "{}"],
    ["LambdaSuccessFeedbackSampleRate", "100"],
    // What says "off" asks for nothing.
    ["FifoTopic", "false"],
    ["ArchivePolicy", ""],
  ])("%s may be '%s'", (name, value) => {
    expect(() => validateTopicAttribute(name, value)).not.toThrow();
  });

  test.each([
    ["DisplayName", "x".repeat(101), "Invalid parameter: DisplayName"],
    ["SignatureVersion", "3", "Invalid parameter: SignatureVersion"],
    ["TracingConfig", "Active", "Local AWS has no X-Ray"],
    ["TracingConfig", "On", "Invalid parameter: TracingConfig"],
    ["DeliveryPolicy", "{", "DeliveryPolicy: failed to parse JSON."],
    ["Policy", "{", "Invalid parameter"],
    ["SQSSuccessFeedbackSampleRate", "101", "Invalid parameter: SQSSuccessFeedbackSampleRate"],
    ["FifoTopic", "true", "Local AWS has no FIFO topics: leave the topic attribute FifoTopic out."],
    ["HTTPFailureFeedbackRoleArn", "arn", "Local AWS has no delivery status logs"],
    ["Colour", "red", "Invalid parameter: AttributeName"],
    [undefined, "", "Invalid parameter: AttributeName"],
  ])("%s may not be '%s'", (name, value, message) => {
    expect(() => validateTopicAttribute(name, value)).toThrow(message);
  });

  test("are stored where they have a value and an effect", () => {
    expect(storedAttributes({ DisplayName: "News", KmsMasterKeyId: "", FifoTopic: "false" })).toEqual({
      DisplayName: "News",
    });
  });
});
