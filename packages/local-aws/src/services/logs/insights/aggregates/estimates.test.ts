import { expect, test } from "vitest";
import { DistinctCounter, EXACT_DISTINCT } from "./distinct-counter.ts";
import { SKETCH_ERROR } from "./quantile-sketch.ts";
import { Samples } from "./samples.ts";

/** Numbers from 0 to 1 that look like chance and are always the same. */
function* numbers(count: number): Generator<number> {
  let state = 1;
  for (let index = 0; index < count; index++) {
    state = (state * 48_271) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

/** By the definition: the smallest value that so many percent of all do not exceed. */
function percentileOf(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted.find((_, index) => (index + 1) * 100 >= percent * sorted.length) ?? Number.NaN;
}

test("percentiles are exact while there is room", () => {
  const values = [...numbers(5000)].map((number) => number * 1000 - 200);
  const samples = new Samples({ values: 10_000 });
  for (const value of values) {
    samples.add(value);
  }
  for (const percent of [0, 1, 7, 50, 99, 99.9, 100]) {
    expect(samples.percentile(percent)).toBe(percentileOf(values, percent));
  }
  expect(new Samples({ values: 0 }).percentile(50)).toBeUndefined();
});

test("without room they are within half a percent, of negative and small numbers and of zeros too", () => {
  const values = [...numbers(20_000)].map((number) => (number < 0.1 ? 0 : (number - 0.3) ** 3 * 1e4));
  const samples = new Samples({ values: 1000 });
  for (const value of values) {
    samples.add(value);
  }
  for (const percent of [0, 1, 10, 30, 50, 90, 99, 99.9, 100]) {
    const exact = percentileOf(values, percent);
    const found = samples.percentile(percent) ?? Number.NaN;
    expect(Math.abs(found - exact)).toBeLessThanOrEqual(Math.abs(exact) * SKETCH_ERROR * 1.001 + 1e-9);
  }
});

test("what the values of one group have taken is given back when they are estimated", () => {
  const room = { values: 40 };
  const first = new Samples(room);
  for (let index = 0; index < 100; index++) {
    first.add(index);
  }
  expect(room.values).toBe(40);
});

test.each([100, EXACT_DISTINCT, 50_000, 300_000])("%i different texts are counted", (count) => {
  const counter = new DistinctCounter();
  for (let index = 0; index < count; index++) {
    counter.add(`7b6c8c5e-${index}`);
    counter.add(`7b6c8c5e-${index % 10}`);
  }
  const error = Math.abs(counter.count - count) / count;
  // Three standard errors of the estimate.
  expect(error).toBeLessThanOrEqual(count <= EXACT_DISTINCT ? 0 : 0.0244);
});
