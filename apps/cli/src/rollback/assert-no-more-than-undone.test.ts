import type { ReleaseRecord } from "@slipway/release-engine";
import { expect, it } from "vitest";
import { assertNoMoreThanUndone } from "./assert-no-more-than-undone.ts";

/** An undo that found one of five items repaired by somebody. */
function undone(attempts: number, finished = true): Pick<ReleaseRecord, "id" | "steps" | "plan"> {
  const result = { items: 5, restored: 5, written: 4, conflicts: 0, unwritable: 0 };
  const step = { kind: "data.write-back", attempts, ...(finished && { result }) };
  return {
    id: "r2",
    plan: { environment: "prod" } as unknown as ReleaseRecord["plan"],
    steps: new Map([["data.write-back", step]]) as unknown as ReleaseRecord["steps"],
  };
}

it("refuses to write the bad image onto an item that the undo has not written", () => {
  expect(() => assertNoMoreThanUndone(undone(1), 5)).toThrow(/5 items would be written, and r2 has written 4/);
  expect(() => assertNoMoreThanUndone(undone(1), 4)).not.toThrow();
});

it("counts what an attempt that was broken off has written", () => {
  expect(() => assertNoMoreThanUndone(undone(2), 5)).not.toThrow();
  expect(() => assertNoMoreThanUndone(undone(2), 6)).toThrow("r2 has written 5");
});

it("says nothing of an undo that has not ended", () => {
  expect(() => assertNoMoreThanUndone(undone(1, false), 9)).not.toThrow();
});
