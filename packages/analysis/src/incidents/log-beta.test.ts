import { expect, test } from "vitest";
import { logEvidence, shareBelief } from "./log-beta.ts";

test("evidence is that of the beta-binomial distribution", () => {
  // With a flat belief every count of failures is as likely as any other: 1 / ((n + 1) C(n, k)).
  const flat = shareBelief(1, 1);
  expect(logEvidence(3, 10, flat)).toBeCloseTo(Math.log(1 / (11 * 120)), 9);
  expect(logEvidence(0, 1_000, flat)).toBeCloseTo(Math.log(1 / 1_001), 9);
  expect(logEvidence(0, 0, flat)).toBe(0);
  // Two halves of a coin: B(k + 1/2, n - k + 1/2) / B(1/2, 1/2).
  expect(logEvidence(1, 2, shareBelief(0.5, 0.5))).toBeCloseTo(Math.log(1 / 8), 9);
});

test("who expects few failures believes few rather than many", () => {
  const rarely = shareBelief(0.5, 80);
  expect(logEvidence(1, 200, rarely)).toBeGreaterThan(logEvidence(1, 200, shareBelief(0.8, 2)));
  expect(logEvidence(60, 200, rarely)).toBeLessThan(logEvidence(60, 200, shareBelief(0.8, 2)));
});
