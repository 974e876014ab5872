/** A search expression, parsed. */
export interface SearchQuery {
  readonly schema: { readonly namespace: string; readonly dimensions: readonly string[] } | undefined;
  /** Absent when the schema alone is searched for. */
  readonly condition: SearchCondition | undefined;
}

/** What a metric must meet. */
export type SearchCondition =
  | { readonly kind: "and" | "or"; readonly operands: readonly SearchCondition[] }
  | { readonly kind: "not"; readonly operand: SearchCondition }
  | {
      readonly kind: "term";
      /** `MetricName`, `Namespace` or the name of a dimension; absent when the term may be found anywhere. */
      readonly property: string | undefined;
      readonly value: string;
      /** In quotes: the whole name as it is written. */
      readonly exact: boolean;
    };
