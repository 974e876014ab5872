import { describe, expect, it, test } from "vitest";
import { byThreshold, canaryScenarios } from "./canary-scenarios.ts";
import { expectWithinLimit } from "./expect-within-limit.ts";
import { SeededRandom } from "./seeded-random.ts";
import { simulateCanary } from "./simulate-canary.ts";
import { simulateLatencies } from "./simulate-latencies.ts";

// Samples; verdicts.soak.test.ts has the full counts.

describe("a canary of 2,000 requests with 10 % for the candidate", () => {
  test.each(canaryScenarios)("$name within its limit", (judged) => {
    expectWithinLimit(judged, 2_000);
  });

  it("is rolled back at random where only the measured rate counts", () => {
    const scenario = { requests: 2_000, weight: 0.1, looks: 1, baseline: 0.005, candidate: 0.005 };

    expect(simulateCanary(scenario, byThreshold, { trials: 1_000, seed: 1 }).failed).toBeGreaterThan(150);
  });
});

describe("latencies of 200 requests on the candidate", () => {
  const canary = { requests: 2_000, weight: 0.1 };

  it("fail an unchanged candidate in less than 1 %", () => {
    const { failed } = simulateLatencies({ ...canary, slowShare: 0, slower: 1 }, { trials: 400, seed: 1 });

    expect(failed).toBeLessThan(4);
  });

  test.each([1, 0.1])("find one whose p99 is five times slower, because a share of %d is", (slowShare) => {
    const { failed } = simulateLatencies({ ...canary, slowShare, slower: 5 }, { trials: 200, seed: 1 });

    expect(failed).toBeGreaterThan(195);
  });
});

describe("SeededRandom", () => {
  it("gives the same numbers for the same seed, and others for another", () => {
    const numbers = (seed: number) => {
      const random = new SeededRandom(seed);
      return Array.from({ length: 5 }, () => random.next());
    };

    expect(numbers(1)).toEqual(numbers(1));
    expect(numbers(1)).not.toEqual(numbers(2));
  });

  test.each([
    [0.001, 1_000],
    [0.05, 200],
    [0.5, 40],
    [0.9, 100],
  ])("counts events of probability %d in %d trials as often as the binomial distribution has them", (p, of) => {
    const random = new SeededRandom(7);
    const draws = Array.from({ length: 20_000 }, () => random.binomial(of, p));
    const mean = draws.reduce((sum, each) => sum + each, 0) / draws.length;
    const variance = draws.reduce((sum, each) => sum + (each - mean) ** 2, 0) / draws.length;

    // Five standard errors.
    expect(Math.abs(mean - of * p)).toBeLessThan(5 * Math.sqrt((of * p * (1 - p)) / draws.length));
    expect(variance / (of * p * (1 - p))).toBeCloseTo(1, 1);
    expect([random.binomial(of, 0), random.binomial(of, 1)]).toEqual([0, of]);
  });
});
