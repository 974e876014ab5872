import type { PriceTable } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { compareCapacityModes } from "./compare-capacity-modes.ts";
import { priceTableOf } from "./price-table-of.ts";
import { aTable, HOUR, MONTH } from "./test/make-usage.ts";
import type { CapacityPoint, TableUsage } from "./usage.ts";

const prices = priceTableOf("us-east-1") as PriceTable;
const PERIOD = 300;

/** A steady load over the whole month: so many units a second in every period. */
function steady(unitsPerSecond: number): CapacityPoint[] {
  const points: CapacityPoint[] = [];
  for (let at = MONTH.from; at < MONTH.to; at += PERIOD * 1000) {
    points.push({ at, sum: unitsPerSecond * PERIOD });
  }
  return points;
}

function total(points: readonly CapacityPoint[]): { value: number } {
  return { value: points.reduce((sum, point) => sum + point.sum, 0) };
}

function tableWith(reads: readonly CapacityPoint[], writes: readonly CapacityPoint[], more: Partial<TableUsage> = {}) {
  return aTable({
    readUnits: total(reads),
    writeUnits: total(writes),
    capacity: { periodSeconds: PERIOD, series: [{ of: "items-prod", reads, writes }] },
    ...more,
  });
}

describe("on-demand or provisioned", () => {
  it("finds provisioned capacity cheaper for a steady load", () => {
    const modes = compareCapacityModes(tableWith(steady(70), steady(7)), prices, MONTH);
    // 70/s x 2,628,000 s = 183,960,000 reads x $0.125 / 1M = $22.995; 18,396,000 writes x $0.625 / 1M = $11.4975.
    expect(modes?.onDemand.usdPerMonth).toBeCloseTo(34.4925, 6);
    // 100 units x 730 h x $0.00013 = $9.49; 10 units x 730 h x $0.00065 = $4.745.
    expect(modes?.provisionedForPeak.usdPerMonth).toBeCloseTo(14.235, 6);
    expect(modes?.autoScaledAtBest.usdPerMonth).toBeCloseTo(14.235, 6);
    expect(modes).toMatchObject({
      cheaper: "provisioned",
      current: "on-demand",
      differenceUsdPerMonth: 20.2575,
      tooLittleData: false,
    });
  });

  it("finds on-demand cheaper for a table that is hardly used", () => {
    const once = [{ at: MONTH.from, sum: 3000 }];
    const modes = compareCapacityModes(tableWith(once, once), prices, MONTH);
    // 3,000 x $0.125 / 1M + 3,000 x $0.625 / 1M
    expect(modes?.onDemand.usdPerMonth).toBeCloseTo(0.00225, 9);
    // 3,000 / 300 s = 10/s / 0.7 = 15 units: 15 x 730 x ($0.00013 + $0.00065)
    expect(modes?.provisionedForPeak.usdPerMonth).toBeCloseTo(8.541, 6);
    // 15 units for one hour and 1 for 729: 744 unit-hours x $0.00078
    expect(modes?.autoScaledAtBest.usdPerMonth).toBeCloseTo(0.58032, 6);
    expect(modes?.cheaper).toBe("on-demand");
  });

  it("says that it depends where only scaling would be cheaper", () => {
    // One hour a day at 1,000/s, nothing else: 1,429 units for the peak.
    const daily = steady(1000).filter(({ at }) => (at - MONTH.from) % (24 * HOUR) < HOUR);
    const modes = compareCapacityModes(tableWith(daily, []), prices, MONTH);
    const { onDemand, provisionedForPeak, autoScaledAtBest } = modes ?? {};
    expect(modes?.cheaper).toBe("depends");
    expect(onDemand?.usdPerMonth).toBeGreaterThan(autoScaledAtBest?.usdPerMonth ?? Infinity);
    expect(onDemand?.usdPerMonth).toBeLessThan(provisionedForPeak?.usdPerMonth ?? 0);
  });

  it("sizes each index on its own, and knows what is paid today", () => {
    const points = steady(0.7);
    const modes = compareCapacityModes(
      tableWith(points, points, {
        billing: "provisioned",
        provisioned: { reads: 20, writes: 20 },
        capacity: {
          periodSeconds: PERIOD,
          series: [
            { of: "items-prod", reads: points, writes: points },
            { of: "items-prod/by-status", reads: [], writes: [] },
          ],
        },
      }),
      prices,
      MONTH,
    );
    // One unit each for the table and its index: 2 x 730 x ($0.00013 + $0.00065)
    expect(modes?.provisionedForPeak.usdPerMonth).toBeCloseTo(1.1388, 6);
    expect(modes?.currentUsdPerMonth).toBeCloseTo(11.388, 6);
  });

  it("does not compare what is not known", () => {
    expect(compareCapacityModes(aTable({ capacity: undefined }), prices, MONTH)).toBeUndefined();
    expect(compareCapacityModes(aTable({ readUnits: { unknown: "denied" } }), prices, MONTH)).toBeUndefined();
    expect(compareCapacityModes(aTable(), { ...prices, prices: {} }, MONTH)).toBeUndefined();
  });
});
