import { priceTableOf } from "@slipway/analysis";
import type { Price, PriceTable } from "@slipway/contracts";
import { expect, it } from "vitest";
import { choosePrices } from "./choose-prices.ts";
import type { PriceList } from "./ports/price-list.ts";
import { ReleaseError } from "./release-error.ts";

const own = priceTableOf("us-east-1") as PriceTable;
const key: Price = { usd: 2, unit: "key-month", per: 1, source: "https://example.com", date: "2026-11-22" };

function listWith(prices: { "kms.key"?: Price }): PriceList {
  return {
    async published() {
      return { prices, date: "2026-11-22", from: "https://example.com", problems: [] };
    },
  };
}

const unreachable: PriceList = {
  async published() {
    throw new ReleaseError({ kind: "unreachable", what: "The list cannot be read", why: "no network", next: "wait" });
  },
};

it("takes Slipway's own table of the Region", async () => {
  expect(await choosePrices({ region: "us-east-1" })).toEqual({
    prices: own,
    origin: "table of Slipway",
    from: "packages/analysis/src/costs/prices/us-east-1.json",
    warnings: [],
  });
});

it("takes a file's table in its place", async () => {
  const table = { ...own, region: "eu-west-1", prices: { "kms.key": key } };
  expect(await choosePrices({ region: "eu-west-1", file: { path: "p.json", table } })).toMatchObject({
    prices: table,
    origin: "file",
    from: "p.json",
  });
});

it("refuses a file of another Region, and names the field", async () => {
  const chosen = choosePrices({ region: "eu-west-1", file: { path: "p.json", table: own } });
  await expect(chosen).rejects.toThrow("region: it says us-east-1, and the environment is in eu-west-1");
});

it("says so where there are no prices for the Region", async () => {
  await expect(choosePrices({ region: "eu-west-1" })).rejects.toThrow(/There are no prices for eu-west-1.*us-east-1/s);
});

it("prefers what the Price List says, and names what it lacks", async () => {
  const { prices, origin, warnings } = await choosePrices({ region: "us-east-1", list: listWith({ "kms.key": key }) });
  expect(origin).toBe("AWS Price List");
  expect(prices).toMatchObject({ date: "2026-11-22", prices: { "kms.key": key } });
  expect(prices.prices["lambda.requests"]).toEqual(own.prices["lambda.requests"]);
  expect(warnings).toEqual([expect.stringMatching(/has no lambda.requests, .* the table of 2026-11-23/)]);
});

it("falls back to the table, and says of which day it is", async () => {
  const { prices, origin, warnings } = await choosePrices({ region: "us-east-1", list: unreachable });
  expect([prices, origin]).toEqual([own, "table of Slipway"]);
  expect(warnings).toEqual([expect.stringMatching(/cannot be read \(no network\).*those of 2026-11-23/)]);
});

it("has nothing to fall back to in another Region", async () => {
  await expect(choosePrices({ region: "eu-west-1", list: unreachable })).rejects.toThrow("no network");
});
