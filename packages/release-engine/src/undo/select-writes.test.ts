import { type DocumentValue, ExactNumber, type UndoSelection } from "@slipway/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalRecord } from "./canonical-record.ts";
import { isSelected, selectWrites } from "./select-writes.ts";
import type { WindowChange } from "./window-change.ts";

const keyed = { partitionKey: "id" };
const at = Date.UTC(2026, 10, 28, 12);
const made: WindowChange = { at, key: { id: "user#1" }, after: { id: "user#1", price: 0, writer: "batch" } };
const changed: WindowChange = {
  at,
  key: { id: "item#1" },
  before: { id: "item#1", price: 7, name: "pen" },
  after: { id: "item#1", price: 0, name: "pen", writer: "batch" },
};
const deleted: WindowChange = { at, key: { id: "item#2" }, before: { id: "item#2", price: 7 } };
const all = [made, changed, deleted];

async function* of(changes: readonly WindowChange[]) {
  yield* changes;
}

describe("isSelected", () => {
  it.each<[string, UndoSelection, readonly WindowChange[]]>([
    ["everything", {}, all],
    ["what was deleted", { fates: ["deleted"] }, [deleted]],
    ["what was made or changed", { fates: ["made", "changed"] }, [made, changed]],
    ["keys that begin so", { keyPrefix: "item#" }, [changed, deleted]],
    ["what has the bad value", { after: { equals: { price: 0 } } }, [made, changed]],
    ["what had the good value", { before: { equals: { price: 7 } } }, [changed, deleted]],
    ["what lacked an attribute", { before: { missing: ["writer"] } }, [changed, deleted]],
    ["an attribute that differs", { touched: ["price"] }, all],
    ["another one", { touched: ["name"] }, []],
    [
      "all of it together",
      { keyPrefix: "item#", after: { equals: { writer: "batch" } }, touched: ["price"] },
      [changed],
    ],
  ])("selects %s", (_name, select, expected) => {
    expect(all.filter((change) => isSelected(select, keyed, change))).toEqual(expected);
  });

  it("selects no record of a migration, whatever is asked for", async () => {
    const key = { id: "migration#0002-drop-name" };
    const record: WindowChange = { at, key, before: { ...key, price: 7 }, after: { ...key, price: 0 } };
    for (const select of [{}, { keyPrefix: "migration#" }, { fates: ["changed"] }] satisfies UndoSelection[]) {
      expect(isSelected(select, keyed, record)).toBe(false);
    }
    expect(await selectWrites(of([record, { at, key, before: { ...key } }]), {}, keyed)).toMatchObject({
      ...{ items: 0, unseenDeletions: 0 },
    });
  });

  it("selects no key by its beginning that is no text", () => {
    expect(isSelected({ keyPrefix: "1" }, keyed, { at, key: { id: 11 }, after: { id: 11 } })).toBe(false);
  });
});

describe("selectWrites", () => {
  it("counts by what became of the items, and the deletions that have no image to ask", async () => {
    expect(await selectWrites(of(all), {}, keyed)).toMatchObject({
      items: 3,
      made: 1,
      changed: 1,
      deleted: 1,
      unseenDeletions: 0,
    });
    expect(await selectWrites(of(all), { after: { equals: { writer: "batch" } } }, keyed)).toMatchObject({
      ...{ items: 2, deleted: 0, unseenDeletions: 1 },
    });
  });

  it("leaves out and counts what DynamoDB has deleted, because it had expired", async () => {
    const expiring = (seconds: DocumentValue, after?: WindowChange["after"]): WindowChange => ({
      ...{ at, key: { id: "item#3" }, before: { id: "item#3", ttl: seconds } },
      ...(after && { after }),
    });
    const [second, fiveYears] = [at / 1000, 5 * 365 * 86_400];
    const own = [expiring(second), expiring(second - 60), expiring(second - fiveYears)];
    // Not yet, no time at all, kept for ever, still there.
    const others = [expiring(second + 1), expiring("12:00"), expiring(0), expiring(second, { id: "item#3" }), deleted];
    for (const change of own) {
      expect(await selectWrites(of([change]), { expiry: "ttl" }, keyed)).toMatchObject({
        ...{ items: 0, deleted: 0, expiredDeletions: 1, unseenDeletions: 0 },
      });
      expect(await selectWrites(of([change]), {}, keyed)).toMatchObject({ deleted: 1, expiredDeletions: 0 });
    }
    expect(await selectWrites(of(others), { expiry: "ttl" }, keyed)).toMatchObject({
      ...{ items: others.length, expiredDeletions: 0 },
    });
    // Left out all the same: that is no count of what another selection would bring.
    expect(await selectWrites(of(own), { expiry: "ttl", keyPrefix: "user#" }, keyed)).toMatchObject({
      ...{ items: 0, expiredDeletions: 0 },
    });
  });

  it("has one digest for one selection, whatever its order, and another for any other", async () => {
    const digestOf = async (changes: readonly WindowChange[]) => (await selectWrites(of(changes), {}, keyed)).digest;
    const digest = await digestOf(all);
    expect(await digestOf([deleted, made, changed])).toBe(digest);
    const others = [
      [made, changed],
      [made, changed, { ...deleted, key: { id: "item#3" } }],
      [
        made,
        { ...changed, after: { ...changed.after, price: new ExactNumber("0.00000000000000000000000000001") } },
        deleted,
      ],
      [{ at, key: made.key, ...(made.after && { before: made.after }) }, changed, deleted],
      [made, made, changed, deleted],
    ];
    expect(new Set([digest, ...(await Promise.all(others.map(digestOf)))]).size).toBe(6);
  });
});

describe("canonicalRecord", () => {
  it("tells every two records apart that DynamoDB does, and no others", () => {
    const value = fc.oneof(
      fc.constantFrom<DocumentValue>("", "1", "<AQ==>", "(1)", "[1]", "{}"),
      fc.constantFrom<DocumentValue>(1, 0, -0, true, false, null, new ExactNumber("12345678901234567890")),
      fc.constantFrom<DocumentValue>(
        new Uint8Array([1]),
        new Set(["b", "a"]),
        new Set(["a", "b"]),
        new Set([1]),
        new Set([new Uint8Array([1])]),
      ),
      fc.constantFrom<DocumentValue>([1], [], ["1"], { a: 1 }, {}, { b: [1], a: 1 }, { a: 1, b: [1] }),
    );
    const same = (left: unknown, right: unknown) => expect(left).toEqual(right);
    fc.assert(
      fc.property(value, value, (left, right) => {
        const isSame = canonicalRecord({ value: left }) === canonicalRecord({ value: right });
        if (isSame) {
          same(Object.is(left, -0) ? 0 : left, Object.is(right, -0) ? 0 : right);
        }
      }),
    );
    expect(canonicalRecord({ b: new Set([2, 1]), a: -0 })).toBe(canonicalRecord({ a: 0, b: new Set([1, 2]) }));
  });
});
