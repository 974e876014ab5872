import { describe, expect, test } from "vitest";
import { addValue, aggregateOf, emptyAggregate } from "./aggregate.ts";
import { statisticNamed } from "./statistic.ts";

function aggregated(values: readonly number[]) {
  const aggregate = emptyAggregate();
  for (const value of values) {
    addValue(aggregate, value);
  }
  return aggregate;
}

const of = (name: string, values: readonly number[]): number | undefined =>
  statisticNamed(name, "Stat").of(aggregated(values));

const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

// What each means: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
describe("over 1 to 100,", () => {
  test.each([
    ["SampleCount", 100],
    ["Sum", 5050],
    ["Average", 50.5],
    ["p0", 1],
    ["p50", 50],
    ["p99", 99],
    ["p99.9", 100],
    ["p100", 100],
    ["tm90", 45.5],
    ["TM(:90%)", 45.5],
    ["TM(10%:90%)", 50.5],
    ["TM(10%:)", 55.5],
    ["TM(2%:98%)", 50.5],
    ["TM(50:60)", 55.5],
    ["TM(:10)", 5.5],
    ["TM(90:)", 95.5],
    ["TM(1000:)", undefined],
    ["tm100", 50.5],
    ["IQM", 50.5],
    ["TM(25%:75%)", 50.5],
    ["wm90", (45 * 91 + 90 * 10) / 100],
    ["WM(10%:90%)", (11 * 10 + 4040 + 90 * 10) / 100],
    ["WM(20:30)", (20 * 20 + 255 + 30 * 70) / 100],
    ["tc90", 90],
    ["TC(10%:90%)", 80],
    ["TC(90:)", 10],
    ["TC(:90)", 90],
    ["TC(90:91)", 1],
    ["TC(1000:)", 0],
    ["TC(0.5:1.5)", 1],
    ["ts90", 4095],
    ["TS(80%:)", 1810],
    ["TS(98:100)", 199],
    ["TS(1000:2000)", 0],
    ["PR(:30)", 30],
    ["PR(30:)", 70],
    ["PR(30:40)", 10],
    ["PR(:1000)", 100],
    ["PR(:0.5)", 0],
  ])("%s is %d", (name, expected) => {
    const found = of(name, hundred);
    if (expected === undefined) {
      expect(found).toBeUndefined();
    } else {
      expect(found).toBeCloseTo(expected, 9);
    }
  });
});

test("a share that is no whole number of values takes its whole part away", () => {
  expect(of("tc90", [1, 2, 3, 4, 5])).toBe(5);
  expect(of("tc75", [1, 2, 3, 4, 5])).toBe(4);
  expect(of("TC(25%:75%)", [1, 2, 3, 4, 5])).toBe(3);
  expect(of("IQM", [7])).toBe(7);
  expect(of("p50", [1, 2])).toBe(1);
});

test("a trimmed sum is the trimmed mean times the trimmed count, and counts weigh", () => {
  const aggregate = aggregateOf(10, 95);
  addValue(aggregate, 1000, 5);
  const read = (name: string) => statisticNamed(name, "Stat").of(aggregate) ?? Number.NaN;
  expect(read("tm95")).toBe(10);
  expect(read("tm96")).toBeCloseTo((950 + 1000) / 96);
  expect(read("ts96")).toBeCloseTo(read("tm96") * read("tc96"));
  expect(read("TC(999:)")).toBe(5);
  expect(read("PR(:10)")).toBe(95);
});

/** Each statistic from the sorted values themselves, by its definition. */
const NAIVE: Readonly<Record<string, (sorted: readonly number[]) => number | undefined>> = {
  p90: (sorted) => sorted[Math.ceil(0.9 * sorted.length) - 1],
  "TM(10%:80%)": (sorted) => mean(sorted.slice(Math.floor(0.1 * sorted.length), Math.ceil(0.8 * sorted.length))),
  "TM(20:60)": (sorted) => mean(sorted.filter((value) => value > 20 && value <= 60)),
  "WM(10%:80%)": (sorted) => {
    const kept = sorted.slice(Math.floor(0.1 * sorted.length), Math.ceil(0.8 * sorted.length));
    const [low = 0, high = 0] = [kept[0], kept.at(-1)];
    return mean(sorted.map((value) => Math.min(Math.max(value, low), high)));
  },
  "TC(40:)": (sorted) => sorted.filter((value) => value > 40).length,
  "TS(:40)": (sorted) => sorted.filter((value) => value <= 40).reduce((sum, value) => sum + value, 0),
  "PR(20:60)": (sorted) => (100 * sorted.filter((value) => value > 20 && value <= 60).length) / sorted.length,
};

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

test.each(Object.entries(NAIVE))("%s is what its definition says, over 300 sets of 1 to 60 values", (name, naive) => {
  // A fixed sequence (Lehmer's generator), so that a failure comes again.
  let state = 42;
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  for (let round = 0; round < 300; round++) {
    const values = Array.from({ length: 1 + next(60) }, () => next(100));
    const wanted = naive(values.toSorted((left, right) => left - right));
    const found = of(name, values);
    if (wanted === undefined || found === undefined) {
      expect(found, values.join()).toBe(wanted);
    } else {
      expect(found, values.join()).toBeCloseTo(wanted, 9);
    }
  }
});

test("of very many values, the mean and the sum of all are exact", () => {
  const values = Array.from({ length: 3000 }, (_, index) => index * 1.37);
  const sum = values.reduce((total, value) => total + value, 0);
  expect(of("tm100", values)).toBe(sum / 3000);
  expect(of("TS(0%:100%)", values)).toBe(sum);
});

test("negative values and statistic sets have no distribution", () => {
  for (const name of ["p50", "tm90", "TC(:5)", "TS(1:2)", "PR(:0)", "wm90", "IQM"]) {
    expect(of(name, [-1, 5])).toBeUndefined();
    expect(statisticNamed(name, "Stat").of({ ...aggregated([1, 2]), sketch: undefined })).toBeUndefined();
  }
  expect(of("Sum", [-1, 5])).toBe(4);
});

test.each([
  "p101",
  "p",
  "P99",
  "TM90",
  "tm(10%:90%)",
  "tm101",
  "TM(90)",
  "TM(:)",
  "TM(10%:200)",
  "TM(90%:10%)",
  "TM(5:5)",
  "TM(:101%)",
  "TM(-1:5)",
  "tm90.12345678901",
  "PR(10%:20%)",
  "pr90",
  "IQR",
  "iqm",
  "toString",
  "",
])("there is no statistic %s", (name) => {
  expect(() => statisticNamed(name, "ExtendedStatistics")).toThrow(
    `The value ${name} for parameter ExtendedStatistics is not supported.`,
  );
});
