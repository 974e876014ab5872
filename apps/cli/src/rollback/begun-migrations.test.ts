import type { ReleasePlan } from "@slipway/contracts";
import { expect, it } from "vitest";
import { otherCheckout } from "./begun-migrations.ts";

const tree = "b".repeat(40);
const plan = { source: { commit: "a".repeat(40), tree, dirty: false } } as ReleasePlan;
const rollback = {
  rollsBack: {},
  source: { commit: null, tree: "c".repeat(40), dirty: false },
} as unknown as ReleasePlan;
const records = [
  { id: "r7", plan },
  { id: "r8", plan: rollback },
];

it("knows of migrations by what is checked out only where that is the newest release's tree", () => {
  expect(otherCheckout({ tree, dirty: false }, records)).toBeUndefined();
  expect(otherCheckout({ tree, dirty: false }, [])).toBeUndefined();
  for (const other of [
    { tree: "d".repeat(40), dirty: false },
    { tree, dirty: true },
    { tree: null, dirty: false },
  ]) {
    expect(otherCheckout(other, records)).toContain("another tree than that of r7 (aaaaaaaaaaaa)");
  }
});
