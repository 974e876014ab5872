import type { Core } from "../../core/core.ts";
import type { KeyDirectory, MetricSink, QueueSender, TagSource } from "../../core/ports.ts";
import { defineService, type Service } from "../../core/service.ts";
import { sqsAccess } from "./access.ts";
import { permissionOperations } from "./permission-operations.ts";
import { QueueMetrics } from "./queue-metrics.ts";
import { depthOf, queueOperations } from "./queue-operations.ts";
import { createQueueSender } from "./queue-sender.ts";
import { tagOperations } from "./queue-tags.ts";
import { QueueWaiters } from "./queue-waiters.ts";
import { receiptOperations } from "./receipt-operations.ts";
import { receiveOperations } from "./receive-operations.ts";
import { sendOperations } from "./send-operations.ts";
import { openSqsState, queueOfArn, type Sqs } from "./sqs-state.ts";

/** What SQS asks of other services. */
export interface SqsDependencies {
  readonly metrics: MetricSink;
  readonly keys: KeyDirectory;
}

/** SQS with the ports that it implements. */
export interface SqsService {
  readonly service: Service;
  readonly queues: QueueSender;
  readonly tags: TagSource;
  /** The policy of a queue, as a JSON document; `undefined` when it has none, or there is no such queue. */
  queuePolicy(queueArn: string): string | undefined;
}

/**
 * Makes Amazon SQS: standard queues with visibility timeouts, delays, long polling and dead-letter queues.
 *
 * FIFO queues and message move tasks are refused.
 */
export function createSqs(core: Core, { metrics, keys }: SqsDependencies): SqsService {
  const waiters = new QueueWaiters(core.clock);
  const state = openSqsState(core, { keys, waiters }, (messages, queues) => {
    const find = (name: string) => {
      const queue = queues.get(name);
      return queue && depthOf({ core, messages }, queue);
    };
    return new QueueMetrics(
      metrics,
      core.clock,
      find,
      queues.entries().map(([name]) => name),
    );
  });
  return {
    service: defineService<Sqs>({
      id: "sqs",
      signingNames: ["sqs"],
      load: () => import("@aws-sdk/client-sqs"),
      client: "SQSClient",
      targetPrefixes: ["AmazonSQS"],
      // AWS CLI before 2.13 and old SDKs: the SDK's schemas still carry the names of the Query protocol.
      queryVersion: "2012-11-05",
      operations: {
        ...queueOperations(state),
        ...tagOperations(state),
        ...permissionOperations(state),
        ...sendOperations(state),
        ...receiveOperations(state),
        ...receiptOperations(state),
      },
      access: sqsAccess(state),
      accessDenied: { code: "AccessDenied", status: 403 },
      close: async () => {
        waiters.close();
        state.metrics.close();
      },
      inventory: () => state.queues.values().map(({ name }) => `AWS::SQS::Queue ${name}`),
    }),
    queues: createQueueSender(state),
    tags: {
      taggedResources: () => state.queues.values().map(({ arn, tags }) => ({ arn, type: "sqs", tags })),
    },
    queuePolicy: (arn) => queueOfArn(state, arn)?.attributes.Policy,
  };
}
