import { describe, expect, test } from "vitest";
import { layOut, shareWidth } from "./lay-out.ts";

const at = (name: string, x: number, y: number, width: number, height: number) => ({ name, x, y, width, height });
const names = (widgets: readonly ReturnType<typeof at>[]) =>
  layOut(widgets).map((band) => band.map(({ widgets: stack }) => stack.map(({ name }) => name)));

describe("layOut", () => {
  test("puts rows below each other, and what is beside each other beside each other", () => {
    expect(names([at("b", 12, 0, 12, 6), at("a", 0, 0, 12, 6), at("c", 0, 6, 24, 3)])).toEqual([
      [["a"], ["b"]],
      [["c"]],
    ]);
  });

  test("stacks small ones beside a tall one", () => {
    expect(names([at("tall", 0, 0, 12, 12), at("low", 12, 6, 12, 6), at("high", 12, 0, 12, 6)])).toEqual([
      [["tall"], ["high", "low"]],
    ]);
  });

  test("puts what overlaps above each other", () => {
    expect(names([at("a", 0, 0, 12, 6), at("b", 6, 0, 12, 6)])).toEqual([[["a", "b"]]]);
  });

  test("knows what there is none of", () => {
    expect(layOut([])).toEqual([]);
  });
});

describe("shareWidth", () => {
  const share = (widths: readonly number[], columns: number, least: number) =>
    shareWidth(
      widths.map((width) => ({ x: 0, width, widgets: [] })),
      columns,
      least,
    ).map((line) => line.map((stack) => stack.columns));

  test("shares the line as the grid does, and fills it", () => {
    expect(share([8, 8, 8], 120, 36)).toEqual([[38, 38, 38]]);
    expect(share([6, 18], 120, 20)).toEqual([[29, 88]]);
  });

  test("puts below what would be too narrow", () => {
    expect(share([8, 8, 8], 80, 36)).toEqual([[38, 39], [80]]);
    expect(share([12, 12], 60, 36)).toEqual([[60], [60]]);
    expect(share([24], 20, 36)).toEqual([[20]]);
  });
});
