import { randomUUID } from "node:crypto";
import { AwsError } from "../../core/aws-error.ts";
import { type KeyUse, keyNeeds, serviceKeyNeeds } from "../../core/key-needs.ts";
import type { ActingAs } from "../../core/ports.ts";
import { requestFacts } from "../../core/request-facts.ts";
import type { RequestContext } from "../../core/service.ts";
import type { SnsState, Topic } from "./sns-state.ts";

/** What publishing does with a topic's key. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
const ACTIONS = ["kms:GenerateDataKey", "kms:Decrypt"];

/**
 * Checks that a caller may use the key that a topic is encrypted with.
 *
 * @throws AwsError `KMSAccessDeniedException`
 */
export function requireTopicKey(state: SnsState, topic: Topic, context: RequestContext): void {
  const use = useOf(state, topic);
  if (use === undefined) {
    return;
  }
  try {
    state.core.authorizer.require(
      context.principal,
      keyNeeds(state.keys(), "sns", use, context),
      requestFacts(context),
    );
  } catch (error) {
    if (error instanceof AwsError) {
      throw new AwsError(
        "KMSAccessDeniedException",
        `${error.message} (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: ${context.requestId}; Proxy: null)`,
        { cause: error },
      );
    }
    throw error;
  }
}

/**
 * Checks that a service may use the key that a topic is encrypted with. The answer of AWS names neither key nor reason; local AWS's
 * log does.
 *
 * @throws AwsError `KMSAccessDeniedException`
 */
export function requireTopicKeyFor(state: SnsState, topic: Topic, by: ActingAs): void {
  const use = useOf(state, topic);
  if (use === undefined) {
    return;
  }
  const { authorizer } = state.core;
  const refused =
    "roleArn" in by
      ? keyNeeds(state.keys(), "sns", use, state.core).find(
          (need) => !authorizer.decideForRole(by.roleArn, need).allowed,
        )
      : serviceKeyNeeds(state.keys(), use).find((need) => !authorizer.decideForService(by, need).allowed);
  if (refused === undefined) {
    return;
  }
  const who = "roleArn" in by ? by.roleArn : by.service;
  state.core.log(
    `sns: ${who} cannot publish to ${topic.arn}: nothing allows it ${refused.action} on the topic's key ${refused.resource}`,
  );
  throw new AwsError(
    "KMSAccessDeniedException",
    `null (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: ${randomUUID()}; Proxy: null)`,
  );
}

/** The use of a topic's key; none where the topic has no key, or one that is not there any more. */
function useOf(state: SnsState, { arn, attributes }: Topic): KeyUse | undefined {
  const key = attributes.KmsMasterKeyId;
  const keyArn = key === undefined ? undefined : state.keys()?.findKeyArn(key);
  return keyArn === undefined
    ? undefined
    : { keyArn, actions: ACTIONS, encryptionContext: { "aws:sns:topicArn": arn } };
}
