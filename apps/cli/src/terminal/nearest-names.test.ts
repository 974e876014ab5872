import { expect, test } from "vitest";
import { nearestNames } from "./nearest-names.ts";

test.each([
  ["erors", ["latency", "errors", "5xx"], "errors"],
  ["LATENCY", ["requests", "latency"], "latency"],
  ["orders", ["odors", "Shop/orders"], "Shop/orders"],
  ["erors", ["orders-down", "orders-errors"], "orders-errors"],
  ["api-errors", ["api-prod-errors", "api-prod-duration"], "api-prod-errors"],
])("%s is nearest to one of %j: %s", (typed, names, nearest) => {
  expect(nearestNames(typed, names)[0]).toBe(nearest);
});

test("has every name once, and equals in their order", () => {
  expect(nearestNames("zzz", ["bbb", "aaa", "bbb"])).toEqual(["aaa", "bbb"]);
});
