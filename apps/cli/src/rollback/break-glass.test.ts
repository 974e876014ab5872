import type { Holder, LedgerBody, LedgerEntry, ReleasePlan } from "@slipway/contracts";
import { ReleaseError } from "@slipway/release-engine";
import { describe, expect, it } from "vitest";
import { aimOf, assertAsCopied, copyWords, whyUnreachable } from "./break-glass.ts";

const { signal } = new AbortController();
const holder: Holder = { id: "h", actor: { name: "Jane" }, host: "laptop", pid: 7, command: "slipway rollback prod" };
const failing = (kind: ReleaseError["kind"] | undefined) => {
  if (kind !== undefined) throw new ReleaseError({ kind, what: "The ledger", why: "it does not answer", next: "wait" });
};
/** @param kind how reading it goes wrong @param taking how taking the lease does */
const ledger = (kind?: ReleaseError["kind"], taking?: ReleaseError["kind"]) => ({
  given: 0,
  async read() {
    failing(kind);
    return [];
  },
  async take() {
    failing(taking);
    const release = async () => {
      this.given += 1;
    };
    return { release };
  },
});

describe("the glass", () => {
  it.each(["unreachable", "throttled", "failed"] as const)("opens where the ledger is %s", async (kind) => {
    expect(await whyUnreachable(ledger(kind), holder, signal)).toBe("The ledger: it does not answer");
  });

  it.each(["unreachable", "throttled", "failed"] as const)(
    "opens where it is read, and a write is %s",
    async (kind) => {
      expect(await whyUnreachable(ledger(undefined, kind), holder, signal)).toBe("The ledger: it does not answer");
    },
  );

  it("stays shut where the ledger can be read and written, also by somebody else, and keeps no lease", async () => {
    const open = ledger();
    expect(await whyUnreachable(open, holder, signal)).toBeUndefined();
    expect(open.given).toBe(1);
    expect(await whyUnreachable(ledger(undefined, "busy"), holder, signal)).toBeUndefined();
  });

  it.each(["denied", "not-found", "usage"] as const)(
    "stays shut where it is %s, which is to be mended",
    async (kind) => {
      await expect(whyUnreachable(ledger(kind), holder, signal)).rejects.toMatchObject({ kind });
      await expect(whyUnreachable(ledger(undefined, kind), holder, signal)).rejects.toMatchObject({ kind });
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

describe("where it goes", () => {
  /** A release of version `n` of orders, live, or in the middle of its canary. */
  function releaseOf(n: number, isLive = true): LedgerBody[] {
    const [version, previousVersion] = [String(n), String(n - 1)];
    const named = { functionName: "orders-prod", alias: "live", version, previousVersion };
    const step = (id: string, kind: "code.publish" | "traffic.shift" | "traffic.promote") => ({
      ...{ id, kind, title: id, guide: "-", undo: "-", ...(kind === "code.publish" && { function: "orders" }) },
    });
    const steps = [step("code.publish.orders", "code.publish"), step("traffic.shift.10", "traffic.shift")];
    const plan: ReleasePlan = {
      ...{ version: 1, environment: "prod", release: `r${n}`, previous: n === 1 ? null : `r${n - 1}`, steps },
      source: { commit: null, tree: null, dirty: false },
    };
    const published = { step: "code.publish.orders", kind: "code.publish", summary: "", durationMs: 1 } as const;
    const functions = [{ name: "orders", ...named, artifactSha256: "b".repeat(64) }];
    return [
      { type: "release.started", plan, authors: ["Joe"] },
      { type: "step.finished", ...published, outcome: "done", result: { ...named, changed: true } },
      { type: "step.started", step: "traffic.shift.10", kind: "traffic.shift", attempt: 1 },
      ...(isLive ? [{ type: "release.ended", outcome: "live", reason: "-", functions } as const] : []),
    ];
  }

  function copyOf(...bodies: readonly LedgerBody[][]) {
    const entries = bodies.flatMap((each, index) =>
      each.map((body) => ({
        by: { name: "Jane" },
        release: `r${index + 1}`,
        body,
        at: "2026-11-28T12:00:00.000Z",
        hash: "a".repeat(64),
      })),
    );
    const load = () => entries.map((each, index) => ({ ...each, sequence: index + 1 })) as unknown as LedgerEntry[];
    return { load, path: "copy.jsonl" };
  }

  const asked = { name: "prod", versions: [] };
  const orders = { function: "orders", functionName: "orders-prod", alias: "live" };

  it("is the release before by the copy, and the alias has to be at one of its two versions", () => {
    const aim = aimOf(asked, copyOf(releaseOf(1), releaseOf(2)), "");
    expect(aim).toMatchObject({ to: "r1", targets: [{ ...orders, version: "1" }], last: "r2 (live)" });
    expect(aim.mine?.get("orders-prod")).toEqual(["1", "2"]);
  });

  it("is the one before the canary that is under way", () => {
    const aim = aimOf(asked, copyOf(releaseOf(1), releaseOf(2), releaseOf(3, false)), "");
    expect(aim).toMatchObject({ to: "r2", targets: [{ ...orders, version: "2" }] });
    expect(aim.mine?.get("orders-prod")).toEqual(["2", "3"]);
  });

  it("is what people name, which no alias has to fit", () => {
    const named = aimOf({ ...asked, versions: ["orders=7"] }, copyOf(releaseOf(1)), "");
    expect(named).toMatchObject({ to: null, targets: [{ ...orders, version: "7" }] });
    expect(named.mine).toBeUndefined();
    const elsewhere = aimOf({ ...asked, versions: ["stock-prod:live=7"] }, { load: () => undefined, path: "-" }, "");
    expect(elsewhere).toMatchObject({ copy: null, targets: [{ functionName: "stock-prod", version: "7" }] });
    expect(() => aimOf({ ...asked, versions: ["stock=7"] }, copyOf(releaseOf(1)), "")).toThrow(/NAME:ALIAS=7/);
  });

  it("is asked for where there is no copy", () => {
    expect(() => aimOf(asked, { load: () => undefined, path: "-" }, "")).toThrow(/Name the versions/);
  });
});
