import { expect } from "vitest";

/** Expects a number to be another one but for rounding. */
export function expectNearly(actual: number, expected: number, relative = 1e-12): void {
  expect(Math.abs(actual - expected), `${actual} for ${expected}`).toBeLessThanOrEqual(
    relative * Math.abs(expected) + Number.MIN_VALUE,
  );
}
