import { it, test } from "vitest";
import { expectNearly } from "../test/nearly.ts";
import { poissonUpperTail } from "./poisson-upper-tail.ts";

test.each([
  [1, 2, 1 - Math.exp(-2)],
  [2, 2, 1 - 3 * Math.exp(-2)],
  [3, 0.1, 1 - Math.exp(-0.1) * (1 + 0.1 + 0.005)],
  [0, 5, 1],
  [1, 0, 0],
  [Number.POSITIVE_INFINITY, 5, 0],
])("%d or more of %d", (count, mean, probability) => {
  expectNearly(poissonUpperTail(count, mean), probability, 1e-10);
});

it("is what the binomial one comes to for many trials of few events", () => {
  expectNearly(poissonUpperTail(1_000_000, 1_000_000), 0.500133, 1e-6);
});
