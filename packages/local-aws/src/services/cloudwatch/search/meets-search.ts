import type { MetricIdentity } from "../series-table.ts";
import type { SearchCondition, SearchQuery } from "./search-query.ts";
import { matchesPartially } from "./tokens.ts";

/**
 * True when a metric is what a search looks for. Of a schema with dimensions, the metric has exactly these dimensions.
 */
export function meetsSearch({ schema, condition }: SearchQuery, metric: MetricIdentity): boolean {
  if (schema !== undefined) {
    const names = Object.keys(metric.dimensions);
    const wanted = new Set(schema.dimensions);
    if (
      metric.namespace !== schema.namespace ||
      (wanted.size > 0 && (names.length !== wanted.size || !names.every((name) => wanted.has(name))))
    ) {
      return false;
    }
  }
  return condition === undefined || meets(condition, metric);
}

function meets(condition: SearchCondition, metric: MetricIdentity): boolean {
  switch (condition.kind) {
    case "and":
      return condition.operands.every((operand) => meets(operand, metric));
    case "or":
      return condition.operands.some((operand) => meets(operand, metric));
    case "not":
      return !meets(condition.operand, metric);
    case "term": {
      const { property, value, exact } = condition;
      return namesOf(metric, property).some((name) => (exact ? name === value : matchesPartially(value, name)));
    }
  }
}

/** What a term is looked for in. */
function namesOf({ namespace, name, dimensions }: MetricIdentity, property: string | undefined): readonly string[] {
  switch (property) {
    case undefined:
      return [namespace, name, ...Object.entries(dimensions).flat()];
    case "Namespace":
      return [namespace];
    case "MetricName":
      return [name];
    default: {
      const value = Object.hasOwn(dimensions, property) ? dimensions[property] : undefined;
      return value === undefined ? [] : [value];
    }
  }
}
