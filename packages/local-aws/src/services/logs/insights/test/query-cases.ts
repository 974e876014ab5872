import type { ResultObject } from "./query-fixture.ts";

/** A query and the rows that it must give, in their order. */
export type QueryCase = readonly [query: string, rows: readonly ResultObject[]];

/** Rows of one column. */
export function column(name: string, ...values: string[]): ResultObject[] {
  return values.map((value) => ({ [name]: value }));
}
