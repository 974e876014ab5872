import type { DocumentRecord } from "@slipway/contracts";
import { expect, it } from "vitest";
import { ReleaseError } from "../release-error.ts";
import { good, theirs, UndoLab } from "./test/undo-lab.ts";
import type { DecidedItem } from "./write-back.ts";

const OPTIONS = { items: 100, corrupted: 40, changed: 10 };

class Killed extends Error {}

/** What has to be there in the end, whatever happened on the way. */
function expectUndone(lab: UndoLab): void {
  const { changed, corrupted } = lab.options;
  for (const [index, id] of lab.ids().entries()) {
    expect(lab.table.items.get(id), id).toEqual(index < changed ? theirs(id) : good(id));
  }
  expect(lab.table.items.size).toBe(lab.options.items);
  expect(lab.table.writes.size).toBe(corrupted - changed);
  expect([...lab.table.writes.values()].every((times) => times === 1)).toBe(true);
}

it("writes back what nobody has changed since, reports what somebody has, and touches nothing else", async () => {
  const lab = new UndoLab(OPTIONS);
  const conflicts: DecidedItem[] = [];

  const result = await lab.run({ onItem: (item) => void (item.decision === "conflict" && conflicts.push(item)) });

  expect(result).toMatchObject({ items: 40, restored: 30, written: 30, conflicts: 10, unwritable: 0 });
  expectUndone(lab);
  expect(conflicts).toHaveLength(10);
  expect(conflicts.find(({ key }) => key.id === "0003")).toEqual({
    ...{ decision: "conflict", key: { id: "0003" }, current: theirs("0003") },
    ...{ from: { id: "0003", price: 0, broken: true }, to: good("0003") },
  });
});

it("comes to the same end a second time, without a write", async () => {
  const lab = new UndoLab(OPTIONS);
  await lab.run();
  lab.forget();
  expect(await lab.run()).toMatchObject({ items: 40, restored: 30, written: 0, conflicts: 10, unwritable: 0 });
  expectUndone(lab);
});

it("is undone again: what was written back has the image of the window's end, and what was changed since stays", async () => {
  const lab = new UndoLab({ ...OPTIONS, changed: 0 });
  const before = new Map(lab.table.items);
  const request = await lab.request();
  await lab.run({ request });
  lab.table.put(theirs("0001"));
  lab.forget();

  const result = await lab.run({ request: { ...request, undoes: "r2" } });

  expect(result).toMatchObject({ items: 40, restored: 39, written: 39, conflicts: 1, unwritable: 0 });
  expect(new Map([...lab.table.items].sort())).toEqual(new Map([...before.set("0001", theirs("0001"))].sort()));
});

it("has the digest of what it has written, which taking it back has for the same items alone", async () => {
  const lab = new UndoLab({ ...OPTIONS, changed: 0 });
  const request = await lab.request();
  // Somebody has repaired one by hand already: it is there, and not written.
  lab.table.put(good("0001"));
  const undone = await lab.run({ request });
  expect(undone).toMatchObject({ restored: 40, written: 39 });
  expect(undone.digests?.written).not.toBe(undone.digests?.restored);
  lab.forget();
  // As many as were written, but the repaired one among them, and another one not.
  lab.table.put(theirs("0002"));
  const back = await lab.run({ request: { ...request, undoes: "r2" } });
  expect(back).toMatchObject({ written: 39 });
  expect(back.digests?.written).not.toBe(undone.digests?.written);
});

it("deletes what a bad write has made, and makes what it has deleted", async () => {
  const lab = new UndoLab({ ...OPTIONS, changed: 0 });
  const request = await lab.request({ fates: ["deleted"] });
  expect(await lab.run({ request })).toMatchObject({ items: 4, written: 4 });
  expect(lab.table.items.get("0008")).toEqual(good("0008"));
  lab.forget();
  // The other way round, a deletion is something made.
  expect(await lab.run({ request: { ...request, undoes: "r2" } })).toMatchObject({ items: 4, written: 4 });
  expect(lab.table.items.has("0008")).toBe(false);
});

it("goes on after a kill at any call, and comes to the same end", async () => {
  for (let kill = 1; ; kill += 1) {
    const lab = new UndoLab({ items: 40, corrupted: 18, changed: 4 });
    const request = await lab.request();
    let calls = 0;
    lab.table.step = async () => {
      calls += 1;
      if (calls >= kill) throw new Killed();
    };
    const error: unknown = await lab.run({ request }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    lab.table.step = async () => {};
    if (error !== undefined) {
      expect(error).toBeInstanceOf(Killed);
    }
    const result = await lab.run({ request });
    expect(result, `killed at call ${kill}`).toMatchObject({ items: 18, restored: 14, conflicts: 4 });
    expectUndone(lab);
    if (error === undefined) {
      expect(kill).toBeGreaterThan(60);
      return;
    }
  }
});

it.each([
  ["throttle", "before", "throttled"],
  ["500", "before", "failed"],
  ["reset", "before", "unreachable"],
  ["lost answer", "after", "unreachable"],
] as const)("ends well, or stops and can be gone on with, when any call fails: %s", async (_name, when, kind) => {
  for (let fault = 1; ; fault += 1) {
    const lab = new UndoLab({ items: 30, corrupted: 12, changed: 4 });
    const request = await lab.request();
    let calls = 0;
    lab.table.step = async (_call, at) => {
      calls += at === "before" ? 1 : 0;
      if (calls === fault && at === when) {
        throw new ReleaseError({ kind, what: "The call failed", why: "planted", next: "type the same command again" });
      }
    };
    const first: unknown = await lab.run({ request }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const made = calls;
    const result = await lab.run({ request });
    if (first !== undefined) {
      expect(first).toMatchObject({ kind });
    }
    expect(result, `call ${fault}`).toMatchObject({ items: 12, restored: 8, conflicts: 4 });
    expect([...lab.table.writes.values()].every((times) => times === 1)).toBe(true);
    if (made < fault) {
      expect(fault).toBeGreaterThan(25);
      return;
    }
  }
});

it("leaves what is changed in the middle of it, and reports it", async () => {
  const lab = new UndoLab({ ...OPTIONS, changed: 0 });
  const request = await lab.request();
  let written = 0;
  lab.table.step = async (call, when) => {
    // Right between the look and the write.
    written += call === "swap" && when === "before" ? 1 : 0;
    if (call === "swap" && when === "before" && written === 5) {
      for (const id of lab.ids(40)) {
        if (!lab.table.writes.has(id)) lab.table.put(theirs(id));
      }
    }
  };

  const result = await lab.run({ request });

  expect(result.conflicts).toBe(40 - lab.table.writes.size);
  expect(result.conflicts).toBeGreaterThan(10);
  for (const id of lab.ids(40)) {
    expect(lab.table.items.get(id)).toEqual(lab.table.writes.has(id) ? good(id) : theirs(id));
  }
});

it("keeps what somebody adds between the look and the write", async () => {
  const lab = new UndoLab({ items: 3, corrupted: 1, changed: 0 });
  const request = await lab.request();
  lab.table.step = async (call, when) => {
    if (call === "swap" && when === "before") {
      lab.table.put({ ...(lab.table.items.get("0000") as DocumentRecord), note: "theirs" });
    }
  };
  await lab.run({ request });
  expect(lab.table.items.get("0000")).toEqual({ ...good("0000"), note: "theirs" });
});

it("writes nothing when what is selected is not what was confirmed", async () => {
  const lab = new UndoLab(OPTIONS);
  const request = await lab.request();
  const other = { ...request, confirmed: { items: 40, digest: "0".repeat(64) } };
  await expect(lab.run({ request: other })).rejects.toMatchObject({
    kind: "conflict",
    what: "What is selected is not what was confirmed, so nothing is written",
    why: expect.stringMatching(
      /^40 items \(digest 0{64}\) were confirmed, and the export has 40 \(digest [0-9a-f]{64}\)$/,
    ),
    next: "slipway rollback prod --local ends it; then look again: slipway rollback prod data --undo --plan --local",
  });
  // Nor where it changes after the selection.
  lab.forget();
  const reads = lab.table.changes.bind(lab.table);
  let passes = 0;
  lab.table.changes = async function* (finished) {
    passes += 1;
    for await (const change of reads(finished)) {
      yield passes > 2 && change.key.id === "0020" ? { ...change, before: { id: "0020", price: 666 } } : change;
    }
  };
  await expect(lab.run({ request })).rejects.toMatchObject({ kind: "conflict" });
  expect(lab.table.writes.size).toBe(0);
});

it("stops when it is asked to, and goes on later", async () => {
  const lab = new UndoLab(OPTIONS);
  const request = await lab.request();
  const asked = new AbortController();
  await expect(
    lab.run({ request, signal: asked.signal, onItem: () => void (lab.table.writes.size > 9 && asked.abort()) }),
  ).rejects.toMatchObject({ kind: "interrupted" });
  expect(lab.table.writes.size).toBeLessThan(30);
  expect(await lab.run({ request })).toMatchObject({ restored: 30, conflicts: 10 });
  expectUndone(lab);
});

it("keeps to a rate", async () => {
  const lab = new UndoLab({ ...OPTIONS, changed: 0 });
  const request = { ...(await lab.request()), rate: { perSecond: 10, unit: "records" as const } };
  await lab.run({ request });
  expect(lab.waitedMs).toBeGreaterThanOrEqual(2_000);
});
