import type { Cancel, Clock } from "../../core/clock.ts";
import type { MetricDatum, MetricSink } from "../../core/ports.ts";
import type { QueueDepth } from "./message-table.ts";

const NAMESPACE = "AWS/SQS";
const FLUSH_MS = 1000;
const MINUTE_MS = 60_000;
/** A queue that nobody has used for this long, and that is empty, is not measured. */
const ACTIVE_MS = 6 * 3600 * 1000;

type Counter =
  | "NumberOfMessagesSent"
  | "NumberOfMessagesReceived"
  | "NumberOfMessagesDeleted"
  | "NumberOfEmptyReceives";

/**
 * Measures queues: what is done to them within a second, and how deep they are, whenever that changes and every minute while they
 * are active.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export class QueueMetrics {
  readonly #sink: MetricSink;
  readonly #clock: Clock;
  /** Undefined when there is no such queue any more. */
  readonly #depthOf: (queue: string) => QueueDepth | undefined;
  /** When each active queue was used last. */
  readonly #active = new Map<string, number>();
  /** What has been counted since the last flush, by queue. */
  readonly #counted = new Map<string, { at: number; counts: Map<Counter, number>; sizes: number[] }>();
  #flush: Cancel | undefined;
  #tick: Cancel | undefined;

  /** @param queues - those that exist at the start: they are active until they have been idle for long enough */
  constructor(
    sink: MetricSink,
    clock: Clock,
    depthOf: (queue: string) => QueueDepth | undefined,
    queues: readonly string[],
  ) {
    this.#sink = sink;
    this.#clock = clock;
    this.#depthOf = depthOf;
    for (const queue of queues) {
      this.touch(queue);
    }
  }

  /** Somebody has used the queue. */
  touch(queue: string): void {
    this.#active.set(queue, this.#clock.now());
    this.#tick ??= this.#scheduleTick();
  }

  /** @param sizes - of the messages, in bytes */
  sent(queue: string, sizes: readonly number[]): void {
    this.#entry(queue).sizes.push(...sizes);
    this.#add(queue, "NumberOfMessagesSent", sizes.length);
  }

  received(queue: string, messages: number): void {
    this.#add(queue, messages === 0 ? "NumberOfEmptyReceives" : "NumberOfMessagesReceived", Math.max(messages, 1));
  }

  deleted(queue: string, messages: number): void {
    this.#add(queue, "NumberOfMessagesDeleted", messages);
  }

  /** The queue's depth has changed in another way. */
  changed(queue: string): void {
    this.#entry(queue);
  }

  /** Hands over what was counted, and stops. */
  close(): void {
    this.#tick?.();
    this.#flush?.();
    this.#flushNow();
  }

  #add(queue: string, name: Counter, by: number): void {
    const { counts } = this.#entry(queue);
    counts.set(name, (counts.get(name) ?? 0) + by);
  }

  #entry(queue: string): { counts: Map<Counter, number>; sizes: number[] } {
    this.touch(queue);
    let entry = this.#counted.get(queue);
    if (entry === undefined) {
      entry = { at: this.#clock.now(), counts: new Map(), sizes: [] };
      this.#counted.set(queue, entry);
      this.#flush ??= this.#clock.schedule(this.#clock.now() + FLUSH_MS, () => this.#flushNow());
    }
    return entry;
  }

  #flushNow(): void {
    this.#flush = undefined;
    for (const [queue, { at, counts, sizes }] of this.#counted) {
      const counted = [...counts].map(([name, value]) => datum(name, queue, value, "Count", at));
      const sized = sizes.map((size) => datum("SentMessageSize", queue, size, "Bytes", at));
      this.#sink.record([...counted, ...sized]);
      this.#measure(queue);
    }
    this.#counted.clear();
  }

  #scheduleTick(): Cancel {
    const next = (Math.floor(this.#clock.now() / MINUTE_MS) + 1) * MINUTE_MS;
    return this.#clock.schedule(next, () => {
      this.#tick = undefined;
      for (const [queue, usedAt] of this.#active) {
        const depth = this.#measure(queue);
        if (depth === undefined || (depth === 0 && usedAt + ACTIVE_MS <= this.#clock.now())) {
          this.#active.delete(queue);
        }
      }
      if (this.#active.size > 0) {
        this.#tick = this.#scheduleTick();
      }
    });
  }

  /** Records how deep a queue is: the number of its messages, unless it is gone. */
  #measure(queue: string): number | undefined {
    const depth = this.#depthOf(queue);
    if (depth === undefined) {
      return undefined;
    }
    const now = this.#clock.now();
    const age = depth.oldestArrival === undefined ? 0 : Math.max(0, Math.floor((now - depth.oldestArrival) / 1000));
    this.#sink.record([
      datum("ApproximateNumberOfMessagesVisible", queue, depth.visible, "Count", now),
      datum("ApproximateNumberOfMessagesNotVisible", queue, depth.inFlight, "Count", now),
      datum("ApproximateNumberOfMessagesDelayed", queue, depth.delayed, "Count", now),
      datum("ApproximateAgeOfOldestMessage", queue, age, "Seconds", now),
    ]);
    return depth.visible + depth.inFlight + depth.delayed;
  }
}

function datum(name: string, queue: string, value: number, unit: string, timestamp: number): MetricDatum {
  return { namespace: NAMESPACE, name, dimensions: { QueueName: queue }, value, unit, timestamp };
}
