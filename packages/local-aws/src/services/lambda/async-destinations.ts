import type { InvokeResult, QueueMessage } from "../../core/ports.ts";
import type { QueuedEvent } from "./async-queue.ts";
import { mayDeliver } from "./execution-role.ts";
import { type LambdaInvoker, measured } from "./function-invoker.ts";
import { functionArn } from "./function-names.ts";
import type { EventInvokeRecord } from "./function-records.ts";
import { isQueueArn } from "./function-settings.ts";
import type { FunctionTarget } from "./function-target.ts";
import type { LambdaState } from "./lambda-state.ts";

/** How an asynchronous invocation has ended. */
export interface AsyncOutcome {
  readonly event: QueuedEvent;
  readonly target: FunctionTarget;
  readonly condition: "Success" | "RetriesExhausted" | "EventAgeExceeded";
  /** Of the last attempt, when there was one. */
  readonly result: InvokeResult | undefined;
  readonly config: EventInvokeRecord | undefined;
}

/**
 * Tells the destination and the dead-letter topic or queue of a function about the end of an asynchronous invocation, in the name of
 * its execution role. What cannot be delivered, or what the role may not deliver, is counted, as on AWS. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function deliverOutcome(state: LambdaState, invoker: LambdaInvoker, outcome: AsyncOutcome): void {
  const { event, target, condition, config } = outcome;
  const { topics, queues } = state.dependencies;
  const { authorizer } = state.core;
  const { role, deadLetterArn } = target.version.settings;
  const source = { service: "lambda.amazonaws.com", arn: target.arn, roleArn: role };
  const now = state.core.clock.now();
  const destination = condition === "Success" ? config?.onSuccess : config?.onFailure;
  if (destination !== undefined) {
    const failed = () => invoker.metrics.asynchronous("DestinationDeliveryFailures", measured(target, undefined), now);
    const record = JSON.stringify(invocationRecord(state, outcome, now));
    if (!mayDeliver(authorizer, role, destination)) {
      failed();
    } else if (destination.startsWith("arn:aws:lambda:")) {
      invoker
        .invoke({ functionName: destination, payload: Buffer.from(record), invocationType: "Event" })
        .catch(failed);
    } else if (isQueueArn(destination)) {
      attempt(() => queues?.send({ queueArn: destination, body: record, source }), failed);
    } else {
      attempt(() => topics?.publish(destination, "", record, { roleArn: role }), failed);
    }
  }
  if (deadLetterArn !== undefined && condition !== "Success") {
    const failed = () => invoker.metrics.asynchronous("DeadLetterErrors", measured(target, undefined), now);
    const body = Buffer.from(event.payload).toString();
    if (!mayDeliver(authorizer, role, deadLetterArn)) {
      failed();
    } else if (isQueueArn(deadLetterArn)) {
      const attributes = deadLetterAttributes(outcome);
      attempt(() => queues?.send({ queueArn: deadLetterArn, body, attributes, source }), failed);
    } else {
      attempt(() => topics?.publish(deadLetterArn, "", body, { roleArn: role }), failed);
    }
  }
}

function attempt(work: () => void, failed: () => void): void {
  try {
    work();
  } catch {
    failed();
  }
}

/** How much of an error's message a dead letter carries, in bytes. */
const ERROR_MESSAGE_BYTES = 1024;

/**
 * What a dead letter says about its error, beside the event itself.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
 */
function deadLetterAttributes({ event, result }: AsyncOutcome): QueueMessage["attributes"] {
  const message = result === undefined ? "" : errorMessage(result);
  return {
    RequestID: { type: "String", value: event.requestId },
    ...(result === undefined ? {} : { ErrorCode: { type: "Number", value: "200" } }),
    ...(message === "" ? {} : { ErrorMessage: { type: "String", value: message } }),
  };
}

function errorMessage({ payload }: InvokeResult): string {
  const error = json(payload) as { errorMessage?: unknown } | null;
  const text = typeof error?.errorMessage === "string" ? error.errorMessage : "";
  // Cut between characters, and without those that no message may have.
  return Buffer.from(text)
    .subarray(0, ERROR_MESSAGE_BYTES)
    .toString()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffc\u{10000}-\u{10ffff}]/gu, "");
}

function invocationRecord(state: LambdaState, { event, target, condition, result }: AsyncOutcome, now: number): object {
  const { name, qualifier } = target.reference;
  return {
    version: "1.0",
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: functionArn(state.core, name, qualifier ?? "$LATEST"),
      condition,
      approximateInvokeCount: event.attempts,
    },
    requestPayload: json(event.payload),
    ...(result === undefined
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: result.executedVersion,
            ...(result.functionError === undefined ? {} : { functionError: result.functionError }),
          },
          responsePayload: json(result.payload),
        }),
  };
}

function json(bytes: Uint8Array): unknown {
  return bytes.length === 0 ? null : JSON.parse(Buffer.from(bytes).toString());
}
