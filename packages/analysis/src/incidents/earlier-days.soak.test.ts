import { expect, it } from "vitest";
import { falseAlarmsOf, faultIn } from "./test/measure-weeks.ts";

const WEEKS = 300;
const seeds = Array.from({ length: WEEKS }, (_, index) => index + 1);

it("opens nothing in hundreds of weeks in which all is well", () => {
  const weeks = seeds.map((seed) => ({ seed, found: falseAlarmsOf(seed) }));
  const bad = weeks.filter(({ found }) => found.length > 0);
  for (const { seed, found } of bad) {
    console.info(`week ${seed}: ${found.map(({ since, what }) => `${since} ${what}`).join("; ")}`);
  }
  console.info(`false alarms in ${bad.length} of ${WEEKS} weeks`);
  expect(bad).toEqual([]);
}, 1_200_000);

it.each([
  ["slower", 2.5, 0.6],
  ["slower", 3, 0.85],
  ["slower", 5, 0.95],
  ["vanished", 1, 0.5],
] as const)(
  "finds what is %s (%d times) within half an hour",
  (kind, times, least) => {
    const all = seeds.map((seed) => faultIn(seed, kind, times));
    const plain = all.filter(({ isPlain }) => isPlain);
    const hits = plain.filter(({ isFound }) => isFound).length;
    console.info(
      `${kind} ${times}: found ${hits} of ${plain.length} that are plain, ${all.filter(({ isFound }) => isFound).length} of all ${WEEKS}`,
    );
    expect(hits / plain.length).toBeGreaterThan(least);
  },
  1_200_000,
);
