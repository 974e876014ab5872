import { type DocumentRecord, type DocumentValue, ExactNumber } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { decideChange } from "./decide-change.ts";
import { kindMigration } from "./test/kind-migration.ts";

const shape = { name: "things", partitionKey: "id", sortKey: "at", estimatedRecords: 1 };
const decide = (record: DocumentRecord, change: (record: DocumentRecord) => unknown, select?: object) =>
  decideChange(
    kindMigration({
      backfill: { change: change as (record: DocumentRecord) => DocumentRecord | undefined, ...(select && { select }) },
    }),
    shape,
    record,
  );

describe("decideChange", () => {
  const record = { id: "a", at: "1", n: 1, tags: new Set(["x", "y"]), inner: { deep: [1, { b: null }] }, old: true };

  it("says what is set and removed, and leaves out what stays as it is", () => {
    const change = ({ old: _, ...rest }: DocumentRecord) => ({ ...rest, kind: "item", tags: new Set(["y", "x"]) });
    expect(decide(record, change)).toEqual({
      ...{ before: record, absent: ["kind"], set: { kind: "item" }, remove: ["old"] },
    });
  });

  it("has nothing to do for what is not selected, needs no change, or comes out the same", () => {
    expect(decide(record, () => ({ id: "other" }), { missing: ["old"] })).toBeUndefined();
    expect(decide(record, () => undefined)).toBeUndefined();
    expect(decide(record, (each) => ({ ...each, inner: { deep: [1, { b: null }] } }))).toBeUndefined();
  });

  it("guards the absence of everything that was looked for and not found", () => {
    const change = (each: DocumentRecord) =>
      each.deletedAt === undefined && !("hidden" in each) && !Object.hasOwn(each, "gone") && each.n !== 2
        ? { ...each, n: 2 }
        : undefined;
    const decided = decide(record, change, { missing: ["kind"] });
    expect([...(decided?.absent ?? [])].sort()).toEqual(["deletedAt", "gone", "hidden", "kind"]);
  });

  it("guards no absence that was learned by going through all names, which a copy does, too", () => {
    const going: ((each: DocumentRecord) => DocumentRecord)[] = [
      (each) => ({ ...each, n: Object.keys(each).length }),
      (each) => ({ ...each, n: Object.entries(each).length }),
      (each) => Object.assign({}, each, { n: 2 }),
    ];
    for (const change of going) {
      expect(decide(record, change)).toMatchObject({ before: record, absent: [] });
    }
  });

  it("keeps numbers that JavaScript cannot hold", () => {
    const big = new ExactNumber("12345678901234567890");
    const change = (each: DocumentRecord) => (each.kind === undefined ? { ...each, kind: "item" } : undefined);
    expect(decide({ ...record, big }, change)?.set).toEqual({ kind: "item" });
  });

  it.each<[string, (record: DocumentRecord) => unknown, string]>([
    ["throws", () => JSON.parse("{"), "its change threw SyntaxError"],
    ["changes the record in place", (each) => Object.assign(each, { n: 2 }), "its change threw TypeError"],
    ["changes the key", (each) => ({ ...each, at: "2" }), "it changes at, which is the record's key"],
    ["drops the key", ({ id: _, ...rest }) => rest, "it changes id, which is the record's key"],
    ["returns null", () => null, "its change returned null"],
    ["returns a list", () => [], "its change returned no record"],
    ["is asynchronous", async (each) => each, "its change returned a Promise"],
    ["leaves undefined", (each) => ({ ...each, n: undefined }), "undefined as n; leave an attribute out to remove it"],
    ["makes a date", (each) => ({ ...each, inner: { when: new Date() } }), "a Date as inner.when"],
    ["makes no number", (each) => ({ ...each, n: Number.NaN }), "NaN as n"],
    ["makes a bigint", (each) => ({ ...each, n: 1n }), "a bigint as n"],
    ["makes an empty set", (each) => ({ ...each, tags: new Set() }), "an empty set as tags"],
    ["never ends", ({ n, ...each }) => ({ ...each, n: Number(n) + 1 }), "it wants to change its own result again"],
  ])("refuses a change that %s", (_name, change, why) => {
    expect(() => decide(record, change)).toThrow(`0001-kind cannot change the record {"id":"a","at":"1"} of things`);
    expect(() => decide(record, change)).toThrow(why);
  });

  it("refuses a record with more attributes than a condition can guard", () => {
    const wide: Record<string, DocumentValue> = { id: "a", at: "1" };
    for (let n = 0; n < 150; n += 1) {
      wide[`a${n}`] = n;
    }
    expect(() => decide(wide, (each) => (each.kind ? undefined : { ...each, kind: "x" }))).toThrow(
      "the record has 152 attributes, and a condition can guard 148",
    );
  });
});
