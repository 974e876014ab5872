import { describe, expect, it } from "vitest";
import { readRate } from "./read-rate.ts";

describe("readRate", () => {
  it.each([
    ["500", { perSecond: 500, unit: "records" }],
    ["0.5/s", { perSecond: 0.5, unit: "records" }],
    ["50cu", { perSecond: 50, unit: "capacity-units" }],
    ["50cu/s", { perSecond: 50, unit: "capacity-units" }],
  ])("reads %s", (text, rate) => {
    expect(readRate(text)).toEqual(rate);
  });

  it.each(["", "0", "-1", "fast", "50 cu", "1e3", "50rcu"])("refuses %j", (text) => {
    expect(() => readRate(text)).toThrow(`--rate: '${text}' is neither records (500) nor capacity units (50cu)`);
  });

  it("is no limit where none was given", () => {
    expect(readRate(undefined)).toBeUndefined();
  });
});
