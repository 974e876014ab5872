import type { AccessNeed, AccessNeeds, ConditionValues } from "../../core/access.ts";
import { keyNeeds } from "../../core/key-needs.ts";
import type { RequestContext } from "../../core/service.ts";
import { requestTagConditions, resourceTagConditions } from "../../core/tag-conditions.ts";
import { keyUse, RECEIVING, SENDING } from "./queue-key.ts";
import { queueArn, queueNameOf, queueOfArn, queuePolicy, type Sqs, type SqsState } from "./sqs-state.ts";

type OnQueue = (input: { readonly QueueUrl?: string | undefined }, context: RequestContext) => readonly AccessNeed[];

/**
 * The permissions of SQS. Batches need those of the single operation. Sending to a queue with a KMS key, and receiving from it, use
 * the key in the caller's name.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function sqsAccess(state: SqsState): AccessNeeds<Sqs> {
  const { core } = state;

  const needOf = (action: string, name: string, more: ConditionValues = {}): AccessNeed => {
    const resource = queueArn(core, name);
    const queue = queueOfArn(state, resource);
    return {
      action: `sqs:${action}`,
      resource,
      conditions: { ...resourceTagConditions(queue?.tags), ...more },
      resourcePolicy: queue && queuePolicy(queue),
    };
  };

  const onQueue =
    (action: string, keyActions: readonly string[] = []): OnQueue =>
    ({ QueueUrl }, context) => {
      const name = queueNameOf(QueueUrl, context);
      const queue = state.queues.get(name);
      const use = queue && keyActions.length > 0 ? keyUse(state, queue, keyActions) : undefined;
      return [needOf(action, name), ...(use === undefined ? [] : keyNeeds(state.keys, "sqs", use, core))];
    };

  return {
    CreateQueue: ({ QueueName = "", tags = {} }) => {
      const conditions = requestTagConditions(tags);
      return [
        needOf("CreateQueue", QueueName, conditions),
        ...(Object.keys(tags).length === 0 ? [] : [needOf("TagQueue", QueueName, conditions)]),
      ];
    },
    GetQueueUrl: ({ QueueName = "" }) => [needOf("GetQueueUrl", QueueName)],
    ListQueues: () => [{ action: "sqs:ListQueues", resource: "*" }],
    GetQueueAttributes: onQueue("GetQueueAttributes"),
    SetQueueAttributes: onQueue("SetQueueAttributes"),
    DeleteQueue: onQueue("DeleteQueue"),
    PurgeQueue: onQueue("PurgeQueue"),
    ListDeadLetterSourceQueues: onQueue("ListDeadLetterSourceQueues"),
    AddPermission: onQueue("AddPermission"),
    RemovePermission: onQueue("RemovePermission"),

    TagQueue: ({ QueueUrl, Tags = {} }, context) => [
      needOf("TagQueue", queueNameOf(QueueUrl, context), requestTagConditions(Tags)),
    ],
    UntagQueue: ({ QueueUrl, TagKeys = [] }, context) => [
      needOf("UntagQueue", queueNameOf(QueueUrl, context), { "aws:TagKeys": TagKeys }),
    ],
    ListQueueTags: onQueue("ListQueueTags"),

    SendMessage: onQueue("SendMessage", SENDING),
    SendMessageBatch: onQueue("SendMessage", SENDING),
    ReceiveMessage: onQueue("ReceiveMessage", RECEIVING),
    DeleteMessage: onQueue("DeleteMessage"),
    DeleteMessageBatch: onQueue("DeleteMessage"),
    ChangeMessageVisibility: onQueue("ChangeMessageVisibility"),
    ChangeMessageVisibilityBatch: onQueue("ChangeMessageVisibility"),
  };
}
