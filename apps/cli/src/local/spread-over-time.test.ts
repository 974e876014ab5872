import { describe, expect, it } from "vitest";
import { spreadOverTime } from "./spread-over-time.ts";

const HOUR_MS = 3_600_000;
const midnight = Date.parse("2026-11-28T00:00:00Z");

describe("spreadOverTime", () => {
  it.each([0, 1, 7, 77, 1_000])("gives all of %i runs to the steps, and no more", (runs) => {
    for (const profile of ["steady", "daily"] as const) {
      const spread = spreadOverTime(runs, { from: midnight, steps: 96, stepMs: HOUR_MS / 4, profile });
      expect(spread).toHaveLength(96);
      expect(spread.reduce((sum, each) => sum + each, 0)).toBe(runs);
      expect(Math.min(...spread)).toBeGreaterThanOrEqual(0);
    }
  });

  it("is even where it is steady, also with fewer runs than steps", () => {
    const few = spreadOverTime(8, { from: midnight, steps: 24, stepMs: HOUR_MS, profile: "steady" });
    expect(few.flatMap((each, hour) => (each > 0 ? [hour] : []))).toEqual([1, 4, 7, 10, 13, 16, 19, 22]);
    expect(new Set(spreadOverTime(48, { from: midnight, steps: 24, stepMs: HOUR_MS, profile: "steady" }))).toEqual(
      new Set([2]),
    );
  });

  it("is busy in the afternoon and quiet at night, whenever it begins", () => {
    const from = midnight + 9 * HOUR_MS;
    const spread = spreadOverTime(2_400, { from, steps: 24, stepMs: HOUR_MS, profile: "daily" });
    const at = (hour: number) => spread[(hour - 9 + 24) % 24] ?? 0;
    expect(at(15)).toBeGreaterThan(170);
    expect(at(3)).toBeLessThan(30);
    expect(at(3)).toBeGreaterThan(0);
  });
});
