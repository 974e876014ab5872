import type { Holder } from "@slipway/contracts";
import { type LeaseRecord, ReleaseError } from "@slipway/release-engine";
import { expect, it } from "vitest";
import { orBreakGlass, othersNoticeBy } from "./roll-back-parts.ts";

const holder: Holder = { id: "h", actor: { name: "Jane" }, host: "laptop", pid: 7, command: "slipway deploy prod" };
const expiresAt = "2026-11-28T12:01:00.000Z";
const lease: LeaseRecord = { holder, token: 3, takenAt: "2026-11-28T12:00:00.000Z", expiresAt };

it("looks again only after the lease that was taken away has run out by its holder's clock, too", () => {
  expect(othersNoticeBy(lease, () => false)).toBeGreaterThanOrEqual(Date.parse(expiresAt) + 3_000);
});

it("waits for nobody who is known to be dead", () => {
  expect(othersNoticeBy(lease, () => true)).toBeUndefined();
});

it.each([
  ["unreachable", true],
  ["throttled", true],
  ["failed", true],
  ["busy", false],
  ["denied", false],
] as const)("names the way without the ledger where reading or taking it is %s: %s", async (kind, isNamed) => {
  const call = () => Promise.reject(new ReleaseError({ kind, what: "The ledger", why: "-", next: "wait" }));
  const error: unknown = await orBreakGlass("prod --local", call).catch((thrown: unknown) => thrown);
  expect(String((error as ReleaseError).next).includes("slipway rollback prod --local --break-glass")).toBe(isNamed);
});
