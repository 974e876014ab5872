import type { LogLine, MetricDatum } from "../../core/ports.ts";
import type { Collection } from "../../store/store.ts";
import { compileFilterPattern } from "./filter-pattern/compile-filter-pattern.ts";
import type { FilterPattern, LogText, PatternMatch } from "./filter-pattern/filter-pattern.ts";

/** What a metric filter makes of a match. */
export interface MetricTransformation {
  readonly metricName: string;
  readonly metricNamespace: string;
  /** A number, or a selector into the event. */
  readonly metricValue: string;
  readonly defaultValue?: number;
  /** Dimension names with selectors. */
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly unit?: string;
}

/** A metric filter as it is stored; keyed by group and name. */
export interface MetricFilter {
  readonly logGroupName: string;
  readonly filterName: string;
  readonly filterPattern: string;
  readonly metricTransformations: readonly MetricTransformation[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly applyOnTransformedLogs: boolean;
}

interface Compiled {
  readonly pattern: FilterPattern;
  readonly transformations: readonly MetricTransformation[];
}

/** Groups' names cannot hold a space, so that it separates the parts of a key. */
const SEPARATOR = " ";

/** The metric filters of all groups, compiled once for the events that flow past. */
export class MetricFilters {
  readonly #collection: Collection<MetricFilter>;
  readonly #compiled = new Map<string, Compiled[]>();

  constructor(collection: Collection<MetricFilter>) {
    this.#collection = collection;
  }

  put(filter: MetricFilter): void {
    this.#collection.put(keyOf(filter.logGroupName, filter.filterName), filter);
    this.#compiled.delete(filter.logGroupName);
  }

  find(group: string, name: string): MetricFilter | undefined {
    return this.#collection.get(keyOf(group, name));
  }

  delete(group: string, name: string): boolean {
    this.#compiled.delete(group);
    return this.#collection.delete(keyOf(group, name));
  }

  deleteAll(group: string): void {
    for (const { filterName } of this.ofGroup(group)) {
      this.delete(group, filterName);
    }
  }

  ofGroup(group: string): MetricFilter[] {
    return this.#collection.values(group + SEPARATOR);
  }

  all(): MetricFilter[] {
    return this.#collection.values();
  }

  /** True when a group has filters at all, so that others' events need no look. */
  watches(group: string): boolean {
    return this.#ofGroup(group).length > 0;
  }

  /**
   * The data points that one event gives: the metric value on a match, the default value (where there is one) otherwise.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html
   */
  evaluate(group: string, event: LogText, line: LogLine): MetricDatum[] {
    const data: MetricDatum[] = [];
    for (const { pattern, transformations } of this.#ofGroup(group)) {
      const match = pattern.match(event);
      for (const transformation of transformations) {
        const datum = toDatum(transformation, match, line.timestamp);
        if (datum !== undefined) {
          data.push(datum);
        }
      }
    }
    return data;
  }

  #ofGroup(group: string): Compiled[] {
    let compiled = this.#compiled.get(group);
    if (compiled === undefined) {
      compiled = this.ofGroup(group).map(({ filterPattern, metricTransformations }) => ({
        pattern: compileFilterPattern(filterPattern),
        transformations: metricTransformations,
      }));
      this.#compiled.set(group, compiled);
    }
    return compiled;
  }
}

function toDatum(
  transformation: MetricTransformation,
  match: PatternMatch | undefined,
  timestamp: number,
): MetricDatum | undefined {
  const {
    metricName: name,
    metricNamespace: namespace,
    metricValue,
    defaultValue,
    dimensions = {},
    unit = "None",
  } = transformation;
  if (match === undefined) {
    return defaultValue === undefined
      ? undefined
      : { namespace, name, dimensions: {}, value: defaultValue, unit, timestamp };
  }
  const value = Number(metricValue.startsWith("$") ? match.value(metricValue) : metricValue);
  if (!Number.isFinite(value)) {
    return undefined;
  }
  const found: Record<string, string> = {};
  for (const [dimension, selector] of Object.entries(dimensions)) {
    const text = match.value(selector);
    // Without all of its dimensions the metric is another one; AWS then reports none.
    if (text === undefined || text === null || typeof text === "object" || text === "") {
      return undefined;
    }
    found[dimension] = String(text);
  }
  return { namespace, name, dimensions: found, value, unit, timestamp };
}

function keyOf(group: string, name: string): string {
  return `${group}${SEPARATOR}${name}`;
}
