import { describe, expect, it } from "vitest";
import { baselineOf, periodOf } from "./period-of.ts";

const at = (time: string) => Date.parse(`2026-11-28T${time}Z`);
const HOUR_MS = 3_600_000;

describe("periodOf", () => {
  it("is the last hour, from a whole minute on", () => {
    expect(periodOf(at("12:00:30"), HOUR_MS, at("03:00:00"))).toEqual({ from: at("11:01:00"), to: at("12:00:30") });
  });

  it("has nothing from before the release: its minute belongs to both", () => {
    expect(periodOf(at("12:00:30"), HOUR_MS, at("11:48:20"))).toEqual({ from: at("11:49:00"), to: at("12:00:30") });
    expect(periodOf(at("12:00:30"), HOUR_MS, at("11:48:00"))).toEqual({ from: at("11:48:00"), to: at("12:00:30") });
  });

  it("is none while the minute of the release goes on", () => {
    expect(periodOf(at("12:00:50"), HOUR_MS, at("12:00:20"))).toBeUndefined();
    expect(periodOf(at("12:01:00"), HOUR_MS, at("12:00:20"))).toBeUndefined();
  });

  it("is the last hour where nobody knows of a release", () => {
    expect(periodOf(at("12:00:00"), HOUR_MS, undefined)).toEqual({ from: at("11:00:00"), to: at("12:00:00") });
  });
});

describe("baselineOf", () => {
  it("is as long, and ends before the minute of the release", () => {
    expect(baselineOf(HOUR_MS, at("11:48:20"))).toEqual({ from: at("10:48:00"), to: at("11:48:00") });
    expect(baselineOf(HOUR_MS, undefined)).toBeUndefined();
  });
});
