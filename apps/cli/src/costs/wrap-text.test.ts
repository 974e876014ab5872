import { expect, it } from "vitest";
import { wrapText } from "./wrap-text.ts";

it("breaks at spaces, and indents what follows by two more", () => {
  expect(wrapText("one two three four", 12, "  ")).toEqual(["  one two", "    three", "    four"]);
});

it("cuts a word that is wider than the line, at a slash where it can", () => {
  const lines = wrapText("see https://example.com/a/long/path/to/something.json", 30, "");
  expect(lines.every((line) => line.length <= 30)).toBe(true);
  expect(lines.map((line) => line.trim()).join("")).toBe("seehttps://example.com/a/long/path/to/something.json");
  expect(lines[1]?.endsWith("/")).toBe(true);
});

it("keeps a short text as it is", () => {
  expect(wrapText("short", 80, "    ")).toEqual(["    short"]);
});

it.each([0, 1, 5])("comes to an end in a terminal of %i columns", (width) => {
  const text = `a few words, and one that is long: ${"x".repeat(50)}`;
  expect(wrapText(text, width, "").join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
});
