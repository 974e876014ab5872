import { ListTagsForResourceCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import type { ResourceScanner } from "@slipway/release-engine";
import { type ScanContext, tagRecord } from "../scan-context.ts";

/** Topics; their subscriptions are parts of them. */
export function snsTopics(context: ScanContext): ResourceScanner {
  const sns = context.client(SNSClient);
  return {
    type: "sns-topic",
    async list(page) {
      const { Topics = [], NextToken } = await context.call("sns:ListTopics", "the topics", (options) =>
        sns.send(new ListTopicsCommand({ NextToken: page }), options),
      );
      return {
        items: Topics.map(({ TopicArn: arn = "" }) => ({
          ...{ type: "sns-topic", id: arn, arn, name: arn.split(":").at(-1) ?? arn },
        })),
        next: NextToken,
      };
    },
    async describe(resource) {
      const answer = await context.callFor(
        "sns:ListTagsForResource",
        `the topic ${resource.name}`,
        ["ResourceNotFoundException", "NotFoundException"],
        (options) => sns.send(new ListTagsForResourceCommand({ ResourceArn: resource.arn }), options),
      );
      return answer && { ...resource, tags: tagRecord(answer.Tags) };
    },
  };
}
