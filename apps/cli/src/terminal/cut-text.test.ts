import { expect, test } from "vitest";
import { cutText } from "./cut-text.ts";

test.each([
  ["abcdef", 6, "abcdef"],
  ["abcdefg", 6, "abcde~"],
  ["ab😀cd", 4, "ab~"],
  ["ab😀cd", 5, "ab😀~"],
  ["abc", 1, "~"],
  ["abc", -3, "~"],
])("%s in %i columns is %s", (text, width, cut) => {
  expect(cutText(text, width, "~")).toBe(cut);
});
