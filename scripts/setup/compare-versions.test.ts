import { expect, test } from "vitest";
import { compareVersions } from "./compare-versions.mjs";

test.each([
  ["1.11.4", "1.11.0", 1],
  ["1.9.8", "1.11.0", -1],
  ["v22.23.3", "22.23.3", 0],
  ["1.12", "1.12.0", 0],
  ["1.12.0-beta1", "1.12.0", -1],
  ["1.12.0", "1.12.0-rc2", 1],
  ["1.12.0-rc2", "1.12.0-rc10", -1],
  ["1.12.0-beta1", "1.11.4", 1],
  ["5.100.0", "5.99.1", 1],
  ["1.11.4+ent", "1.11.4", 0],
])("%s against %s", (left, right, sign) => {
  expect(Math.sign(compareVersions(left, right))).toBe(sign);
  expect(Math.sign(compareVersions(right, left))).toBe(sign === 0 ? 0 : -sign);
});

test("refuses what is no version", () => {
  expect(() => compareVersions("latest", "1.0.0")).toThrow('"latest" is not a version');
});
