import { setImmediate } from "node:timers/promises";
import type { Actor, Holder, LedgerBody } from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { createRedactor } from "../redaction/create-redactor.ts";
import { ReleaseError } from "../release-error.ts";
import type { Ledger } from "./ledger.ts";
import { type LedgerOptions, openLedger } from "./open-ledger.ts";
import { MemoryLedgerTable } from "./test/memory-ledger-table.ts";

const LEASE_SECONDS = 60;
const jane: Actor = { name: "Jane" };

let table: MemoryLedgerTable;
let clock: ManualClock;

beforeEach(() => {
  table = new MemoryLedgerTable();
  clock = new ManualClock();
});

function ledgerOf(options: Partial<LedgerOptions> = {}): Ledger {
  return openLedger(table, {
    ...{ environment: "prod", clock, leaseClock: clock, redactor: createRedactor(), leaseSeconds: LEASE_SECONDS },
    ...options,
  });
}

function holder(name: string, rest: Partial<Holder> = {}): Holder {
  return { id: name, actor: { name }, host: "host", pid: 7, command: "slipway deploy prod", ...rest };
}

function note(reason: string): LedgerBody {
  return { type: "waiver.given", waiver: { check: "checklist.tests", by: "Jane", reason, expires: "2027-01-01" } };
}

const draft = (reason: string) => ({ by: jane, release: null, body: note(reason) });

const typesOf = async () => (await ledgerOf().read()).map(({ body, token }) => `${body.type} ${token}`);

const unreachable = () =>
  new ReleaseError({ kind: "unreachable", what: "The call failed", why: "ECONNRESET", next: "check the network" });

describe("taking the lease", () => {
  it("lets one of fifty have it, and tells the others who it is", async () => {
    table.step = () => setImmediate();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => ledgerOf().take(holder(`taker ${n}`, { pid: n + 1 }))),
    );
    const held = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(held).toHaveLength(1);
    expect(refused).toHaveLength(49);
    const { pid, actor } = held[0]?.holder ?? holder("nobody");
    for (const error of refused) {
      expect(error).toMatchObject({
        kind: "busy",
        what: `prod is being changed by ${actor.name}`,
        why: `slipway deploy prod runs on host (process ${pid}) since 2026-01-01T00:00:00.000Z; its lease is good until 2026-01-01T00:01:00.000Z, and it renews it while it lives`,
        next: expect.stringContaining("slipway unlock prod"),
      });
    }
    expect(await typesOf()).toEqual(["lease.taken 1"]);
  });

  it("is possible as soon as it was given back, with a token that grows", async () => {
    const first = await ledgerOf().take(holder("jane"));
    await first.release();
    await first.release();
    const second = await ledgerOf().take(holder("joe"));
    expect([first.token, second.token]).toEqual([1, 2]);
    expect(await typesOf()).toEqual(["lease.taken 1", "lease.released 1", "lease.taken 2"]);
  });

  it("is possible when the lease was left to expire, and no second earlier", async () => {
    await ledgerOf().take(holder("jane"));
    clock.advance(LEASE_SECONDS * 1_000 - 1);
    await expect(ledgerOf().take(holder("joe"))).rejects.toMatchObject({ kind: "busy" });
    clock.advance(1);
    const { token } = await ledgerOf().take(holder("joe"));
    expect(token).toBe(2);
    const { body } = (await ledgerOf().read())[1] ?? {};
    expect(body).toMatchObject({ type: "lease.taken", takenFrom: { id: "jane" } });
  });

  it("is possible at once when the holder is known to be dead", async () => {
    await ledgerOf().take(holder("jane"));
    const held = await ledgerOf({ isGone: ({ id }) => id === "jane" }).take(holder("joe"));
    expect(held.token).toBe(2);
  });

  it("is refused to who rolls back with the words that take it away now", async () => {
    await ledgerOf().take(holder("jane"));
    const command = "slipway rollback prod --to r1";
    await expect(ledgerOf().take({ ...holder("joe"), command })).rejects.toMatchObject({
      ...{ kind: "busy", next: expect.stringContaining(`${command} --take-over takes it away now`) },
    });
    await expect(ledgerOf().take(holder("joe"))).rejects.toMatchObject({
      next: expect.not.stringContaining("--take-over"),
    });
  });

  it("from a holder that lives needs a reason, which is written down", async () => {
    const first = await ledgerOf().take(holder("jane"));
    const broken: string[] = [];
    const second = await ledgerOf().take(holder("joe"), {
      takeOver: "its machine is on fire",
      onBroken: (lease) => broken.push(`${lease.holder.id} ${lease.token}`),
    });
    expect(broken).toEqual(["jane 1"]);
    expect(await typesOf()).toEqual(["lease.taken 1", "lease.broken null", "lease.taken 2"]);
    const written = (await ledgerOf().read())[1];
    expect(written).toMatchObject({
      by: { name: "joe" },
      body: { holder: { id: "jane" }, reason: "its machine is on fire" },
    });
    await expect(first.append(draft("late"))).rejects.toMatchObject({ kind: "fenced" });
    expect(first.lost.aborted).toBe(true);
    second.assertHeld();
  });
});

describe("breaking the lease", () => {
  it("breaks the one that was looked at, and no other", async () => {
    const ledger = ledgerOf();
    const first = await ledger.take(holder("jane"));
    const looked = (await ledger.head())?.lease;
    if (looked === undefined || looked === null) throw new Error("there is a lease");
    await first.release();
    expect(await ledger.breakLease(looked, { by: jane, reason: "dead" })).toBeUndefined();
    await ledger.take(holder("joe"));
    await expect(ledger.breakLease(looked, { by: jane, reason: "dead" })).rejects.toMatchObject({
      kind: "conflict",
      why: expect.stringContaining("joe took it"),
    });
    const now = (await ledger.head())?.lease;
    if (now === undefined || now === null) throw new Error("there is a lease");
    expect(await ledger.breakLease(now, { by: jane, reason: "dead" })).toMatchObject({ token: null });
    expect((await ledger.head())?.lease).toBeNull();
  });
});

describe("a holder", () => {
  it("that was asleep past its lease changes nothing", async () => {
    const held = await ledgerOf().take(holder("jane"));
    held.assertHeld();
    clock.advance(LEASE_SECONDS * 1_000);
    const other = await ledgerOf().take(holder("joe"));
    const writes = table.writes;
    expect(() => held.assertHeld()).toThrow(expect.objectContaining({ kind: "fenced" }));
    await expect(held.append(draft("late"))).rejects.toMatchObject({ kind: "fenced" });
    await held.release();
    expect(held.lost.aborted).toBe(true);
    expect(table.writes).toBe(writes);
    other.assertHeld();
  });

  it("stops some seconds before others may take over, whose clocks may be ahead", async () => {
    const held = await ledgerOf().take(holder("jane"));
    clock.advance(LEASE_SECONDS * 1_000 - 3_000);
    expect(() => held.assertHeld()).toThrow("The lease of prod has run out");
    await expect(ledgerOf().take(holder("joe"))).rejects.toMatchObject({ kind: "busy" });
  });

  it("is told by the table when its clock does not tell it", async () => {
    const slow = new ManualClock();
    const held = await ledgerOf({ leaseClock: slow }).take(holder("jane"));
    clock.advance(LEASE_SECONDS * 1_000);
    await ledgerOf().take(holder("joe"));
    const writes = table.writes;
    await expect(held.append(draft("late"))).rejects.toMatchObject({
      kind: "fenced",
      what: "The lease of prod was taken away from this process",
      why: expect.stringContaining("joe has it since"),
    });
    expect(table.writes).toBe(writes);
  });

  it("goes on when somebody without the lease has written something", async () => {
    const held = await ledgerOf().take(holder("jane"));
    await ledgerOf().append(draft("beside it"));
    await held.append(draft("held"));
    expect(await typesOf()).toEqual(["lease.taken 1", "waiver.given null", "waiver.given 1"]);
  });

  it("keeps the lease with every entry", async () => {
    const held = await ledgerOf().take(holder("jane"));
    for (let n = 0; n < 5; n += 1) {
      clock.advance(LEASE_SECONDS * 1_000 - 5_000);
      await held.append(draft(`entry ${n}`));
    }
    held.assertHeld();
  });
});

describe("a write", () => {
  it("arrives once whichever call loses its request or its answer", async () => {
    const work = async () => {
      const held = await ledgerOf().take(holder("jane"));
      await held.append(draft("one"));
      await ledgerOf().append(draft("beside it"));
      await held.append(draft("two"));
      await held.release();
    };
    let calls = 0;
    table.step = async () => {
      calls += 1;
    };
    await work();
    const clean = await typesOf();
    expect(clean).toHaveLength(5);
    const total = calls;
    for (let hit = 1; hit <= total; hit += 1) {
      table = new MemoryLedgerTable();
      let call = 0;
      table.step = async () => {
        call += 1;
        if (call === hit) throw unreachable();
      };
      await work();
      expect(await typesOf(), `call ${hit} of ${total}`).toEqual(clean);
    }
  });

  it("is found when its answer was lost and others have written since", async () => {
    const held = await ledgerOf().take(holder("jane"));
    let isLost = false;
    table.step = async (call, when) => {
      if (call === "write" && when === "after" && !isLost) {
        isLost = true;
        await ledgerOf().append(draft("in between"));
        throw unreachable();
      }
    };
    await held.append(draft("mine"));
    table.step = async () => {};
    expect(await typesOf()).toEqual(["lease.taken 1", "waiver.given 1", "waiver.given null"]);
    held.assertHeld();
  });

  it("that was decided on what the ledger said is not made where it says something else by now", async () => {
    const [one, other] = [ledgerOf(), ledgerOf()];
    await one.append(draft("first"));
    const [last] = await one.readLatest(1);
    table.step = () => setImmediate();
    const written = await Promise.all(
      [one, other].map((ledger) => ledger.appendAfter(last?.sequence ?? 0, draft("second"))),
    );
    expect(written.filter((entry) => entry !== undefined)).toHaveLength(1);
    expect(await ledgerOf().read()).toHaveLength(2);

    let isLost = false;
    table.step = async (call, when) => {
      if (call === "write" && when === "after" && !isLost) {
        isLost = true;
        await ledgerOf().append(draft("in between"));
        throw unreachable();
      }
    };
    expect(await one.appendAfter(2, draft("third"))).toMatchObject({ sequence: 3 });
  });

  it("is given up when the lease is over, and says what the table said", async () => {
    const held = await ledgerOf().take(holder("jane"));
    table.step = async () => {
      throw unreachable();
    };
    await expect(held.append(draft("never"))).rejects.toMatchObject({ kind: "unreachable" });
    expect(clock.now()).toBeLessThan(Date.UTC(2026, 0, 1) + LEASE_SECONDS * 1_000);
  });

  it("hides secrets, and keeps what cannot be hidden without breaking the entry", async () => {
    const redactor = createRedactor();
    const digest = "5".repeat(64);
    redactor.learn(digest);
    redactor.learn("hunter2-hunter2");
    const ledger = ledgerOf({ redactor });
    const body: LedgerBody = {
      ...{ type: "approval.given", planDigest: digest, commit: null, stateSerial: 1, accepts: [] },
      comment: `the digest ${digest}, and hunter2-hunter2`,
    };
    const entry = await ledger.append({ by: jane, release: null, body });
    expect(entry.body).toMatchObject({ planDigest: digest, comment: "the digest (redacted), and (redacted)" });
    expect(await ledger.read()).toEqual([entry]);
  });

  it("of something that is no entry is our bug, and writes nothing", async () => {
    const body = { type: "waiver.given", waiver: { check: "no id" } } as unknown as LedgerBody;
    await expect(ledgerOf().append({ by: jane, release: null, body })).rejects.toThrow(
      /^A ledger entry waiver\.given is not as it must be: waiver\.check: expected the id of a check/,
    );
    expect(table.writes).toBe(0);
  });
});
