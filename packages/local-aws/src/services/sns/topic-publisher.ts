import { randomUUID } from "node:crypto";
import type { AccessNeed } from "../../core/access.ts";
import { AwsError } from "../../core/aws-error.ts";
import type { ActingAs, TopicPublisher } from "../../core/ports.ts";
import type { Deliver } from "./deliver.ts";
import type { SnsState, Topic } from "./sns-state.ts";
import { requireTopicKeyFor } from "./topic-key.ts";
import { topicPolicy } from "./topic-policy.ts";

/** What CloudWatch's subjects are cut to: SNS takes no longer ones. */
const LONGEST_SUBJECT = 100;

/** Publishes for other services of local AWS, by the topic's policy and its key's. */
export function createTopicPublisher(state: SnsState, deliver: Deliver): TopicPublisher {
  return {
    publish(topicArn, subject, message, by) {
      const topic = state.topics.get(topicArn);
      if (topic === undefined) {
        throw new AwsError("NotFoundException", "Topic does not exist");
      }
      if (by !== undefined) {
        requirePublish(state, topic, by);
        requireTopicKeyFor(state, topic, by);
      }
      deliver.notification({
        messageId: randomUUID(),
        topicArn,
        kind: "Notification",
        ...(subject === "" ? {} : { subject: subject.slice(0, LONGEST_SUBJECT) }),
        message,
        attributes: {},
        publishedAt: state.core.clock.now(),
      });
    },
  };
}

function requirePublish({ core }: SnsState, topic: Topic, by: ActingAs): void {
  const need: AccessNeed = {
    action: "SNS:Publish",
    resource: topic.arn,
    resourcePolicy: topicPolicy(topic, core.accountId),
  };
  const decision =
    "roleArn" in by ? core.authorizer.decideForRole(by.roleArn, need) : core.authorizer.decideForService(by, need);
  if (!decision.allowed) {
    const who = "roleArn" in by ? `User: ${by.roleArn}` : `Resource: ${by.sourceArn ?? by.service}`;
    throw new AwsError(
      "AuthorizationErrorException",
      `${who} is not authorized to perform: ${need.action} on resource: ${topic.arn}`,
    );
  }
}
