import { ReleaseError } from "@slipway/release-engine";
import { describe, expect, it } from "vitest";
import { assertAsCopied, copyWords, whyUnreachable } from "./break-glass.ts";

const { signal } = new AbortController();
const ledger = (kind?: ReleaseError["kind"]) => ({
  read: async () => {
    if (kind !== undefined)
      throw new ReleaseError({ kind, what: "The ledger", why: "it does not answer", next: "wait" });
    return [];
  },
});

describe("the glass", () => {
  it.each(["unreachable", "throttled", "failed"] as const)("opens where the ledger is %s", async (kind) => {
    expect(await whyUnreachable(ledger(kind), signal)).toBe("The ledger: it does not answer");
  });

  it("stays shut where the ledger can be read", async () => {
    expect(await whyUnreachable(ledger(), signal)).toBeUndefined();
  });

  it.each(["denied", "not-found", "usage"] as const)(
    "stays shut where it is %s, which is to be mended",
    async (kind) => {
      await expect(whyUnreachable(ledger(kind), signal)).rejects.toMatchObject({ kind });
    },
  );
});

describe("going by a copy", () => {
  const target = { function: "orders", functionName: "orders-prod", alias: "live", version: "3" };
  const at = (version: string) => ({
    readAlias: async () => ({ version, weights: {}, revisionId: "r" }),
  });
  const mine = new Map([["orders-prod", ["3", "4"]]]);

  it("is refused where an alias is at a version of which the copy knows nothing", async () => {
    await expect(assertAsCopied(at("5"), { targets: [target], mine }, "prod --local")).rejects.toThrow(
      /is at version 5, .*it says 3 or 4.*slipway rollback prod --local --break-glass --to RELEASE/,
    );
  });

  it("goes on where it is as the copy says, in the middle of a canary, too", async () => {
    await assertAsCopied(at("4"), { targets: [target], mine }, "prod");
    await assertAsCopied(at("3"), { targets: [target], mine }, "prod");
  });

  it("looks at nothing where people have said where to go, and is not stopped by what cannot be read", async () => {
    await assertAsCopied(at("5"), { targets: [target] }, "prod");
    const reader = {
      readAlias: async () => {
        throw new ReleaseError({ kind: "unreachable", what: "Lambda", why: "-", next: "-" });
      },
    };
    await assertAsCopied(reader, { targets: [target], mine }, "prod");
  });

  it("says how old it is, and what it knows last", () => {
    const copy = { sequence: 9, hash: "a".repeat(64), at: "2026-11-28T10:00:00.000Z" };
    const words = copyWords({ copy, last: "r4 (live)" }, Date.parse("2026-11-28T13:00:00.000Z"));
    expect(words).toContain("3 h old");
    expect(words).toContain("r4 (live)");
    expect(copyWords({ copy: null }, 0)).toContain("no copy");
  });
});
