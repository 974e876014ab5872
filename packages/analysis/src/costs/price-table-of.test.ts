import { PRICE_IDS, PRICE_UNITS, parsePriceTable } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { PRICED_REGIONS, priceTableOf } from "./price-table-of.ts";

describe.each(PRICED_REGIONS)("the price table of %s", (region) => {
  const table = priceTableOf(region);

  it("is what the schema says, for its own Region", () => {
    expect(parsePriceTable(table)).toEqual({ ok: true, prices: table });
    expect(table?.region).toBe(region);
  });

  it.each(PRICE_IDS)("has %s with unit, source and date", (id) => {
    const price = table?.prices[id];
    expect(price?.usd).toBeGreaterThan(0);
    expect(price?.per).toBeGreaterThan(0);
    expect(price?.unit).toBe(PRICE_UNITS[id]);
    expect(price?.source).toMatch(/^https:\/\/(aws\.amazon\.com|pricing\.us-east-1\.amazonaws\.com)\//);
    expect(price?.date).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect((price?.date ?? "") <= (table?.date ?? "")).toBe(true);
  });

  it("makes nothing dearer in a higher tier", () => {
    for (const { usd, beyond = [] } of Object.values(table?.prices ?? {})) {
      const tiers = [usd, ...beyond.map((tier) => tier.usd)];
      expect(tiers).toEqual([...tiers].sort((left, right) => right - left));
    }
  });
});

it("has none for a Region without prices", () => {
  expect(priceTableOf("mars-north-1")).toBeUndefined();
});
