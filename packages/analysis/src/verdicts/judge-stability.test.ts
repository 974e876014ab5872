import { verdictSchema } from "@slipway/contracts";
import { describe, expect, it, test } from "vitest";
import { judgeStability } from "./judge-stability.ts";

const FIVE_MINUTES = 300_000;
const START = Date.UTC(2026, 10, 28, 9);

const rates = (total: number, ...events: readonly number[]) =>
  events.map((each, index) => ({ at: START + index * FIVE_MINUTES, total, events: each }));

const values = (...all: readonly number[]) =>
  all.map((value, index) => ({ at: START + index * FIVE_MINUTES, value, samples: 100 }));

describe("judgeStability of counts", () => {
  test.each([
    ["no errors", rates(100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), "successful"],
    ["a few errors", rates(100, 1, 0, 2, 0, 1, 0, 0, 1, 3, 0, 1, 0), "successful"],
    ["one bad period", rates(100, 1, 0, 2, 0, 20, 0, 0, 1, 3, 0, 1, 0), "failed"],
    ["worse from a time on", rates(100, 0, 1, 0, 1, 0, 1, 0, 1, 5, 4, 6, 5), "failed"],
    ["a steady rise", rates(100, 0, 1, 1, 2, 3, 3, 4, 5, 5, 6, 7, 8), "failed"],
    ["a steady fall", rates(100, 8, 7, 6, 5, 5, 4, 3, 3, 2, 1, 1, 0), "successful"],
    ["hardly any traffic", rates(5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), "inconclusive"],
    ["little traffic", rates(10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), "inconclusive"],
    ["five periods", rates(1000, 0, 0, 0, 0, 0), "inconclusive"],
    ["no periods", [], "inconclusive"],
    [
      "periods without traffic",
      [...rates(100, 0, 0, 0, 0, 0), ...rates(0, 0, 0, 0).map((each) => ({ ...each, at: each.at + 1 }))],
      "inconclusive",
    ],
  ])("%s", (_name, points, status) => {
    const verdict = judgeStability(points);

    expect(verdict, verdict.reason).toMatchObject({ status });
    expect(verdictSchema.parse(verdict)).toEqual(verdict);
  });

  test.each([
    [
      rates(100, 1, 0, 2, 0, 20, 0, 0, 1, 3, 0, 1, 0),
      "20 of 100 requests (20 %) failed in the period from 2026-11-28 09:20 UTC against 8 of 1,100 (0.73 %) in the others; chance alone does this in less than 0.0001 % of cases (limit 0.042 %).",
    ],
    [
      rates(100, 0, 1, 0, 1, 0, 1, 0, 1, 5, 4, 6, 5),
      "20 of 400 requests (5 %) failed from 2026-11-28 09:40 UTC on against 4 of 800 (0.5 %) before; chance alone does this in less than 0.0001 % of cases (limit 0.045 %).",
    ],
    [
      rates(10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
      "0 of 120 requests (0 %) failed in 12 periods; no change is proven, and so few could not show one: 5 % in the second half would be found in 0.017 % of cases (limit 80 %).",
    ],
    [
      rates(100, 1, 0, 2, 0, 1, 0, 0, 1, 3, 0, 1, 0),
      "9 of 1,200 requests (0.75 %) failed in 12 periods; none is out of line: the most unusual are 3 of 100 (3 %) in the period from 2026-11-28 09:40 UTC.",
    ],
  ])("says when and how much", (points, reason) => {
    expect(judgeStability(points).reason).toBe(reason);
  });

  it("does not care in which order the periods are given", () => {
    const points = rates(100, 0, 1, 0, 1, 0, 1, 0, 1, 5, 4, 6, 5);

    expect(judgeStability(points.toReversed())).toEqual(judgeStability(points));
  });
});

describe("judgeStability of values", () => {
  const words = { value: "the p99 latency", unit: "ms" };

  test.each([
    ["the same", values(...new Array<number>(12).fill(200)), "successful"],
    ["nothing but noughts", values(...new Array<number>(12).fill(0)), "successful"],
    ["some scatter", values(200, 230, 190, 260, 210, 240, 180, 220, 250, 205, 195, 235), "successful"],
    ["higher from a time on", values(200, 230, 190, 260, 210, 240, 420, 480, 500, 410, 390, 470), "failed"],
    ["a steady rise", values(200, 220, 240, 260, 290, 320, 350, 390, 430, 470, 520, 570), "failed"],
    ["a steady fall", values(570, 520, 470, 430, 390, 350, 320, 290, 260, 240, 220, 200), "successful"],
    ["a rise that hardly matters", values(200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211), "successful"],
    ["one high period", values(200, 230, 190, 260, 210, 2_000, 180, 220, 250, 205, 195, 235), "inconclusive"],
    ["too scattered to tell", values(10, 3000, 200, 9, 4000, 100, 50, 5000, 8, 900, 20, 7000), "inconclusive"],
    ["too few to tell", values(200, 200, 200, 200, 900, 900, 900, 900), "inconclusive"],
    [
      "too few samples",
      values(...new Array<number>(12).fill(200)).map((each) => ({ ...each, samples: 1 })),
      "inconclusive",
    ],
  ])("%s", (_name, points, status) => {
    const verdict = judgeStability(points, { words });

    expect(verdict, verdict.reason).toMatchObject({ status });
    expect(verdictSchema.parse(verdict)).toEqual(verdict);
  });

  it("says when and how much", () => {
    const points = values(200, 230, 190, 260, 210, 240, 420, 480, 500, 410, 390, 470);

    expect(judgeStability(points, { words }).reason).toBe(
      "The p99 latency was 445 ms from 2026-11-28 09:30 UTC on against 220 ms before; chance alone does this in 0.11 % of cases (limit 0.33 %), and it is 2 times as high (limit 1.5).",
    );
  });
});

describe("judgeStability", () => {
  test.each([
    ["a period twice", [...rates(1, 0), ...rates(1, 0)], "two periods begin at 2026-11-28T09:00:00.000Z"],
    ["more than all", rates(1, 2), "points[0].events is 2, more than its total of 1"],
    ["no time", [{ at: Number.NaN, events: 0, total: 1 }], "points[0].at is NaN, which is no time"],
    ["no value", values(1, -1), "points[1].value is -1, which is no measurement"],
    ["no number of samples", [{ at: START, value: 1, samples: -1 }], "points[0].samples is -1, which is no count"],
  ])("%s is an error of the measurement", (_name, points, problem) => {
    expect(judgeStability(points)).toMatchObject({
      status: "error",
      reason: `The measurement cannot be judged: ${problem}.`,
    });
  });

  it("refuses a policy that makes no sense", () => {
    expect(() => judgeStability([], { minimumPeriods: 2 })).toThrow(
      new RangeError("judgeStability: minimumPeriods is 2. It has to be 4 at least."),
    );
  });
});
