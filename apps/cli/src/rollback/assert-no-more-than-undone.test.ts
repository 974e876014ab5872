import type { ReleaseRecord } from "@slipway/release-engine";
import { expect, it } from "vitest";
import { assertNoMoreThanUndone } from "./assert-no-more-than-undone.ts";

const [SELECTED, WRITTEN, RESTORED, OTHERS] = ["a", "b", "c", "d"].map((digit) => digit.repeat(64)) as [
  ...[string, string, string, string],
];

/** An undo that found one of so many items repaired by somebody. */
function undone(attempts: number, { finished = true, items = 6, digests = true } = {}) {
  const counts = { items, restored: 5, written: 4, conflicts: items - 5, unwritable: 0 };
  const result = { ...counts, ...(digests && { digests: { written: WRITTEN, restored: RESTORED } }) };
  const step = { kind: "data.write-back", attempts, ...(finished && { result }) };
  return {
    id: "r2",
    plan: { environment: "prod", undo: { confirmed: { items, digest: SELECTED } } } as unknown as ReleaseRecord["plan"],
    steps: new Map([["data.write-back", step]]) as unknown as ReleaseRecord["steps"],
  };
}

const would = (written: number, digest = WRITTEN, selected = SELECTED) => ({
  ...{ selected, would: { written, digests: { written: digest, restored: digest } } },
});

it("refuses to write the bad image onto an item that the undo has not written", () => {
  expect(() => assertNoMoreThanUndone(undone(1), would(5))).toThrow(/5 items would be written, and r2 has written 4/);
  expect(() => assertNoMoreThanUndone(undone(1), would(4))).not.toThrow();
});

it("refuses as many items, or fewer, that are others", () => {
  for (const written of [4, 3]) {
    expect(() => assertNoMoreThanUndone(undone(1), would(written, OTHERS))).toThrow(
      new RegExp(`${written} items would be written, and they are not the 4 that r2 has written`),
    );
  }
  expect(() => assertNoMoreThanUndone(undone(1), would(0, OTHERS)), "nothing is written").not.toThrow();
});

it("refuses another selection than was undone, whatever would be written", () => {
  expect(() => assertNoMoreThanUndone(undone(1), would(4, WRITTEN, OTHERS))).toThrow("has another selection now");
});

it("counts what an attempt that was broken off has written", () => {
  expect(() => assertNoMoreThanUndone(undone(2), would(5, RESTORED))).not.toThrow();
  expect(() => assertNoMoreThanUndone(undone(2), would(5, WRITTEN))).toThrow("not the 5 that r2 has written");
  expect(() => assertNoMoreThanUndone(undone(2), would(6, RESTORED))).toThrow("r2 has written 5");
});

it("takes fewer where all that was selected was written: each is one of them", () => {
  expect(() => assertNoMoreThanUndone(undone(2, { items: 5 }), would(3, OTHERS))).not.toThrow();
});

it("counts alone where an older Slipway has undone, and says nothing of an undo that has not ended", () => {
  expect(() => assertNoMoreThanUndone(undone(1, { digests: false }), would(4, OTHERS))).not.toThrow();
  expect(() => assertNoMoreThanUndone(undone(1, { finished: false }), would(9, OTHERS))).not.toThrow();
});
