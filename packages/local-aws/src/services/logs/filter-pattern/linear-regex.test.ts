import { expect, test } from "vitest";
import { linearRegex } from "./linear-regex.ts";

/** Numbers below a limit that look like chance and are always the same. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
}

const PIECES = [..."abcab.^$|", "[ab]", "[^a]", "\\d", "\\W", "\\x61", "\\.", "[a\\]]", "{"];
const QUANTIFIERS = ["", "", "", "*", "+", "?", "*?", "{2}", "{1,2}", "{2,}", "{0,1}?"];

test("finds what JavaScript's own expressions find, which it does not ask", () => {
  const roll = dice(7);
  const pick = <T>(list: readonly T[]): T => list[roll(list.length)] as T;
  let found = 0;
  let compared = 0;
  for (let round = 0; round < 4000; round++) {
    const source = Array.from({ length: 1 + roll(6) }, () => {
      const piece = pick(PIECES);
      return /^[|^${]$/.test(piece) ? piece : piece + pick(QUANTIFIERS);
    }).join("");
    const text = Array.from({ length: roll(9) }, () => pick([..."aabbc.]1{\n\u2028é"])).join("");
    const expected = new RegExp(source).test(text);
    expect(linearRegex(source, 0).test(text), `${source} in ${JSON.stringify(text)}`).toBe(expected);
    found += expected ? 1 : 0;
    compared++;
  }
  // Both answers come often enough to mean something.
  expect(found).toBeGreaterThan(compared / 5);
  expect(found).toBeLessThan((compared * 4) / 5);
});

test.each([
  ["many repetitions after each other", ".*.*.*.*.*.*.*.*=x", "a".repeat(5000)],
  ["one repetition in a long line", "a*b", "a".repeat(250_000)],
  ["repetitions that are counted", "a{0,1000}a{0,1000}a{0,1000}b", "a".repeat(5000)],
  ["more repetitions than JavaScript counts", "[a-z]{9999}[a-z]{9999}", "a".repeat(9000)],
])("takes no more than a moment: %s", (_, source, text) => {
  const begun = performance.now();
  const regex = linearRegex(source);
  expect(regex.test(text)).toBe(false);
  // JavaScript's own expressions take minutes, or do not end.
  expect(performance.now() - begun).toBeLessThan(20_000);
});
