import type { Cancel, Clock } from "../../core/clock.ts";
import type { MetricDatum, MetricSink } from "../../core/ports.ts";

const NAMESPACE = "AWS/DynamoDB";
const FLUSH_MS = 1000;
/** Most latencies kept apart for one table and operation between two flushes; of more, evenly spaced quantiles are. */
const MOST_SAMPLES = 200;

interface Tally {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  sum: number;
}

interface Latencies {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly samples: number[];
}

/**
 * Counts what requests do, in memory, and hands it to CloudWatch once a second and at the end: a request only bumps counters.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
export class Traffic {
  readonly #sink: MetricSink;
  readonly #clock: Clock;
  readonly #tallies = new Map<string, Tally>();
  readonly #latencies = new Map<string, Latencies>();
  #scheduled: Cancel | undefined;

  constructor(sink: MetricSink, clock: Clock) {
    this.#sink = sink;
    this.#clock = clock;
  }

  /** Read capacity units, of the table or of one of its global indexes. */
  read(table: string, units: number, globalIndex?: string): void {
    this.#add("ConsumedReadCapacityUnits", table, globalIndex, units, "GlobalSecondaryIndexName");
  }

  /** Write capacity units, of the table or of one of its global indexes. */
  wrote(table: string, units: number, globalIndex?: string): void {
    this.#add("ConsumedWriteCapacityUnits", table, globalIndex, units, "GlobalSecondaryIndexName");
  }

  /** Items that a query or a scan answered with. */
  returned(table: string, operation: string, items: number): void {
    this.#add("ReturnedItemCount", table, operation, items, "Operation");
  }

  succeeded(table: string, operation: string, milliseconds: number): void {
    const key = `${table}|${operation}`;
    let latencies = this.#latencies.get(key);
    if (latencies === undefined) {
      latencies = { dimensions: { TableName: table, Operation: operation }, samples: [] };
      this.#latencies.set(key, latencies);
      this.#schedule();
    }
    latencies.samples.push(milliseconds);
  }

  /** Items that expired and were removed. */
  expired(table: string, items: number): void {
    this.#add("TimeToLiveDeletedItemCount", table, undefined, items, "");
  }

  /**
   * A request that was refused or failed, also one that never reached the service because a fault was planted.
   *
   * @param table - when the request was for one
   */
  failed(table: string | undefined, operation: string, code: string, status: number): void {
    if (table !== undefined && code === "ConditionalCheckFailedException") {
      this.#add("ConditionalCheckFailedRequests", table, undefined, 1, "");
      return;
    }
    if (table !== undefined && (code === "ProvisionedThroughputExceededException" || code === "ThrottlingException")) {
      this.#add("ThrottledRequests", table, operation, 1, "Operation");
      this.#add(READS.has(operation) ? "ReadThrottleEvents" : "WriteThrottleEvents", table, undefined, 1, "");
      return;
    }
    if (status >= 500) {
      if (table !== undefined) {
        this.#add("SystemErrors", table, operation, 1, "Operation");
      }
      return;
    }
    if (table !== undefined && code === "TransactionConflictException") {
      this.#add("TransactionConflict", table, undefined, 1, "");
    }
    this.#tally("UserErrors", {}, "UserErrors", 1);
  }

  /** Conditions of a transaction that did not hold, and items of it that were in another, by table. */
  canceled(table: string, reason: string): void {
    if (reason === "ConditionalCheckFailed") {
      this.#add("ConditionalCheckFailedRequests", table, undefined, 1, "");
    } else if (reason === "TransactionConflict") {
      this.#add("TransactionConflict", table, undefined, 1, "");
    }
  }

  /** Hands over what has been counted. */
  flush(): void {
    this.#scheduled?.();
    this.#scheduled = undefined;
    const timestamp = this.#clock.now();
    const data: MetricDatum[] = [];
    for (const { name, dimensions, sum } of this.#tallies.values()) {
      data.push({ namespace: NAMESPACE, name, dimensions, value: sum, unit: "Count", timestamp });
    }
    for (const { dimensions, samples } of this.#latencies.values()) {
      for (const value of thinned(samples)) {
        data.push({
          namespace: NAMESPACE,
          name: "SuccessfulRequestLatency",
          dimensions,
          value,
          unit: "Milliseconds",
          timestamp,
        });
      }
    }
    this.#tallies.clear();
    this.#latencies.clear();
    if (data.length > 0) {
      this.#sink.record(data);
    }
  }

  #add(name: string, table: string, detail: string | undefined, amount: number, detailName: string): void {
    const key = detail === undefined ? `${name}|${table}` : `${name}|${table}|${detail}`;
    const tally = this.#tallies.get(key);
    if (tally !== undefined) {
      tally.sum += amount;
      return;
    }
    const dimensions = detail === undefined ? { TableName: table } : { TableName: table, [detailName]: detail };
    this.#tally(name, dimensions, key, amount);
  }

  #tally(name: string, dimensions: Readonly<Record<string, string>>, key: string, amount: number): void {
    const tally = this.#tallies.get(key);
    if (tally === undefined) {
      this.#tallies.set(key, { name, dimensions, sum: amount });
      this.#schedule();
    } else {
      tally.sum += amount;
    }
  }

  #schedule(): void {
    this.#scheduled ??= this.#clock.schedule(this.#clock.now() + FLUSH_MS, () => {
      this.#scheduled = undefined;
      this.flush();
    });
  }
}

/** Operations that read. */
const READS: ReadonlySet<string> = new Set(["GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"]);

/** At most {@link MOST_SAMPLES} values with the distribution of all of them. */
function thinned(samples: number[]): readonly number[] {
  if (samples.length <= MOST_SAMPLES) {
    return samples;
  }
  samples.sort((left, right) => left - right);
  return Array.from(
    { length: MOST_SAMPLES },
    (_, index) => samples[Math.round((index * (samples.length - 1)) / (MOST_SAMPLES - 1))] as number,
  );
}
