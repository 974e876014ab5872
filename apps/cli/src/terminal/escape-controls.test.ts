import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeControls, escapeControlsInJson } from "./escape-controls.ts";

test.each([
  ["\u001b[2J", "\\x1b[2J"],
  ["a\rb", "a\\x0db"],
  ["\u009b31m", "\\x9b31m"],
  ["\u0007", "\\x07"],
  ["user\u202egnp.exe", "user\\u202egnp.exe"],
  ["a\tb", "a b"],
  ["a\nb", "a\\x0ab"],
  ["plain, ÄÖ, 日本, 😀", "plain, ÄÖ, 日本, 😀"],
])("%j becomes %j", (text, shown) => {
  expect(escapeControls(text)).toBe(shown);
});

test("line breaks stay where they are wanted", () => {
  expect(escapeControls("a\n\u001bb", { lines: true })).toBe("a\n\\x1bb");
});

test("JSON means the same, and has nothing that a terminal obeys", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const escaped = escapeControlsInJson(JSON.stringify({ text }));

      expect(JSON.parse(escaped)).toEqual({ text });
      expect(escaped).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
    }),
  );
});
