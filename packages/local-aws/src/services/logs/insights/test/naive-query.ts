/**
 * A second, simple-minded evaluation of queries for the property tests: all events in an array, every step on all of them, and nothing
 * shared with the program. It knows the fields below, and what {@link NaiveQuery} can say.
 */

/** An event as it is generated: the line is the JSON of its fields. */
export interface NaiveEvent {
  /** Milliseconds after the start. */
  readonly after: number;
  readonly fields: { level?: string; status?: number | string; ms?: number; host?: string };
}

export type FieldName = keyof NaiveEvent["fields"];

/** A condition, and how it is written. */
export type NaiveCondition =
  | { readonly kind: "compare"; readonly field: FieldName; readonly operator: string; readonly value: number | string }
  | { readonly kind: "in"; readonly field: FieldName; readonly values: readonly (number | string)[] }
  | { readonly kind: "like"; readonly field: FieldName; readonly part: string }
  | { readonly kind: "present"; readonly field: FieldName }
  | { readonly kind: "not"; readonly of: NaiveCondition }
  | { readonly kind: "and" | "or"; readonly left: NaiveCondition; readonly right: NaiveCondition };

export type NaiveAggregate =
  | { readonly kind: "count" }
  | { readonly kind: "count of" | "sum" | "avg" | "min" | "max" | "distinct"; readonly field: FieldName }
  | { readonly kind: "pct"; readonly field: FieldName; readonly percent: number };

export interface NaiveQuery {
  readonly filter: NaiveCondition | undefined;
  /** Without it the events themselves are the rows. */
  readonly stats:
    | { readonly aggregates: readonly NaiveAggregate[]; readonly by: readonly (FieldName | "bin")[] }
    | undefined;
  /** Fields of events, or columns of stats by position: `a0`, `b0`. */
  readonly sort: readonly { readonly key: string; readonly descending: boolean }[];
  readonly limit: number | undefined;
}

type Cell = string | number | undefined;
type NaiveRow = Record<string, Cell>;

const MINUTE = 60_000;

/** Writes the query in the language. */
export function writeQuery({ filter, stats, sort, limit }: NaiveQuery): string {
  const commands: string[] = [];
  if (filter !== undefined) {
    commands.push(`filter ${writeCondition(filter)}`);
  }
  if (stats === undefined) {
    commands.push("fields level, status, ms, host");
  } else {
    const aggregates = stats.aggregates.map((aggregate, index) => `${writeAggregate(aggregate)} as a${index}`);
    const by = stats.by.map((each, index) => `${each === "bin" ? "bin(1m)" : each} as b${index}`);
    commands.push(`stats ${aggregates.join(", ")}${by.length === 0 ? "" : ` by ${by.join(", ")}`}`);
  }
  if (sort.length > 0) {
    commands.push(`sort ${sort.map(({ key, descending }) => `${key}${descending ? " desc" : ""}`).join(", ")}`);
  }
  if (limit !== undefined) {
    commands.push(`limit ${limit}`);
  }
  return commands.join(" | ");
}

function writeCondition(condition: NaiveCondition): string {
  switch (condition.kind) {
    case "compare":
      return `${condition.field} ${condition.operator} ${writeValue(condition.value)}`;
    case "in":
      return `${condition.field} in [${condition.values.map(writeValue).join(", ")}]`;
    case "like":
      return `${condition.field} like "${condition.part}"`;
    case "present":
      return `ispresent(${condition.field})`;
    case "not":
      return `not (${writeCondition(condition.of)})`;
    default:
      return `(${writeCondition(condition.left)}) ${condition.kind} (${writeCondition(condition.right)})`;
  }
}

function writeAggregate(aggregate: NaiveAggregate): string {
  switch (aggregate.kind) {
    case "count":
      return "count(*)";
    case "count of":
      return `count(${aggregate.field})`;
    case "distinct":
      return `count_distinct(${aggregate.field})`;
    case "pct":
      return `pct(${aggregate.field}, ${aggregate.percent})`;
    default:
      return `${aggregate.kind}(${aggregate.field})`;
  }
}

const writeValue = (value: number | string): string => (typeof value === "number" ? String(value) : `'${value}'`);

/** Evaluates the query; events are in the order of their ingestion. */
export function evaluateNaively(query: NaiveQuery, events: readonly NaiveEvent[], start: number): NaiveRow[] {
  const newestFirst = events
    .map((event, index) => ({ event, index }))
    .sort((left, right) => right.event.after - left.event.after || right.index - left.index)
    .map(({ event }) => event)
    .filter((event) => query.filter === undefined || holds(query.filter, event));
  const rows: NaiveRow[] =
    query.stats === undefined
      ? newestFirst.map(({ fields }) => ({ ...fields }))
      : group(query.stats, newestFirst, start);
  const sorted = rows
    .map((row, index) => ({ row, index }))
    .sort((left, right) => {
      for (const { key, descending } of query.sort) {
        const order = compareCells(left.row[key], right.row[key]);
        if (order !== 0) {
          return descending ? -order : order;
        }
      }
      return left.index - right.index;
    })
    .map(({ row }) => row);
  return sorted.slice(0, query.limit ?? 10_000);
}

function holds(condition: NaiveCondition, event: NaiveEvent): boolean {
  switch (condition.kind) {
    case "compare":
      return compares(event.fields[condition.field], condition.operator, condition.value);
    case "in":
      return condition.values.some((value) => compares(event.fields[condition.field], "=", value));
    case "like":
      return (
        event.fields[condition.field] !== undefined && String(event.fields[condition.field]).includes(condition.part)
      );
    case "present":
      return event.fields[condition.field] !== undefined;
    case "not":
      return !holds(condition.of, event);
    case "and":
      return holds(condition.left, event) && holds(condition.right, event);
    case "or":
      return holds(condition.left, event) || holds(condition.right, event);
  }
}

function compares(left: Cell, operator: string, right: number | string): boolean {
  if (left === undefined) {
    return operator === "!=";
  }
  const [a, b] = [numberOf(left), numberOf(right)];
  if ((a === undefined) !== (b === undefined)) {
    return operator === "!=";
  }
  const [x, y]: [number | string, number | string] =
    a !== undefined && b !== undefined ? [a, b] : [String(left), String(right)];
  const results: Record<string, boolean> = {
    "=": x === y,
    "!=": x !== y,
    "<": x < y,
    "<=": x <= y,
    ">": x > y,
    ">=": x >= y,
  };
  return results[operator] ?? false;
}

/** The generated texts are numbers or contain a letter or are "-". */
function numberOf(value: Cell): number | undefined {
  const number = value === undefined || value === "" ? Number.NaN : Number(value);
  return Number.isNaN(number) ? undefined : number;
}

function group(
  { aggregates, by }: NonNullable<NaiveQuery["stats"]>,
  events: readonly NaiveEvent[],
  start: number,
): NaiveRow[] {
  const keys: string[] = [];
  const members: NaiveEvent[][] = [];
  const cellOf = (event: NaiveEvent, each: FieldName | "bin"): Cell =>
    each === "bin" ? start + Math.floor(event.after / MINUTE) * MINUTE : event.fields[each];
  for (const event of events) {
    const key = JSON.stringify(by.map((each) => String(cellOf(event, each) ?? "\u0000")));
    const index = keys.indexOf(key);
    if (index < 0) {
      keys.push(key);
      members.push([event]);
    } else {
      members[index]?.push(event);
    }
  }
  return members.map((some) => {
    const first = some[0];
    const row: NaiveRow = {};
    by.forEach((each, index) => {
      row[`b${index}`] = first === undefined ? undefined : cellOf(first, each);
    });
    aggregates.forEach((aggregate, index) => {
      row[`a${index}`] = aggregateOf(aggregate, some);
    });
    return row;
  });
}

function aggregateOf(aggregate: NaiveAggregate, events: readonly NaiveEvent[]): Cell {
  if (aggregate.kind === "count") {
    return events.length;
  }
  const values = events.map(({ fields }) => fields[aggregate.field]).filter((value) => value !== undefined);
  const numbers = values.map(numberOf).filter((value) => value !== undefined);
  if (aggregate.kind === "count of") {
    return values.length;
  }
  if (aggregate.kind === "distinct") {
    return new Set(values.map(String)).size;
  }
  if (numbers.length === 0) {
    return undefined;
  }
  const ordered = numbers.toSorted((left, right) => left - right);
  const sum = ordered.reduce((total, each) => total + each, 0);
  switch (aggregate.kind) {
    case "sum":
      return sum;
    case "avg":
      return sum / ordered.length;
    case "min":
      return ordered[0];
    case "max":
      return ordered.at(-1);
    case "pct":
      // The first value that enough of the others do not exceed.
      return ordered.find((_, index) => (index + 1) * 100 >= aggregate.percent * ordered.length);
  }
}

/** Missing ones, then texts, then numbers. The generated texts have a letter, a number of at most two digits, or are one word. */
function compareCells(left: Cell, right: Cell): number {
  const classOf = (cell: Cell): number => (cell === undefined ? 0 : numberOf(cell) === undefined ? 1 : 2);
  if (classOf(left) !== classOf(right)) {
    return classOf(left) - classOf(right);
  }
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) {
    return a - b;
  }
  // One digit before two of them.
  const padded = (cell: Cell): string => String(cell ?? "").replace(/^([a-z])(\d)$/, "$10$2");
  const [x, y] = [padded(left), padded(right)];
  return x < y ? -1 : x > y ? 1 : 0;
}
