import type { InvokeResult } from "../../core/ports.ts";
import type { QueuedEvent } from "./async-queue.ts";
import { type LambdaInvoker, measured } from "./function-invoker.ts";
import { functionArn } from "./function-names.ts";
import type { EventInvokeRecord } from "./function-records.ts";
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
 * Tells the destination and the dead-letter topic of a function about the end of an asynchronous invocation. What cannot be
 * delivered is counted, as on AWS. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function deliverOutcome(state: LambdaState, invoker: LambdaInvoker, outcome: AsyncOutcome): void {
  const { event, target, condition, config } = outcome;
  const { topics } = state.dependencies;
  const now = state.core.clock.now();
  const destination = condition === "Success" ? config?.onSuccess : config?.onFailure;
  if (destination !== undefined) {
    const failed = () => invoker.metrics.asynchronous("DestinationDeliveryFailures", measured(target, undefined), now);
    const record = JSON.stringify(invocationRecord(state, outcome, now));
    if (destination.startsWith("arn:aws:lambda:")) {
      invoker
        .invoke({ functionName: destination, payload: Buffer.from(record), invocationType: "Event" })
        .catch(failed);
    } else {
      attempt(() => topics?.publish(destination, "", record), failed);
    }
  }
  const { deadLetterArn } = target.version.settings;
  if (deadLetterArn !== undefined && condition !== "Success") {
    attempt(
      () => topics?.publish(deadLetterArn, "", Buffer.from(event.payload).toString()),
      () => invoker.metrics.asynchronous("DeadLetterErrors", measured(target, undefined), now),
    );
  }
}

function attempt(work: () => void, failed: () => void): void {
  try {
    work();
  } catch {
    failed();
  }
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
