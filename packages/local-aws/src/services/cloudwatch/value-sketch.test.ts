import { expect, test } from "vitest";
import { ValueSketch } from "./value-sketch.ts";

function sketchOf(values: readonly number[]): ValueSketch {
  const sketch = new ValueSketch();
  for (const value of values) {
    sketch.add(value);
  }
  return sketch;
}

test("few values are kept exactly, and ranks are exact", () => {
  const sketch = sketchOf(Array.from({ length: 100 }, (_, index) => index + 1));
  expect([0, 0.01, 0.5, 0.99, 0.991, 1].map((share) => sketch.quantile(share))).toEqual([1, 1, 50, 99, 100, 100]);
  expect(new ValueSketch().quantile(0.5)).toBeUndefined();
});

test("many values stay within half a percent, also after merging and storage", () => {
  const values = Array.from({ length: 20_000 }, (_, index) => Math.exp(((index * 7919) % 20_000) / 1500) - 2);
  const halves = [sketchOf(values.slice(0, 90)), sketchOf(values.slice(90))];
  const merged = ValueSketch.decode(halves[0]?.encode() ?? new Uint8Array());
  merged.merge(ValueSketch.decode(halves[1]?.encode() ?? new Uint8Array()));
  const sorted = values.toSorted((left, right) => left - right);
  for (const share of [0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1]) {
    const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
    const found = merged.quantile(share) ?? Number.NaN;
    expect(Math.abs(found - exact) / Math.abs(exact)).toBeLessThanOrEqual(0.005 + 1e-9);
  }
  expect(merged.encode().length).toBeLessThan(40_000);
});
