import { AwsError } from "../../core/aws-error.ts";
import type { Operations } from "../../core/service.ts";
import { changedAttributes, describeAttributes, firstDifference, numberAttribute } from "./queue-attributes.ts";
import { checkTags } from "./queue-tags.ts";
import { redrivePolicyOf } from "./redrive-policy.ts";
import { invalidParameter, invalidValue, missingParameter, queueDoesNotExist, unsupported } from "./sqs-errors.ts";
import { type Queue, queueArn, queueUrl, requireQueue, type Sqs, type SqsState } from "./sqs-state.ts";

/** How long a deleted queue's name stays taken, and the least time between two purges. */
const PAUSE_MS = 60_000;
const MOST_PER_PAGE = 1000;

/** Queues: made, found, described, changed, emptied and deleted. */
export function queueOperations(state: SqsState): Operations<Sqs> {
  const { core, queues, messages, metrics, waiters } = state;
  return {
    CreateQueue({ QueueName, Attributes = {}, tags = {} }) {
      const name = checkName(QueueName);
      const arn = queueArn(core, name);
      const existing = queues.get(name);
      const attributes = changedAttributes({ state, arn }, {}, Attributes);
      checkTags(tags);
      if (existing !== undefined) {
        const different = firstDifference(existing, attributes);
        if (different !== undefined) {
          throw new AwsError(
            "QueueNameExists",
            `A queue already exists with the same name and a different value for attribute ${different}`,
          );
        }
        metrics.touch(name);
        return { QueueUrl: queueUrl(core, existing) };
      }
      const now = core.clock.now();
      if (now - (state.deletions.get(name) ?? Number.NEGATIVE_INFINITY) < PAUSE_MS) {
        throw new AwsError(
          "QueueDeletedRecently",
          "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
        );
      }
      const queue: Queue = { name, arn, createdAt: now, modifiedAt: now, attributes, tags };
      core.store.transaction(() => {
        state.deletions.delete(name);
        queues.put(name, queue);
      });
      metrics.touch(name);
      return { QueueUrl: queueUrl(core, queue) };
    },

    GetQueueUrl({ QueueName, QueueOwnerAWSAccountId }, { accountId }) {
      if (QueueName === undefined) {
        throw missingParameter("QueueName");
      }
      const queue = queues.get(QueueName);
      if (queue === undefined || (QueueOwnerAWSAccountId ?? accountId) !== accountId) {
        throw queueDoesNotExist();
      }
      metrics.touch(queue.name);
      return { QueueUrl: queueUrl(core, queue) };
    },

    ListQueues({ QueueNamePrefix = "", MaxResults, NextToken }) {
      const names = queues.entries(QueueNamePrefix).map(([name]) => name);
      const { items, next } = page(names, MaxResults, NextToken);
      return items.length === 0 ? {} : { QueueUrls: items.map((name) => queueUrl(core, { name })), NextToken: next };
    },

    GetQueueAttributes({ QueueUrl, AttributeNames = [] }, context) {
      const queue = requireQueue(state, QueueUrl, context);
      const Attributes = describeAttributes(queue, () => depthOf(state, queue), AttributeNames);
      return Object.keys(Attributes).length === 0 ? {} : { Attributes };
    },

    SetQueueAttributes({ QueueUrl, Attributes }, context) {
      const queue = requireQueue(state, QueueUrl, context);
      if (Attributes === undefined) {
        throw missingParameter("Attribute.Name");
      }
      const attributes = changedAttributes({ state, arn: queue.arn }, queue.attributes, Attributes);
      queues.put(queue.name, { ...queue, attributes, modifiedAt: core.clock.now() });
      // A shorter retention, or another redrive policy, may matter to those who wait.
      waiters.notify(queue.name);
      return {};
    },

    DeleteQueue({ QueueUrl }, context) {
      const { name } = requireQueue(state, QueueUrl, context);
      core.store.transaction(() => {
        queues.delete(name);
        messages.clear(name);
        state.deletions.put(name, core.clock.now());
        dropOldDeletions(state);
      });
      waiters.notify(name);
      return {};
    },

    PurgeQueue({ QueueUrl }, context) {
      const queue = requireQueue(state, QueueUrl, context);
      const now = core.clock.now();
      if (queue.purgedAt !== undefined && now - queue.purgedAt < PAUSE_MS) {
        throw new AwsError(
          "PurgeQueueInProgress",
          `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        );
      }
      core.store.transaction(() => {
        messages.clear(queue.name);
        queues.put(queue.name, { ...queue, purgedAt: now });
      });
      metrics.changed(queue.name);
      return {};
    },

    ListDeadLetterSourceQueues({ QueueUrl, MaxResults, NextToken }, context) {
      const { arn } = requireQueue(state, QueueUrl, context);
      const sources = queues.values().filter((queue) => redrivePolicyOf(queue)?.deadLetterTargetArn === arn);
      const { items, next } = page(
        sources.map(({ name }) => name),
        MaxResults,
        NextToken,
      );
      return { queueUrls: items.map((name) => queueUrl(core, { name })), NextToken: next };
    },
  };
}

/** How many messages a queue holds now, without those that have outlived its retention period. */
export function depthOf(state: Pick<SqsState, "core" | "messages">, queue: Queue) {
  const now = state.core.clock.now();
  dropExpired(state, queue, now);
  return state.messages.depth(queue.name, now);
}

/** Forgets what a queue has kept for longer than its retention period. */
export function dropExpired({ messages }: Pick<SqsState, "messages">, queue: Queue, now: number): void {
  messages.expire(queue.name, now - numberAttribute(queue, "MessageRetentionPeriod") * 1000);
}

function checkName(name: string | undefined): string {
  if (name === undefined) {
    throw missingParameter("QueueName");
  }
  if (/^[A-Za-z0-9_-]{1,75}\.fifo$/.test(name)) {
    throw unsupported(`FIFO queues: create a standard queue, whose name does not end in .fifo`);
  }
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) {
    throw invalidValue("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
  }
  return name;
}

/** Names that are free again need not be remembered. */
function dropOldDeletions({ deletions, core }: SqsState): void {
  for (const [name, deletedAt] of deletions.entries()) {
    if (core.clock.now() - deletedAt >= PAUSE_MS) {
      deletions.delete(name);
    }
  }
}

/** One page of a sorted list of names; without `size` there is only one, of at most 1,000. */
function page(
  names: readonly string[],
  size: number | undefined,
  token: string | undefined,
): { items: readonly string[]; next: string | undefined } {
  if (size !== undefined && (size < 1 || size > MOST_PER_PAGE)) {
    throw invalidParameter("MaxResults", size, `Must be between 1 and ${MOST_PER_PAGE}, if provided.`);
  }
  if (token !== undefined && size === undefined) {
    throw invalidParameter("NextToken", token, "NextToken needs MaxResults.");
  }
  const after = token === undefined ? "" : Buffer.from(token, "base64url").toString();
  if (token !== undefined && Buffer.from(after).toString("base64url") !== token) {
    throw invalidParameter("NextToken", token, "It is not a token of an earlier page.");
  }
  const rest = names.filter((name) => name > after);
  const items = rest.slice(0, size ?? MOST_PER_PAGE);
  const last = items.at(-1);
  return {
    items,
    next:
      size === undefined || last === undefined || items.length === rest.length
        ? undefined
        : Buffer.from(last).toString("base64url"),
  };
}
