import { describe, expect, it } from "vitest";
import { newFingerprints } from "./new-fingerprints.ts";

const HOUR = 3_600_000;
const lines = (count: number, text: string) => Array.from({ length: count }, (_, index) => `ERROR ${text} ${index}`);
const period = (...all: readonly (readonly string[])[]) => ({ lines: all.flat(), durationMs: HOUR });

describe("newFingerprints", () => {
  it("finds what was not there before, and what is much more frequent", () => {
    const before = period(lines(20, "often"), lines(2, "seldom"), lines(3, "gone"));
    const now = period(["INFO fine"], lines(24, "often"), lines(15, "seldom"), lines(2, "never seen"));

    expect(newFingerprints(before, now)).toMatchObject([
      {
        kind: "more-frequent",
        fingerprint: { id: "Error: seldom <number>" },
        before: 2,
        now: 15,
        example: "ERROR seldom 0",
      },
      {
        kind: "new",
        fingerprint: { id: "Error: never seen <number>" },
        before: 0,
        now: 2,
        example: "ERROR never seen 0",
      },
    ]);
  });

  it("takes the lengths of the periods into account", () => {
    const day = { ...period(lines(24, "hourly")), durationMs: 24 * HOUR };

    expect(newFingerprints(day, period(lines(1, "hourly")))).toEqual([]);
    expect(newFingerprints(day, period(lines(9, "hourly")))).toMatchObject([{ kind: "more-frequent", now: 9 }]);
  });

  it("expects errors in proportion to the calls, where they are known", () => {
    const quiet = { ...period(lines(6, "usual")), calls: 1_000 };
    const busy = { ...period(lines(48, "usual")), calls: 8_000 };

    expect(newFingerprints(quiet, busy)).toEqual([]);
    // As many as before with an eighth of the calls are eight times as many.
    expect(newFingerprints(busy, { ...period(lines(48, "usual")), calls: 1_000 })).toMatchObject([
      { kind: "more-frequent", before: 48, now: 48 },
    ]);
    // Of a period without calls nothing is known but its length.
    expect(newFingerprints({ ...quiet, calls: 0 }, busy)).toMatchObject([{ kind: "more-frequent", now: 48 }]);
  });

  it("does not call chance more frequent", () => {
    expect(newFingerprints(period(lines(1, "seldom")), period(lines(5, "seldom")))).toEqual([]);
  });

  it("gives an example of a bounded length, cut between characters", () => {
    const line = `ERROR ${"😀".repeat(2_000)}`;
    const [found] = newFingerprints(period(), period([line]));

    expect(found?.example.length).toBeLessThanOrEqual(1_000);
    expect(found?.example.isWellFormed()).toBe(true);
    expect(line.startsWith(found?.example.slice(0, -1) ?? "?")).toBe(true);
  });

  it("has the same order for the same errors", () => {
    const found = newFingerprints(period(), period(["ERROR b", "ERROR a", "ERROR c", "ERROR c"]));

    expect(found.map(({ fingerprint }) => fingerprint.message)).toEqual(["c", "a", "b"]);
  });

  it("refuses a period without a length", () => {
    expect(() => newFingerprints(period(), { lines: [], durationMs: 0 })).toThrow(
      new RangeError("newFingerprints: current.durationMs is 0. It has to be a number above 0."),
    );
  });
});
