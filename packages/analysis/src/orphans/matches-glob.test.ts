import { expect, it } from "vitest";
import { matchesGlob } from "./matches-glob.ts";

it.each([
  ["reports", "reports", true],
  ["reports", "reports-prod", false],
  ["*", "", true],
  ["AWSReservedSSO_*", "AWSReservedSSO_Admin_1", true],
  ["*-prod", "items-prod", true],
  ["*-prod", "items-prod-old", false],
  ["a*a", "a", false],
  ["a*b*c", "a-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["a*bc*bc", "abc", false],
  // Nothing but the star means anything.
  ["it.ms", "items", false],
  ["[a-z]*", "items", false],
])("%s against %s: %s", (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected);
});
