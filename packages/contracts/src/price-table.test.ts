import { expect, it } from "vitest";
import { parsePriceTable } from "./price-table.ts";

const price = {
  usd: 0.2,
  unit: "request",
  per: 1_000_000,
  source: "https://aws.amazon.com/lambda/pricing/",
  date: "2026-11-23",
};
const table = {
  version: 1,
  region: "eu-central-1",
  currency: "USD",
  date: "2026-11-23",
  prices: { "lambda.requests": price },
};

it("takes a table with some of the prices", () => {
  expect(parsePriceTable(table)).toEqual({ ok: true, prices: { ...table, free: [] } });
});

it.each([
  ["no source", { ...price, source: undefined }, 'prices["lambda.requests"].source: expected the https URL'],
  ["a source that is no URL", { ...price, source: "AWS" }, "expected the https URL that publishes it"],
  ["no date", { ...price, date: "yesterday" }, 'prices["lambda.requests"].date: expected the day'],
  ["another unit", { ...price, unit: "call" }, 'prices["lambda.requests"].unit: expected "request", received "call"'],
  ["a negative price", { ...price, usd: -1 }, 'prices["lambda.requests"].usd: '],
  ["a price of nothing", { ...price, per: 0 }, 'prices["lambda.requests"].per: '],
  ["text for a price", { ...price, usd: "0.20" }, 'prices["lambda.requests"].usd: expected number, received string'],
  [
    "tiers out of order",
    {
      ...price,
      beyond: [
        { units: 20, usd: 0.1 },
        { units: 10, usd: 0.05 },
      ],
    },
    'prices["lambda.requests"].beyond: expected rising units',
  ],
])("refuses a price with %s, and names the field", (_, wrong, problem) => {
  const result = parsePriceTable({ ...table, prices: { "lambda.requests": wrong } });
  expect(result.ok).toBe(false);
  expect(result.ok ? [] : result.problems).toEqual([expect.stringContaining(problem)]);
});

it("refuses a price that it does not know", () => {
  const result = parsePriceTable({ ...table, prices: { "lambda.calls": price } });
  expect(result.ok ? [] : result.problems).toEqual([
    expect.stringContaining('prices["lambda.calls"]: is not a known key here; known keys: lambda.requests, '),
  ]);
});
