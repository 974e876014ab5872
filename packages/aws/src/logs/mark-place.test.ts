import { expect, test } from "vitest";
import { markPlace } from "./mark-place.ts";

test.each([
  ["one character", "fields a b", 9, 10, "fields a b\n         ^"],
  ["a word", "stats cuont() by x", 6, 11, "stats cuont() by x\n      ^^^^^"],
  ["the end of the text", "filter a =", 10, 10, "filter a =\n          ^"],
  ["behind the end of the text", "filter a =", 99, 100, "filter a =\n          ^"],
  ["the second line of three", "fields a\n| sort ?\n| limit 1", 16, 17, "| sort ?\n       ^"],
  ["a place that goes on in the next line", "fields ?\n| b", 7, 12, "fields ?\n       ^"],
  ["behind a tab", "fields\t?", 7, 8, "fields ?\n       ^"],
  ["an empty text", "", 0, 0, "\n^"],
])("%s", (_, text, from, to, shown) => {
  expect(markPlace(text, from, to)).toBe(shown);
});

test("a long line is cut on both sides, and the caret is still under its place", () => {
  const text = `${"a".repeat(100)}?${"b".repeat(100)}`;

  const [line = "", caret = ""] = markPlace(text, 100, 101).split("\n");

  expect(line.length).toBeLessThan(70);
  expect(line[caret.indexOf("^")]).toBe("?");
  // Plain: an error may be read where UTF-8 is not.
  expect(line).toMatch(/^\.{3}a+\?b+\.{3}$/);
});
