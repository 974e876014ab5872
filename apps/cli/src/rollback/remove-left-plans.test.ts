import { ManualClock } from "@slipway/testing";
import { expect, test } from "vitest";
import { removeLeftPlans } from "./remove-left-plans.ts";

type Given = Parameters<typeof removeLeftPlans>[0];

async function removals(lease: { readonly expiresAt: string } | null | undefined): Promise<number> {
  let removed = 0;
  await removeLeftPlans({
    ledger: { head: async () => (lease === undefined ? undefined : { lease }) } as unknown as Given["ledger"],
    ports: { systemClock: new ManualClock(Date.parse("2026-11-28T12:00:00.000Z")) },
    removePlans: async () => {
      removed += 1;
    },
  });
  return removed;
}

test("plans that were left go where nobody has the lease, and stay where somebody may be making one", async () => {
  expect(await removals(undefined)).toBe(1);
  expect(await removals(null)).toBe(1);
  expect(await removals({ expiresAt: "2026-11-28T11:00:00.000Z" })).toBe(1);
  expect(await removals({ expiresAt: "2026-11-28T12:01:00.000Z" })).toBe(0);
});
