import { expect, it } from "vitest";
import { coverageOf, monthlyUse } from "./monthly-use.ts";
import { HOUR, TO } from "./test/make-usage.ts";

const tenDays = { from: TO - 240 * HOUR, to: TO };

it("stretches ten days to a month of 730 hours, and shows how", () => {
  const { quantity, formula } = monthlyUse(41_152, "request", coverageOf(tenDays, undefined));
  expect(quantity).toBeCloseTo(125_170.6667, 3);
  expect(formula).toBe("41,152 requests in 10 days x 730 h / 240 h = 125,171 requests");
});

it("counts only the time in which the resource was there, and says that it is too little", () => {
  const coverage = coverageOf(tenDays, TO - 24 * HOUR);
  expect(coverage).toEqual({ hours: 24, tooLittleData: true });
  expect(monthlyUse(24, "request", coverage).quantity).toBe(730);
});

it("takes the whole window where it is older, or nobody says how old it is", () => {
  expect(coverageOf(tenDays, TO - 500 * HOUR)).toEqual({ hours: 240, tooLittleData: false });
  expect(coverageOf(tenDays, undefined)).toEqual({ hours: 240, tooLittleData: false });
});

it("never stretches from less than an hour", () => {
  expect(coverageOf(tenDays, TO - 60_000)).toEqual({ hours: 1, tooLittleData: true });
  expect(coverageOf(tenDays, TO + HOUR)).toEqual({ hours: 1, tooLittleData: true });
});
