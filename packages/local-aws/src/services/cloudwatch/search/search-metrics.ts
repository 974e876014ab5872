import type { MetricIdentity, SeriesTable } from "../series-table.ts";
import { meetsSearch } from "./meets-search.ts";
import type { SearchQuery } from "./search-query.ts";

/** A search finds metrics that had data in this time. */
const FOUND_FOR_MS = 14 * 86_400_000;

/** A metric that was found, and what tells it from the others that were. */
export interface FoundMetric {
  readonly metric: MetricIdentity;
  readonly label: string;
}

/**
 * Finds metrics with data in the past two weeks, in the order of their namespaces, names and dimensions.
 *
 * The label of each is made of what is not the same in all: values of dimensions, the name, the namespace; the name, when nothing
 * differs.
 *
 * @param now - milliseconds since the epoch
 */
export function searchMetrics(series: SeriesTable, query: SearchQuery, now: number): readonly FoundMetric[] {
  const found = series
    .list(
      {
        ...(query.schema === undefined ? {} : { namespace: query.schema.namespace }),
        dimensions: (query.schema?.dimensions ?? []).map((name) => ({ name })),
        seenSince: now - FOUND_FOR_MS,
        afterId: 0,
      },
      Number.POSITIVE_INFINITY,
    )
    .filter((metric) => meetsSearch(query, metric))
    .map(({ namespace, name, dimensions }) => ({ metric: { namespace, name, dimensions } }));
  const parts = found.map(({ metric }) => new Map(partsOf(metric)));
  const varying = [...new Set(parts.flatMap((part) => [...part.keys()]))].filter(
    (key) => new Set(parts.map((part) => part.get(key))).size > 1,
  );
  return found
    .map(({ metric }, index) => {
      const own = varying.map((key) => parts[index]?.get(key)).filter((part) => part !== undefined);
      return { metric, label: own.length === 0 ? metric.name : own.join(" ") };
    })
    .sort((left, right) => compare(sortKey(left.metric), sortKey(right.metric)));
}

/** What a label may be made of; dimensions first. */
function partsOf({ namespace, name, dimensions }: MetricIdentity): [key: string, value: string][] {
  return [
    ...Object.entries(dimensions).map(([key, value]): [string, string] => [`dimension ${key}`, value]),
    ["name", name],
    ["namespace", namespace],
  ];
}

function sortKey({ namespace, name, dimensions }: MetricIdentity): string {
  return [namespace, name, ...Object.entries(dimensions).flat()].join("\n");
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
