import { GetQueueAttributesCommand, ListQueuesCommand, ListQueueTagsCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { ResourceScanner } from "@slipway/release-engine";
import type { ScanContext } from "../scan-context.ts";

const gone = ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"];
const pageSize = 1000;

/** Queues. */
export function sqsQueues(context: ScanContext): ResourceScanner {
  const sqs = context.client(SQSClient);
  return {
    type: "sqs-queue",
    async list(page) {
      const { QueueUrls = [], NextToken } = await context.call("sqs:ListQueues", "the queues", (options) =>
        // Without MaxResults SQS gives a thousand at most, and no token for the rest.
        sqs.send(new ListQueuesCommand({ NextToken: page, MaxResults: pageSize }), options),
      );
      return {
        items: QueueUrls.map((url) => {
          const name = url.split("/").at(-1) ?? url;
          return { type: "sqs-queue", id: url, name, arn: context.arn("sqs", name) };
        }),
        next: NextToken,
      };
    },
    async describe(resource) {
      const input = { QueueUrl: resource.id };
      const subject = `the queue ${resource.name}`;
      const [attributes, tags] = await Promise.all([
        context.callFor("sqs:GetQueueAttributes", subject, gone, (options) =>
          sqs.send(
            new GetQueueAttributesCommand({
              ...input,
              AttributeNames: ["CreatedTimestamp", "ApproximateNumberOfMessages"],
            }),
            options,
          ),
        ),
        context.callFor("sqs:ListQueueTags", subject, gone, (options) =>
          sqs.send(new ListQueueTagsCommand(input), options),
        ),
      ]);
      if (attributes === undefined || tags === undefined) {
        return undefined;
      }
      const { CreatedTimestamp, ApproximateNumberOfMessages } = attributes.Attributes ?? {};
      return {
        ...resource,
        tags: tags.Tags ?? {},
        createdAt: CreatedTimestamp === undefined ? undefined : Number(CreatedTimestamp) * 1000,
        facts: { count: Number(ApproximateNumberOfMessages ?? 0) },
      };
    },
  };
}
