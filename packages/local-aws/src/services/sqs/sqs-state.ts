import type { ResourcePolicy } from "../../core/access.ts";
import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { KeyDirectory } from "../../core/ports.ts";
import type { RequestContext } from "../../core/service.ts";
import type { Collection } from "../../store/store.ts";
import { MessageTable } from "./message-table.ts";
import type { QueueMetrics } from "./queue-metrics.ts";
import type { QueueWaiters } from "./queue-waiters.ts";
import { missingParameter, queueDoesNotExist } from "./sqs-errors.ts";

/** The SDK module that types this service's operations. */
export type Sqs = typeof import("@aws-sdk/client-sqs");

/** A queue as it is stored; keyed by its name. */
export interface Queue {
  readonly name: string;
  readonly arn: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Attributes as they were set: what is not here has its default. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** When it was purged last. */
  readonly purgedAt?: number;
}

/** What the operations of SQS work on. */
export interface SqsState {
  readonly core: Core;
  readonly keys: KeyDirectory;
  readonly queues: Collection<Queue>;
  /** When queues were deleted, by name: the name is not free for a minute. */
  readonly deletions: Collection<number>;
  readonly messages: MessageTable;
  readonly metrics: QueueMetrics;
  readonly waiters: QueueWaiters;
}

/** Opens what SQS keeps in the store. */
export function openSqsState(
  core: Core,
  others: Pick<SqsState, "keys" | "waiters">,
  metrics: (messages: MessageTable, queues: Collection<Queue>) => QueueMetrics,
): SqsState {
  const queues = core.store.collection<Queue>("sqs/queues");
  const messages = new MessageTable(core.store);
  return {
    ...others,
    core,
    queues,
    deletions: core.store.collection<number>("sqs/deletions"),
    messages,
    metrics: metrics(messages, queues),
  };
}

/** The ARN that a queue of this account has. */
export function queueArn(core: Pick<Core, "region" | "accountId">, name: string): string {
  return `arn:aws:sqs:${core.region}:${core.accountId}:${name}`;
}

/** The URL that clients send a queue's requests to. */
export function queueUrl(core: Core, { name }: Pick<Queue, "name">): string {
  return `${core.endpoint()}/${core.accountId}/${name}`;
}

/** The policy of a queue, for whoever decides by it. */
export function queuePolicy({ arn, attributes }: Queue): ResourcePolicy | undefined {
  return attributes.Policy === undefined
    ? undefined
    : { name: `queue policy of ${arn}`, document: attributes.Policy, mode: "sufficient" };
}

/** The queue of an ARN, if it is here. */
export function queueOfArn(state: SqsState, arn: string): Queue | undefined {
  const queue = state.queues.get(arn.split(":").at(-1) ?? "");
  return queue?.arn === arn ? queue : undefined;
}

const QUEUE_PATH = /^\/(\d{12})\/([^/]+)\/?$/;

/**
 * The queue that a request is for. Only the path of the URL counts, since the same local AWS has several addresses, and after a
 * restart maybe another port. Clients of the Query protocol may leave the URL to the path of the request.
 *
 * @throws AwsError `QueueDoesNotExist`, `InvalidAddress` for what is no URL of a queue, or `MissingParameter`
 */
export function requireQueue(
  state: SqsState,
  url: string | undefined,
  context: Pick<RequestContext, "http" | "accountId">,
): Queue {
  const address = addressOf(url, context);
  if (address === undefined) {
    throw url === undefined
      ? missingParameter("QueueUrl")
      : new AwsError("InvalidAddress", `The address ${url} is not valid for this endpoint.`);
  }
  const queue = address.account === context.accountId ? state.queues.get(address.name) : undefined;
  if (queue === undefined) {
    throw queueDoesNotExist();
  }
  state.metrics.touch(queue.name);
  return queue;
}

/** The name in the URL of a queue; empty where there is none. */
export function queueNameOf(url: string | undefined, context: Pick<RequestContext, "http">): string {
  return addressOf(url, context)?.name ?? "";
}

function addressOf(
  url: string | undefined,
  { http }: Pick<RequestContext, "http">,
): { readonly account: string; readonly name: string } | undefined {
  const path = url === undefined ? http.path : URL.canParse(url) ? new URL(url).pathname : "";
  const [, account, name] = QUEUE_PATH.exec(path) ?? [];
  return account === undefined || name === undefined ? undefined : { account, name };
}
