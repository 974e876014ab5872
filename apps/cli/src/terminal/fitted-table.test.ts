import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fittedTable } from "./fitted-table.ts";

const rows = [
  ["class", "errors", "last"],
  ["TypeError", "12", "2026-11-28 03:04:05.678"],
  ["ProvisionedThroughputExceededException", "3.5", "2026-11-28 03:05:05.678"],
  ["", "", ""],
];

describe("a table", () => {
  test("has its numbers at the right", () => {
    expect(fittedTable(rows)).toEqual({
      isCut: false,
      text: [
        "class                                   errors  last",
        "TypeError                                   12  2026-11-28 03:04:05.678",
        "ProvisionedThroughputExceededException     3.5  2026-11-28 03:05:05.678",
        "",
        "",
      ].join("\n"),
    });
  });

  test("cuts texts to fit, and says so; never numbers or times", () => {
    expect(fittedTable(rows, 60)).toEqual({
      isCut: true,
      text: [
        "class                        errors  last",
        "TypeError                        12  2026-11-28 03:04:05.678",
        "ProvisionedThroughputExcee…     3.5  2026-11-28 03:05:05.678",
        "",
        "",
      ].join("\n"),
    });
  });

  test("cuts with a plain character where the terminal has no other", () => {
    expect(fittedTable(rows, 60, "~").text).toContain("ProvisionedThroughputExcee~ ");
  });

  test("becomes blocks where nothing else fits", () => {
    const wide = [
      ["bin(5m)", "a", "message"],
      ["2026-11-28 03:04:05.678", "123456789012345678", "one two three four five six"],
      ["2026-11-28 03:05:05.678", "1", ""],
    ];

    expect(fittedTable(wide, 40)).toEqual({
      isCut: false,
      text: [
        "bin(5m)  2026-11-28 03:04:05.678",
        "a        123456789012345678",
        "message  one two three four five six",
        "",
        "bin(5m)  2026-11-28 03:05:05.678",
        "a        1",
        "",
      ].join("\n"),
    });
  });

  test("of any values fits", () => {
    const cell = fc.stringMatching(/^[a-z ]{0,60}$/);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, fc.integer().map(String), cell), { maxLength: 5 }),
        fc.integer({ min: 40, max: 120 }),
        (values, width) => {
          const { text } = fittedTable([["text", "number", "other"], ...values], width);

          expect(text.split("\n").every((line) => line.length <= width)).toBe(true);
        },
      ),
    );
  });
});
