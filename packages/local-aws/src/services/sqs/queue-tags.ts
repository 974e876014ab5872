import type { Operations } from "../../core/service.ts";
import { invalidValue, missingParameter } from "./sqs-errors.ts";
import { requireQueue, type Sqs, type SqsState } from "./sqs-state.ts";

const MOST_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;

/**
 * Checks the tags that a queue is to have.
 *
 * @throws AwsError `InvalidParameterValue`
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html
 */
export function checkTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (Object.keys(tags).length > MOST_TAGS) {
    throw invalidValue(`Too many tags added for queue: a queue can have ${MOST_TAGS}.`);
  }
  for (const [key, value] of Object.entries(tags)) {
    if (key === "" || key.length > LONGEST_KEY || /^aws:/i.test(key)) {
      throw invalidValue(
        `The tag key '${key}' must be 1 to ${LONGEST_KEY} characters long and must not start with aws:.`,
      );
    }
    if (value.length > LONGEST_VALUE) {
      throw invalidValue(`The value of the tag '${key}' must be at most ${LONGEST_VALUE} characters long.`);
    }
  }
  return tags;
}

/** Tags of queues. */
export function tagOperations(state: SqsState): Operations<Sqs> {
  const { queues } = state;
  return {
    TagQueue({ QueueUrl, Tags }, context) {
      const queue = requireQueue(state, QueueUrl, context);
      if (Tags === undefined) {
        throw missingParameter("Tags");
      }
      queues.put(queue.name, { ...queue, tags: checkTags({ ...queue.tags, ...Tags }) });
      return {};
    },

    UntagQueue({ QueueUrl, TagKeys }, context) {
      const queue = requireQueue(state, QueueUrl, context);
      if (TagKeys === undefined) {
        throw missingParameter("TagKeys");
      }
      const tags = Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !TagKeys.includes(key)));
      queues.put(queue.name, { ...queue, tags });
      return {};
    },

    ListQueueTags({ QueueUrl }, context) {
      const { tags } = requireQueue(state, QueueUrl, context);
      return Object.keys(tags).length === 0 ? {} : { Tags: { ...tags } };
    },
  };
}
