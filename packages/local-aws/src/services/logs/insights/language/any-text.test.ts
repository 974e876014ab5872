import fc from "fast-check";
import { expect, test } from "vitest";
import { compileQuery } from "../plan/compile-query.ts";
import { MalformedQuery } from "./malformed-query.ts";

const WORDS = [
  ...[
    "fields",
    "filter",
    "stats",
    "sort",
    "limit",
    "parse",
    "dedup",
    "display",
    "unnest",
    "into",
    "by",
    "as",
    "and",
    "or",
    "not",
  ],
  ...[
    "in",
    "like",
    "any",
    "asc",
    "desc",
    "SOURCE",
    "logGroups",
    "count",
    "sum",
    "pct",
    "bin",
    "@timestamp",
    "@message",
    "a.b",
    "true",
  ],
  ...[
    "|",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    ":",
    "=",
    "!=",
    "<",
    ">=",
    "=~",
    "+",
    "-",
    "*",
    "/",
    "%",
    "^",
    "'x'",
    '"y*"',
    "`z`",
    "/r/",
  ],
  ...["/(?<n>x)/", "5", "5m", "1.5", "0", "#", "\n", "'", "`", "/", "\\", "é", "{", "}"],
];

test("any text either compiles or is malformed at a place within it", () => {
  const sentence = fc.array(fc.constantFrom(...WORDS), { maxLength: 14 }).map((words) => words.join(" "));
  const glued = fc.array(fc.constantFrom(...WORDS), { maxLength: 8 }).map((words) => words.join(""));
  const begun = fc.tuple(
    fc.constantFrom("fields ", "filter a = ", "stats ", "parse @message ", "sort "),
    fc.oneof(sentence, fc.string()),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        sentence,
        glued,
        fc.string({ unit: "binary" }),
        begun.map(([head, tail]) => head + tail),
      ),
      (text) => {
        try {
          compileQuery(text, { now: 0 });
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedQuery);
          const { start, end } = (error as MalformedQuery).span;
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      },
    ),
    { numRuns: 3000 },
  );
});
