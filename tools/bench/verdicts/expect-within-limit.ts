import { expect } from "vitest";
import { byExactTest, type JudgedScenario } from "./canary-scenarios.ts";
import { simulateCanary } from "./simulate-canary.ts";

/** Runs a canary so many times: those that are counted are within its limit. */
export function expectWithinLimit({ scenario, counts, target }: JudgedScenario, trials: number): void {
  const outcomes = simulateCanary(scenario, byExactTest(scenario.looks), { trials, seed: 1 });

  const percent = (100 * counts(outcomes)) / trials;
  expect(outcomes.failed + outcomes.inconclusive + outcomes.successful + outcomes.error).toBe(trials);
  expect(target).toBeDefined();
  if (target?.is === "under") {
    expect(percent, JSON.stringify(outcomes)).toBeLessThan(target.value);
  } else {
    expect(percent, JSON.stringify(outcomes)).toBeLessThanOrEqual(target?.value ?? -1);
  }
}
