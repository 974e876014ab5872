import { AwsError } from "../../core/aws-error.ts";
import type { Cancel } from "../../core/clock.ts";
import type { InvokeResult } from "../../core/ports.ts";
import type { Collection } from "../../store/store.ts";
import { deliverOutcome } from "./async-destinations.ts";
import type { EventQueue, IdentifiedInvoke, LambdaInvoker } from "./function-invoker.ts";
import { measured } from "./function-invoker.ts";
import type { EventInvokeRecord } from "./function-records.ts";
import { type FunctionTarget, resolveTarget } from "./function-target.ts";
import type { LambdaState } from "./lambda-state.ts";

/** An event that waits for its function, or for the next attempt. */
export interface QueuedEvent {
  readonly requestId: string;
  readonly functionName: string;
  readonly qualifier: string | undefined;
  readonly payload: Uint8Array;
  readonly clientContext: string | undefined;
  readonly traceId: string | undefined;
  readonly acceptedAt: number;
  /** Times that the function has run. */
  readonly attempts: number;
  /** Times in a row that there was no concurrency for it. */
  readonly throttles: number;
  readonly dueAt: number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_DELAYS_MS = [60_000, 120_000];
const DEFAULT_RETRIES = 2;
const DEFAULT_MAX_AGE_S = 21_600;
const FIRST_THROTTLE_DELAY_MS = 1000;
const LONGEST_THROTTLE_DELAY_MS = 300_000;

/**
 * The queue of asynchronous invocations. An event that was accepted outlives a kill of local AWS: it is kept until its function
 * has succeeded, has failed for good, or it is too old.
 *
 * ```text
 * accepted -> attempt -> success
 *               | function error:  again after 1 minute, then after 2 minutes, then given up
 *               | throttled:       again after 1 s, 2 s, 4 s ... 5 minutes, until the event is too old
 * ```
 */
export class AsyncQueue implements EventQueue {
  readonly #state: LambdaState;
  readonly #invoker: LambdaInvoker;
  readonly #events: Collection<QueuedEvent>;
  readonly #scheduled = new Set<Cancel>();
  #closed = false;

  constructor(state: LambdaState, invoker: LambdaInvoker) {
    this.#state = state;
    this.#invoker = invoker;
    this.#events = state.core.store.collection("lambda/async-events");
    for (const event of this.#events.values()) {
      this.#schedule(event);
    }
  }

  enqueue(request: IdentifiedInvoke & { readonly requestId: string }): void {
    const now = this.#state.core.clock.now();
    const event: QueuedEvent = {
      requestId: request.requestId,
      functionName: request.functionName,
      qualifier: request.qualifier,
      payload: request.payload,
      clientContext: request.clientContext,
      traceId: request.traceId,
      acceptedAt: now,
      attempts: 0,
      throttles: 0,
      dueAt: now,
    };
    this.#events.put(event.requestId, event);
    setImmediate(() => void this.#attempt(event));
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#scheduled) {
      cancel();
    }
  }

  #schedule(event: QueuedEvent): void {
    const cancel = this.#state.core.clock.schedule(event.dueAt, () => {
      this.#scheduled.delete(cancel);
      return this.#attempt(event);
    });
    this.#scheduled.add(cancel);
  }

  async #attempt(event: QueuedEvent): Promise<void> {
    if (this.#closed) {
      return;
    }
    const target = this.#find(event);
    if (target === undefined) {
      // The function, or the alias, has been deleted.
      this.#events.delete(event.requestId);
      return;
    }
    const config = configOf(target);
    const maxAgeMs = (config?.maximumEventAgeSeconds ?? DEFAULT_MAX_AGE_S) * 1000;
    if (this.#state.core.clock.now() - event.acceptedAt > maxAgeMs) {
      this.#finish(event, target, "EventAgeExceeded", undefined);
      return;
    }
    let result: InvokeResult;
    try {
      result = await this.#invoker.run(target, { ...event }, event.requestId);
    } catch (error) {
      this.#afterRefusal(event, error);
      return;
    }
    const attempted: QueuedEvent = { ...event, attempts: event.attempts + 1, throttles: 0 };
    if (this.#closed) {
      return;
    }
    if (result.functionError === undefined) {
      this.#finish(attempted, target, "Success", result);
      return;
    }
    const delay = RETRY_DELAYS_MS[attempted.attempts - 1];
    const dueAt = this.#state.core.clock.now() + (delay ?? 0);
    if (delay === undefined || attempted.attempts > (config?.maximumRetryAttempts ?? DEFAULT_RETRIES)) {
      this.#finish(attempted, target, "RetriesExhausted", result);
    } else if (dueAt - event.acceptedAt > maxAgeMs) {
      this.#finish(attempted, target, "EventAgeExceeded", result);
    } else {
      this.#later({ ...attempted, dueAt });
    }
  }

  /** The function has not run: for lack of concurrency, or because its role or its code cannot be used. */
  #afterRefusal(event: QueuedEvent, error: unknown): void {
    if (this.#closed) {
      return;
    }
    if (!(error instanceof AwsError)) {
      this.#state.core.log(`lambda: an asynchronous invocation of ${event.functionName} failed: ${String(error)}`);
    }
    const delay = Math.min(FIRST_THROTTLE_DELAY_MS * 2 ** event.throttles, LONGEST_THROTTLE_DELAY_MS);
    this.#later({ ...event, throttles: event.throttles + 1, dueAt: this.#state.core.clock.now() + delay });
  }

  #later(event: QueuedEvent): void {
    this.#events.put(event.requestId, event);
    this.#schedule(event);
  }

  #finish(
    event: QueuedEvent,
    target: FunctionTarget,
    condition: "Success" | "RetriesExhausted" | "EventAgeExceeded",
    result: InvokeResult | undefined,
  ): void {
    const { core } = this.#state;
    if (condition !== "Success") {
      this.#invoker.metrics.asynchronous("AsyncEventsDropped", measured(target, undefined), core.clock.now());
    }
    deliverOutcome(this.#state, this.#invoker, { event, target, condition, result, config: configOf(target) });
    this.#events.delete(event.requestId);
  }

  #find(event: QueuedEvent): FunctionTarget | undefined {
    try {
      return resolveTarget(this.#state.functions, this.#state.core, event.functionName, event.qualifier);
    } catch {
      return undefined;
    }
  }
}

function configOf({ view, reference }: FunctionTarget): EventInvokeRecord | undefined {
  return view.eventInvokes.get(reference.qualifier ?? "$LATEST");
}
