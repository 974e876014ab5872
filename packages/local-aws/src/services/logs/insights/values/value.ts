/** What `jsonParse` makes: a map or a list. */
export type Structure = { readonly [name: string]: unknown } | readonly unknown[];

/**
 * A value of a query. `undefined` is a field that the event does not have. A timestamp is a number of milliseconds whose column has
 * the type `timestamp`: see {@link ValueType}.
 */
export type Value = string | number | boolean | Structure | undefined;

/**
 * What is known of an expression before any event is read; it decides how results are written:
 * `timestamp` as date and time, `raw` (a field as it is in the log) with all of its digits, `double` (the figures of Lambda's
 * `REPORT` lines) as Java writes doubles, `computed` rounded to four decimals.
 */
export type ValueType = "timestamp" | "raw" | "double" | "computed";

/** True for a map or a list. */
export function isStructure(value: unknown): value is Structure {
  return typeof value === "object" && value !== null;
}
