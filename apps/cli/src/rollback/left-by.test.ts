import type { ReleaseRecord } from "@slipway/release-engine";
import { expect, it } from "vitest";
import { leftBy } from "./left-by.ts";

const record = (state: ReleaseRecord["state"], change: object = {}) => {
  const result = { items: 5, restored: 5, written: 5, conflicts: 0, unwritable: 0, ...change };
  const steps = new Map([["data.write-back", { kind: "data.write-back", result }]]);
  return { state, steps } as unknown as Pick<ReleaseRecord, "state" | "steps">;
};

it.each([[{ conflicts: 2 }], [{ unwritable: 1 }]])("is what an undo has not written: %j", (change) => {
  expect(leftBy(record("done", change))).toMatchObject(change);
});

it("is nothing of one that has written all, is not done, or is another release", () => {
  expect(leftBy(record("done"))).toBeUndefined();
  expect(leftBy(record("paused", { conflicts: 2 }))).toBeUndefined();
  expect(leftBy({ state: "done", steps: new Map() })).toBeUndefined();
});
