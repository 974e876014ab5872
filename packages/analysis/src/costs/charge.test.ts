import type { PriceTable } from "@slipway/contracts";
import { expect, it } from "vitest";
import { charge } from "./charge.ts";
import { priceTableOf } from "./price-table-of.ts";

const prices = priceTableOf("us-east-1") as PriceTable;

it("multiplies a quantity by its price, and shows both", () => {
  expect(charge(prices, "lambda.requests", 1_234_567)).toEqual({
    usd: 0.2469134,
    formula: "1,234,567 requests x $0.20 / 1,000,000",
  });
});

it("charges each tier at its own price", () => {
  // 333 million at $3.50 are $1,165.50, 67 million at $2.80 are $187.60.
  expect(charge(prices, "apigateway.rest.requests", 400_000_000)).toEqual({
    usd: 1353.1,
    formula: "333,000,000 requests x $3.50 / 1,000,000 + 67,000,000 requests x $2.80 / 1,000,000",
  });
});

it("takes the free units off first", () => {
  expect(charge(prices, "lambda.requests", 3_000_000, 1_000_000)).toEqual({
    usd: 0.4,
    formula: "3,000,000 requests - 1,000,000 free; 2,000,000 requests x $0.20 / 1,000,000",
  });
  expect(charge(prices, "lambda.requests", 10, 10)?.usd).toBe(0);
});

it("does not know what is not in the table", () => {
  expect(charge({ ...prices, prices: {} }, "lambda.requests", 1)).toBeUndefined();
});
