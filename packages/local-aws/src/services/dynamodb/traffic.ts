import type { Cancel, Clock } from "../../core/clock.ts";
import type { MetricDatum, MetricSink } from "../../core/ports.ts";

const NAMESPACE = "AWS/DynamoDB";
const FLUSH_MS = 1000;
/** Most latencies of one table and operation that are told apart between two flushes; of more, groups of neighbours are. */
const MOST_SAMPLES = 200;

interface Tally {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** How often each amount was counted: CloudWatch's SampleCount is the number of requests, its Sum that of what they used. */
  readonly amounts: Map<number, number>;
}

interface Latencies {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly samples: number[];
}

/**
 * Counts what requests do, in memory, and hands it to CloudWatch once a second and at the end: a request only bumps counters.
 *
 * What did not happen gives no 0 but no data, as on AWS. A request that fails counts in one of these places: a condition that did not
 * hold (`ConditionalCheckFailedRequests`) and throttling (`ThrottledRequests` by operation, `Read-` and `WriteThrottleEvents`) by
 * table, a failure of the service (`SystemErrors`) by table and operation, any other 400 (`UserErrors`) for the whole account and
 * without dimensions.
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
    const key = "UserErrors";
    bump((this.#tallies.get(key) ?? this.#tally(key, "UserErrors", {})).amounts, 1);
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
    for (const { name, dimensions, amounts } of this.#tallies.values()) {
      for (const [value, count] of amounts) {
        data.push({ namespace: NAMESPACE, name, dimensions, value, count, unit: "Count", timestamp });
      }
    }
    const name = "SuccessfulRequestLatency";
    for (const { dimensions, samples } of this.#latencies.values()) {
      for (const { value, count } of grouped(samples)) {
        data.push({ namespace: NAMESPACE, name, dimensions, value, count, unit: "Milliseconds", timestamp });
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
    let tally = this.#tallies.get(key);
    if (tally === undefined) {
      const dimensions = detail === undefined ? { TableName: table } : { TableName: table, [detailName]: detail };
      tally = this.#tally(key, name, dimensions);
    }
    bump(tally.amounts, amount);
  }

  #tally(key: string, name: string, dimensions: Readonly<Record<string, string>>): Tally {
    const tally: Tally = { name, dimensions, amounts: new Map() };
    this.#tallies.set(key, tally);
    this.#schedule();
    return tally;
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

function bump(amounts: Map<number, number>, amount: number): void {
  amounts.set(amount, (amounts.get(amount) ?? 0) + 1);
}

/**
 * At most {@link MOST_SAMPLES} values with counts: of more samples the mean of each group of neighbours, the smallest and the largest
 * by themselves, so that count, sum and extremes stay those of all samples.
 */
function grouped(samples: number[]): readonly { value: number; count: number }[] {
  if (samples.length <= MOST_SAMPLES) {
    return samples.map((value) => ({ value, count: 1 }));
  }
  samples.sort((left, right) => left - right);
  const inner = samples.length - 2;
  const groups = MOST_SAMPLES - 2;
  const edges = [0, ...Array.from({ length: groups + 1 }, (_, index) => 1 + Math.round((index * inner) / groups))];
  return [...edges, samples.length].slice(1).map((end, index) => {
    const group = samples.slice(edges[index], end);
    return { value: group.reduce((sum, value) => sum + value, 0) / group.length, count: group.length };
  });
}
