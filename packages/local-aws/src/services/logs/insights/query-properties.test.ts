import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { START } from "./test/log-lines.ts";
import {
  evaluateNaively,
  type FieldName,
  type NaiveAggregate,
  type NaiveCondition,
  type NaiveEvent,
  type NaiveQuery,
  writeQuery,
} from "./test/naive-query.ts";
import { type QueryFixture, queryFixture, type ResultObject } from "./test/query-fixture.ts";

let fixture: QueryFixture;
let groups = 0;

beforeEach(() => {
  fixture = queryFixture({ isEmpty: true });
});

afterEach(() => fixture.dispose());

const FIELDS: readonly FieldName[] = ["level", "status", "ms", "host"];
const field = fc.constantFrom(...FIELDS);
const host = fc.constantFrom("h1", "h2", "h9", "h10", "h11", "web");
const status = fc.constantFrom<number | string>(200, 201, 404, 500, "200", "503", "-");
/** Quarters, whose sums are exact in whatever order. */
const milliseconds = fc.integer({ min: -20, max: 4000 }).map((quarters) => quarters / 4);

const event: fc.Arbitrary<NaiveEvent> = fc.record({
  // Few different times, so that many events have the same.
  after: fc.integer({ min: 0, max: 40 }).map((step) => step * 7500),
  fields: fc.record(
    { level: fc.constantFrom("INFO", "WARN", "ERROR"), status, ms: milliseconds, host },
    { requiredKeys: [] },
  ),
});

const literal = fc.oneof(
  fc.constantFrom<number | string>(200, 404, 500, "INFO", "WARN", "h2", "h10", "-", "500"),
  milliseconds,
);

const { condition } = fc.letrec<{ condition: NaiveCondition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({
      kind: fc.constant("compare" as const),
      field,
      operator: fc.constantFrom("=", "!=", "<", "<=", ">", ">="),
      value: literal,
    }),
    fc.record({ kind: fc.constant("in" as const), field, values: fc.array(literal, { maxLength: 3 }) }),
    fc.record({ kind: fc.constant("like" as const), field, part: fc.constantFrom("O", "h1", "0", ".5", "-") }),
    fc.record({ kind: fc.constant("present" as const), field }),
    fc.record({ kind: fc.constant("not" as const), of: tie("condition") }),
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      left: tie("condition"),
      right: tie("condition"),
    }),
  ),
}));

const aggregate: fc.Arbitrary<NaiveAggregate> = fc.oneof(
  fc.constant<NaiveAggregate>({ kind: "count" }),
  fc.record({ kind: fc.constantFrom("count of" as const, "distinct" as const), field }),
  // Of texts there is no sum, and the extremes of texts are another test's.
  fc.record({ kind: fc.constantFrom("sum" as const, "avg" as const), field }),
  fc.record({ kind: fc.constantFrom("min" as const, "max" as const), field: fc.constant("ms" as const) }),
  fc.record({ kind: fc.constant("pct" as const), field, percent: fc.integer({ min: 0, max: 100 }) }),
);

const limit = fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined });
const filter = fc.option(condition, { nil: undefined });

function sortBy(...keys: readonly string[]): fc.Arbitrary<NaiveQuery["sort"]> {
  return fc.uniqueArray(fc.record({ key: fc.constantFrom(...keys), descending: fc.boolean() }), {
    maxLength: 3,
    selector: ({ key }) => key,
  });
}

const query: fc.Arbitrary<NaiveQuery> = fc.oneof(
  fc.record({ filter, stats: fc.constant(undefined), sort: sortBy(...FIELDS), limit }),
  fc
    .tuple(
      fc.array(aggregate, { minLength: 1, maxLength: 4 }),
      fc.uniqueArray(fc.constantFrom<FieldName | "bin">(...FIELDS, "bin"), { maxLength: 3 }),
    )
    .chain(([aggregates, by]) =>
      fc.record({
        filter,
        stats: fc.constant({ aggregates, by }),
        sort: sortBy(...aggregates.map((_, index) => `a${index}`), ...by.map((_, index) => `b${index}`)),
        limit,
      }),
    ),
);

/** Results as numbers where they are numbers, rounded as results are. */
function comparable(rows: readonly Record<string, string | number | undefined>[], bins: readonly string[]) {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => {
          if (bins.includes(name)) {
            return [name, typeof value === "number" ? value : Date.parse(`${String(value).replace(" ", "T")}Z`)];
          }
          const number = Number(value);
          return [name, value === "" || Number.isNaN(number) ? value : Number(number.toFixed(4))];
        }),
    ),
  );
}

test("a query gives what a naive evaluation of it gives", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), query, (events, given) => {
      const group = `/g${groups++}`;
      fixture.add(
        group,
        events.map(({ after, fields }) => [after, "s", JSON.stringify(fields)] as const),
      );
      const text = writeQuery(given);
      const bins = (given.stats?.by ?? []).flatMap((each, index) => (each === "bin" ? [`b${index}`] : []));
      const rows: ResultObject[] = events.length === 0 ? [] : fixture.run(text, group).rows;
      expect(comparable(rows, bins), text).toEqual(comparable(evaluateNaively(given, events, START), bins));
    }),
    { numRuns: 300 },
  );
});
