import { AwsError } from "../../core/aws-error.ts";
import type { Operations } from "../../core/service.ts";
import { checkBatch, eachEntry } from "./batch.ts";
import { type Receipt, readReceipt } from "./receipt-handle.ts";
import { invalidParameter, missingParameter } from "./sqs-errors.ts";
import { type Queue, requireQueue, type Sqs, type SqsState } from "./sqs-state.ts";

const LONGEST_VISIBILITY_S = 43_200;

/** What consumers do with messages that they have received. */
export function receiptOperations(state: SqsState): Operations<Sqs> {
  const { core, messages, metrics, waiters } = state;

  const read = (queue: Queue, handle: string | undefined): Receipt => {
    if (handle === undefined || handle === "") {
      throw missingParameter("ReceiptHandle");
    }
    return readReceipt(handle, queue.name);
  };

  /** An old handle of a message that was received again since is taken, and deletes nothing: as on AWS. */
  const remove = (queue: Queue, handle: string | undefined): void => {
    const { sequence, token } = read(queue, handle);
    if (messages.held(queue.name, sequence, token) !== undefined) {
      messages.remove(sequence);
    }
    metrics.deleted(queue.name, 1);
  };

  const release = (queue: Queue, handle: string | undefined, seconds: number | undefined): void => {
    if (seconds === undefined) {
      throw missingParameter("VisibilityTimeout");
    }
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > LONGEST_VISIBILITY_S) {
      throw invalidParameter(
        "VisibilityTimeout",
        seconds,
        `Must be between 0 and ${LONGEST_VISIBILITY_S}, if provided.`,
      );
    }
    const { sequence, token } = read(queue, handle);
    const held = messages.held(queue.name, sequence, token);
    if (held === undefined) {
      throw invalidParameter(
        "ReceiptHandle",
        handle,
        "Message does not exist or is not available for visibility timeout change.",
      );
    }
    const now = core.clock.now();
    if (held.visibleAt <= now) {
      throw new AwsError("MessageNotInflight", "The message referred to isn't in flight.");
    }
    const visibleAt = now + seconds * 1000;
    if (visibleAt > held.receivedAt + LONGEST_VISIBILITY_S * 1000) {
      throw invalidParameter(
        "VisibilityTimeout",
        seconds,
        `Total VisibilityTimeout for the message is beyond the limit [${LONGEST_VISIBILITY_S} seconds].`,
      );
    }
    messages.release(sequence, visibleAt);
    metrics.changed(queue.name);
    waiters.notify(queue.name);
  };

  return {
    DeleteMessage({ QueueUrl, ReceiptHandle }, context) {
      remove(requireQueue(state, QueueUrl, context), ReceiptHandle);
      return {};
    },

    DeleteMessageBatch({ QueueUrl, Entries = [] }, context) {
      const queue = requireQueue(state, QueueUrl, context);
      checkBatch(Entries, "DeleteMessageBatchRequestEntry");
      return core.store.transaction(() =>
        eachEntry(Entries, ({ ReceiptHandle }) => {
          remove(queue, ReceiptHandle);
          return {};
        }),
      );
    },

    ChangeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout }, context) {
      release(requireQueue(state, QueueUrl, context), ReceiptHandle, VisibilityTimeout);
      return {};
    },

    ChangeMessageVisibilityBatch({ QueueUrl, Entries = [] }, context) {
      const queue = requireQueue(state, QueueUrl, context);
      checkBatch(Entries, "ChangeMessageVisibilityBatchRequestEntry");
      return core.store.transaction(() =>
        eachEntry(Entries, ({ ReceiptHandle, VisibilityTimeout }) => {
          release(queue, ReceiptHandle, VisibilityTimeout);
          return {};
        }),
      );
    },
  };
}
