import { describe, expect, it, test } from "vitest";
import { expectNearly } from "../test/nearly.ts";
import { rankSumUpperTail } from "./rank-sum-upper-tail.ts";

/** By going through all ways to choose the ranks of the first group. */
function counted(greater: number, first: number, second: number): number {
  const all = first + second;
  let [tail, ways] = [0, 0];
  for (let chosen = 0; chosen < 2 ** all; chosen += 1) {
    let [own, pairs] = [0, 0];
    for (let rank = 0; rank < all; rank += 1) {
      if ((chosen >> rank) & 1) {
        own += 1;
        pairs += rank - own + 1;
      }
    }
    if (own === first) {
      ways += 1;
      tail += pairs >= greater ? 1 : 0;
    }
  }
  return tail / ways;
}

describe("rankSumUpperTail", () => {
  test.each([
    [25, 5, 5, 1 / 252],
    [23, 5, 5, 4 / 252],
    [0, 5, 5, 1],
    [9, 3, 3, 1 / 20],
  ])("%d pairs of %d and %d", (greater, first, second, probability) => {
    expectNearly(rankSumUpperTail(greater, first, second), probability);
  });

  it("is what counting comes to", () => {
    for (const [first, second] of [
      [1, 4],
      [4, 1],
      [3, 5],
      [6, 6],
    ] as const) {
      for (let greater = 0; greater <= first * second; greater += 1) {
        expectNearly(rankSumUpperTail(greater, first, second), counted(greater, first, second));
      }
    }
  });

  it("goes over into the normal approximation, which is a little too careful far out", () => {
    // 25 and 25 are counted exactly, 25 and 26 are not: at the same distance from the middle they are alike.
    for (const deviations of [0.5, 1.5, 2.5, 3.5]) {
      const at = (first: number, second: number) =>
        rankSumUpperTail(
          Math.round((first * second) / 2 + deviations * Math.sqrt((first * second * (first + second + 1)) / 12)),
          first,
          second,
        );
      expect(at(25, 26) / at(25, 25)).toBeGreaterThan(0.95);
      expect(at(25, 26) / at(25, 25)).toBeLessThan(1.6);
    }
  });
});
