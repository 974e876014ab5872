import { errorBudgetSchema } from "@slipway/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MetricPoint } from "../../ports/metrics.ts";
import { fakeMetrics } from "../../validation/test/fake-observers.ts";
import { measureErrorBudget } from "./measure-error-budget.ts";

const DAY_MS = 86_400_000;
const END = Date.UTC(2026, 10, 28, 12);
const stages = [{ apiId: "a1", apiName: "shop", stage: "prod" }];
const objective = { availabilityPercent: 99.9, days: 30 };

function metricsOf(requests: readonly MetricPoint[], failed: readonly MetricPoint[]) {
  return fakeMetrics({ "AWS/ApiGateway Count Sum": requests, "AWS/ApiGateway 5XXError Sum": failed });
}

const question = { stages, to: END, now: END, failed: 300, objective };

describe("measureErrorBudget", () => {
  it("says what share of what may fail has failed", async () => {
    const requests = [
      // The day before the objective's days does not count.
      { at: END - 31 * DAY_MS, value: 9_000_000 },
      { at: END - 10 * DAY_MS, value: 400_000 },
      { at: END - 3_600_000, value: 600_000 },
    ];
    const budget = await measureErrorBudget(metricsOf(requests, [{ at: END - 3_600_000, value: 450 }]), question);
    expect(budget).toEqual({
      ...{ availabilityPercent: 99.9, days: 30, requests: 1_000_000, failed: 450, allowed: 1_000 },
      ...{ from: "2026-10-29T12:00:00.000Z", to: "2026-11-28T12:00:00.000Z" },
      ...{ incidentPercent: 30, usedPercent: 45 },
    });
    expect(errorBudgetSchema.parse(budget)).toEqual(budget);
  });

  it("asks for the period that CloudWatch still has of the first of these days", async () => {
    const periods: number[] = [];
    const metrics = {
      ...metricsOf([], []),
      read: async (_: unknown, __: unknown, period: number) => {
        periods.push(period);
        return [];
      },
    };
    for (const [days, age] of [
      [10, 0],
      [30, 0],
      [30, 40],
    ] as const) {
      await measureErrorBudget(metrics, {
        ...question,
        ...{ objective: { ...objective, days }, now: END + age * DAY_MS },
      });
    }
    expect(periods).toEqual([60, 300, 3_600]);
  });

  it("has nothing to divide by where nobody asked for anything", async () => {
    expect(await measureErrorBudget(metricsOf([], []), question)).toBeUndefined();
  });

  it("agrees with the metrics to the request", async () => {
    const counts = fc.array(fc.record({ minute: fc.nat(60 * 24 * 40), requests: fc.nat(1e6), failed: fc.nat(1e6) }));
    await fc.assert(
      fc.asyncProperty(counts, async (minutes) => {
        const points = (of: (each: { requests: number; failed: number }) => number) =>
          minutes.map((each) => ({ at: END - (each.minute + 1) * 60_000, value: of(each) }));
        const budget = await measureErrorBudget(
          metricsOf(
            points(({ requests, failed }) => requests + failed),
            points(({ failed }) => failed),
          ),
          question,
        );
        const within = minutes.filter(({ minute }) => minute < 60 * 24 * 30);
        const sum = (of: (each: { requests: number; failed: number }) => number) =>
          within.reduce((total, each) => total + of(each), 0);
        const requests = sum((each) => each.requests + each.failed);
        expect(budget?.requests ?? 0).toBe(requests);
        expect(budget?.failed ?? 0).toBe(requests === 0 ? 0 : sum(({ failed }) => failed));
      }),
      { numRuns: 100 },
    );
  });
});
