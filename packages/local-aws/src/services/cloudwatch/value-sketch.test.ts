import { expect, test } from "vitest";
import { ValueSketch } from "./value-sketch.ts";

function sketchOf(values: readonly number[], maxExact?: number): ValueSketch {
  const sketch = new ValueSketch(maxExact);
  for (const value of values) {
    sketch.add(value);
  }
  return sketch;
}

/** Through storage and back. */
function stored(sketch: ValueSketch): ValueSketch {
  return ValueSketch.decode(sketch.encode()) ?? new ValueSketch();
}

const above = (sketch: ValueSketch, threshold: number): number =>
  sketch.sorted().reduce((sum, [value, count]) => sum + (value > threshold ? count : 0), 0);

/** Latencies from 0.5 to 5,000 with fractions: nearly every one is different. */
const many = Array.from({ length: 20_000 }, (_, index) => Math.exp(((index * 7919) % 20_000) / 2171) / 2);

test("up to 512 distinct values stay what they are, however often each is there", () => {
  const sketch = sketchOf(Array.from({ length: 5000 }, (_, index) => (index % 512) / 7));
  expect(stored(sketch).sorted()).toEqual(
    Array.from({ length: 512 }, (_, index) => [index / 7, index < 5000 % 512 ? 10 : 9]),
  );
});

test("of many values, counts above a threshold of three digits are exact, also after storage and merging", () => {
  const parts = [many.slice(0, 300), many.slice(300, 8000), many.slice(8000)].map((part) => stored(sketchOf(part)));
  const merged = new ValueSketch(Number.POSITIVE_INFINITY);
  for (const part of parts) {
    merged.merge(part);
  }
  for (const threshold of [0.75, 1, 2.5, 10, 33.3, 250, 999, 1000, 1010, 4000]) {
    expect(above(merged, threshold)).toBe(many.filter((value) => value > threshold).length);
  }
});

test("every value is told within half a percent, in bounded space", () => {
  const sketch = sketchOf(many);
  const sorted = many.toSorted((left, right) => left - right);
  let rank = 0;
  let furthest = 0;
  for (const [value, count] of stored(sketch).sorted()) {
    for (const original of sorted.slice(rank, rank + count)) {
      furthest = Math.max(furthest, Math.abs(value - original) / original);
    }
    rank += count;
  }
  expect(rank).toBe(many.length);
  expect(furthest).toBeLessThanOrEqual(0.005);
  expect(sketch.encode().length).toBeLessThan(64_000);
});

test("a layout of another version is no distribution", () => {
  expect(ValueSketch.decode(new Uint8Array([1, 0, 0]))).toBeUndefined();
});
