import type { GlassBody, GlassEntry } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { type ReconcileFacts, releaseToReconcile } from "./release-to-reconcile.ts";

const HASH = "a".repeat(64);
const entryOf = (body: GlassBody, index: number): GlassEntry => ({
  ...{ version: 1, environment: "prod", sequence: index + 1, at: "2026-11-28T12:00:00.000Z", by: { name: "Jane" } },
  ...{ body, previous: HASH, hash: HASH },
});
const moved = (functionName: string, version: string): GlassBody => ({
  ...{ type: "alias.moved", functionName, alias: "live", version },
});
const release = (id: string, versions: Record<string, string>): ReconcileFacts["records"][number] => ({
  ...{ id, wasLive: true },
  functions: Object.entries(versions).map(([name, version]) => ({
    ...{ name, functionName: name, alias: "live", version, previousVersion: "0", artifactSha256: HASH },
  })),
});

/** r1 has orders 1 and stock 1, r2 orders 2 and stock 1; the journal sent both to r1. */
function arrange(
  now: Record<string, string>,
  more: { readonly to?: string | null; readonly bodies?: GlassBody[] } = {},
) {
  const { to = "r1", bodies = [moved("orders", "1"), moved("stock", "1")] } = more;
  const targets = [{ function: "orders", functionName: "orders", alias: "live", version: "1" }];
  const copy = { sequence: 20, hash: HASH, at: "2026-11-28T11:00:00.000Z" };
  const broken: GlassBody = { type: "glass.broken", reason: "it burns", why: "unreachable", copy, to, targets };
  return {
    journal: [broken, ...bodies].map(entryOf),
    begun: [
      { sequence: 2, release: "r1" },
      { sequence: 12, release: "r2" },
    ],
    records: [release("r1", { orders: "1", stock: "1" }), release("r2", { orders: "2", stock: "1" })],
    versionAt: async (functionName: string) => now[functionName],
  };
}

describe("releaseToReconcile", () => {
  it("is the one that the traffic was sent to, and still has it", async () => {
    expect(await releaseToReconcile(arrange({ orders: "1", stock: "1" }))).toEqual({ to: "r1" });
  });

  it("is the one whose versions were named, all of them", async () => {
    const named = arrange({ orders: "1", stock: "1" }, { to: null });
    expect(await releaseToReconcile(named)).toEqual({ to: "r1" });
    // Of r1 stock has version 1: with another one it is nobody's.
    const other = arrange({ orders: "1", stock: "7" }, { to: null, bodies: [moved("orders", "1")] });
    expect(await releaseToReconcile(other)).toEqual({ why: "the functions are at the versions of no release" });
  });

  it("is none where a release was begun since, however its aliases are", async () => {
    const facts = arrange({ orders: "1", stock: "1" });
    const begun = [...facts.begun, { sequence: 21, release: "r3" }];
    expect(await releaseToReconcile({ ...facts, begun })).toEqual({
      why: "r3 was begun after the copy of the ledger that it went by",
    });
  });

  it.each([
    ["an alias was moved since", { orders: "3", stock: "1" }],
    ["nobody could look", { stock: "1" }],
  ] as const)("is none where %s", async (_, now) => {
    expect(await releaseToReconcile(arrange(now))).toEqual({
      why: expect.stringContaining("the alias live of orders is not at version 1 any more"),
    });
  });

  it("is none where a function could not be moved", async () => {
    const facts = arrange({ orders: "1", stock: "2" }, { bodies: [moved("orders", "1")] });
    expect(await releaseToReconcile(facts)).toEqual({ why: "the functions are at the versions of no release" });
  });
});
