import { expect, it } from "vitest";
import { TokenBuckets } from "./token-buckets.ts";

it("lets a burst through, then the steady rate, per key", () => {
  let now = 0;
  const buckets = new TokenBuckets(() => now);
  const limit = { rate: 2, burst: 3 };
  const taken = () => [1, 2, 3, 4].map(() => buckets.take("a", limit));
  expect(taken()).toEqual([true, true, true, false]);
  expect(buckets.take("b", limit)).toBe(true);
  now = 499;
  expect(buckets.take("a", limit)).toBe(false);
  now = 1000;
  expect(taken()).toEqual([true, true, false, false]);
  now = 3_600_000;
  expect(taken()).toEqual([true, true, true, false]);
});

it("lets nothing through with a burst of zero", () => {
  expect(new TokenBuckets(() => 0).take("a", { rate: 0, burst: 0 })).toBe(false);
});
