import type { Core } from "../../core/core.ts";
import type { LogLine, LogSink, MetricDatum, MetricSink } from "../../core/ports.ts";
import { embeddedMetrics } from "./embedded-metrics.ts";
import { LogText } from "./filter-pattern/filter-pattern.ts";
import type { LiveTails } from "./live-tail/live-tails.ts";
import type { LogsStore } from "./logs-store.ts";
import type { MetricFilters } from "./metric-filters.ts";

interface Pending {
  readonly group: string;
  readonly stream: string;
  readonly lines: readonly LogLine[];
  readonly createGroup: boolean;
  /** How much later times inside of the lines are on the clock of local AWS. */
  readonly aheadMs: number;
}

/** Who is told of what comes in. */
export interface Listeners {
  readonly filters: MetricFilters;
  readonly tails: LiveTails;
  readonly metrics: MetricSink;
}

/** Marks lines that may be in the embedded metric format, so that other lines are not parsed. */
const EMBEDDED_MARK = '"CloudWatchMetrics"';

/**
 * Takes log events in: into the tables, through the metric filters, out of the embedded metric format, and to the live tails.
 *
 * What functions and stages log is buffered and written in one transaction at the next turn of the event loop, so that an
 * invocation does not wait for it. Whoever reads calls {@link Ingest.flush} first.
 */
export class Ingest implements LogSink {
  readonly #core: Core;
  readonly #store: LogsStore;
  readonly #filters: MetricFilters;
  readonly #tails: LiveTails;
  readonly #metrics: MetricSink;
  #pending: Pending[] = [];
  #scheduled: NodeJS.Immediate | undefined;

  constructor(core: Core, store: LogsStore, { filters, tails, metrics }: Listeners) {
    this.#core = core;
    this.#store = store;
    this.#filters = filters;
    this.#tails = tails;
    this.#metrics = metrics;
  }

  append(
    group: string,
    stream: string,
    lines: readonly LogLine[],
    { createGroup = false, aheadMs = 0 }: { createGroup?: boolean; aheadMs?: number } = {},
  ): void {
    this.#pending.push({ group, stream, lines, createGroup, aheadMs });
    this.#scheduled ??= setImmediate(() => this.#flushQuietly());
  }

  /** Writes now; on return the lines are in the store. */
  write(group: string, stream: string, lines: readonly LogLine[]): void {
    this.#pending.push({ group, stream, lines, createGroup: false, aheadMs: 0 });
    this.flush();
  }

  /** Writes everything that is buffered. */
  flush(): void {
    if (this.#scheduled !== undefined) {
      clearImmediate(this.#scheduled);
      this.#scheduled = undefined;
    }
    const batch = this.#pending;
    if (batch.length === 0) {
      return;
    }
    this.#pending = [];
    const data: MetricDatum[] = [];
    try {
      this.#core.store.transaction(() => {
        for (const pending of batch) {
          this.#ingestOne(pending, data);
        }
      });
    } catch (error) {
      this.#store.forget();
      throw error;
    }
    if (data.length > 0) {
      this.#metrics.record(data);
    }
    if (this.#tails.count > 0) {
      const now = Math.floor(this.#core.clock.now());
      for (const { group, stream, lines } of batch) {
        if (this.#store.groups.find(group) !== undefined) {
          this.#tails.offer(group, stream, lines, now);
        }
      }
    }
  }

  #ingestOne({ group: name, stream, lines, createGroup, aheadMs }: Pending, data: MetricDatum[]): void {
    const { groups } = this.#store;
    const found = groups.find(name);
    if (found === undefined && !createGroup) {
      return;
    }
    const group =
      found ??
      groups.create({
        name,
        createdAt: Math.floor(this.#core.clock.now()),
        logGroupClass: "STANDARD",
        deletionProtection: false,
        tags: {},
      });
    this.#store.append(group, stream, lines);
    const watched = this.#filters.watches(name);
    for (const line of lines) {
      const embedded = line.message.includes(EMBEDDED_MARK);
      if (embedded || watched) {
        const text = new LogText(line.message);
        data.push(
          ...this.#filters.evaluate(name, text, line),
          ...(embedded ? embeddedMetrics(line.message, text.json).map((datum) => later(datum, aheadMs)) : []),
        );
      }
    }
  }

  /** Of the event loop's turn: nobody is there to catch an error. */
  #flushQuietly(): void {
    try {
      this.flush();
    } catch (error) {
      this.#core.log(`logs: lines were lost: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function later(datum: MetricDatum, byMs: number): MetricDatum {
  return byMs === 0 || datum.timestamp === undefined ? datum : { ...datum, timestamp: datum.timestamp + byMs };
}
