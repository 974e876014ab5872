import type { LogLine, MetricDatum } from "../../core/ports.ts";
import type { Collection } from "../../store/store.ts";
import type { DefaultValues } from "./default-values.ts";
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
  readonly key: string;
  readonly pattern: FilterPattern;
  readonly transformations: readonly MetricTransformation[];
}

/** Groups' names cannot hold a space, so that it separates the parts of a key. */
const SEPARATOR = " ";

/** The metric filters of all groups, compiled once for the events that flow past. */
export class MetricFilters {
  readonly #collection: Collection<MetricFilter>;
  readonly #defaults: DefaultValues;
  readonly #compiled = new Map<string, Compiled[]>();

  /** @param defaults - told of the events that filters with a default value look at */
  constructor(collection: Collection<MetricFilter>, defaults: DefaultValues) {
    this.#collection = collection;
    this.#defaults = defaults;
  }

  put(filter: MetricFilter): void {
    const key = keyOf(filter.logGroupName, filter.filterName);
    this.#collection.put(key, filter);
    this.#defaults.forget(key);
    this.#compiled.delete(filter.logGroupName);
  }

  find(group: string, name: string): MetricFilter | undefined {
    return this.#collection.get(keyOf(group, name));
  }

  delete(group: string, name: string): boolean {
    const key = keyOf(group, name);
    this.#compiled.delete(group);
    this.#defaults.forget(key);
    return this.#collection.delete(key);
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
   * The data points that one event gives where it matches. Filters with a default value report that once a minute is over.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html
   */
  evaluate(group: string, event: LogText, line: LogLine): MetricDatum[] {
    const data: MetricDatum[] = [];
    for (const { key, pattern, transformations } of this.#ofGroup(group)) {
      const match = pattern.match(event);
      for (const transformation of transformations) {
        const metric = defaultMetric(transformation);
        if (metric !== undefined) {
          this.#defaults.note(key, metric, line.timestamp, match !== undefined);
        }
        const datum = match === undefined ? undefined : toDatum(transformation, match, line.timestamp);
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
      compiled = this.ofGroup(group).map(({ filterName, filterPattern, metricTransformations }) => ({
        key: keyOf(group, filterName),
        pattern: compileFilterPattern(filterPattern),
        transformations: metricTransformations,
      }));
      this.#compiled.set(group, compiled);
    }
    return compiled;
  }
}

/** What is reported for a minute without a match; metrics with dimensions have no default value. */
function defaultMetric({ metricName: name, metricNamespace: namespace, defaultValue, unit }: MetricTransformation) {
  return defaultValue === undefined
    ? undefined
    : { namespace, name, dimensions: {}, value: defaultValue, unit: unit ?? "None" };
}

function toDatum(
  { metricName: name, metricNamespace: namespace, metricValue, dimensions = {}, unit = "None" }: MetricTransformation,
  match: PatternMatch,
  timestamp: number,
): MetricDatum | undefined {
  const value = toNumber(metricValue.startsWith("$") ? match.value(metricValue) : metricValue);
  if (value === undefined) {
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

/** What JSON has for nothing, truth and lists is no number: `Number(null)` would be 0. */
function toNumber(value: unknown): number | undefined {
  const isText = typeof value === "string" && value.trim() !== "";
  const number = typeof value === "number" || isText ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

function keyOf(group: string, name: string): string {
  return `${group}${SEPARATOR}${name}`;
}
