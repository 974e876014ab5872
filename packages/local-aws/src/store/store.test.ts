import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "./store.ts";
import { StoreError } from "./store-error.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "store-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("openStore", () => {
  it("keeps records, with dates and bytes as themselves, across a reopening", () => {
    const value = { at: new Date(0), bytes: new Uint8Array([1, 2]), tags: new Map([["a", 1]]), none: undefined };
    const first = openStore(folder);
    first.collection<typeof value>("things").put("k", value);
    const id = first.blobs.put(Buffer.from("blob"));
    first.close();
    const second = openStore(folder);
    expect(second.collection<typeof value>("things").get("k")).toEqual(value);
    expect(Buffer.from(second.blobs.get(id)).toString()).toBe("blob");
    second.close();
  });

  it("lists by prefix, in order, one collection at a time", () => {
    const store = openStore(folder);
    const things = store.collection<number>("things");
    store.collection<number>("others").put("a/1", 9);
    for (const [index, key] of ["b/1", "a/2", "a/1", "a"].entries()) {
      things.put(key, index);
    }
    expect(things.entries("a/")).toEqual([
      ["a/1", 2],
      ["a/2", 1],
    ]);
    expect(things.entries().map(([key]) => key)).toEqual(["a", "a/1", "a/2", "b/1"]);
    expect(things.delete("a")).toBe(true);
    expect(things.delete("a")).toBe(false);
    store.close();
  });

  it.each([
    ["a", ["a", "a\u{10FFFF}\u{10FFFF}z", "ab"]],
    ["\uD7FF", ["\uD7FFx"]],
    ["\u{10FFFF}", ["\u{10FFFF}", "\u{10FFFF}\u{10FFFF}"]],
    ["", ["a", "b", "\u{10FFFF}\u{10FFFF}"]],
  ])("finds every key with the prefix %j, and no other", (prefix, keys) => {
    const store = openStore(folder);
    const things = store.collection<number>("things");
    for (const key of [...keys, ...(prefix === "" ? [] : ["A", "b", "\uE000"])]) {
      things.put(key, 1);
    }
    expect(new Set(things.entries(prefix).map(([key]) => key))).toEqual(new Set(keys));
    store.close();
  });

  it("reads a folder whose very first start was killed", () => {
    writeFileSync(join(folder, "format"), "");
    openStore(folder).close();
    openStore(folder).close();
  });

  it("does all of a transaction or nothing, nested ones included", () => {
    const store = openStore(folder);
    const things = store.collection<number>("things");
    expect(() =>
      store.transaction(() => {
        things.put("a", 1);
        store.transaction(() => things.put("b", 2));
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(things.entries()).toEqual([]);
    expect(() => store.transaction(() => Promise.resolve())).toThrow(TypeError);
    store.close();
  });

  it.each([
    [
      "a folder of another layout",
      () => writeFileSync(join(folder, "format"), "99\n"),
      /layout "99".*slipway local reset/,
    ],
    [
      "a damaged database",
      () =>
        writeFileSync(
          join(folder, "records.sqlite"),
          "this is no database, but long enough to be taken for one".repeat(50),
        ),
      /damaged.*slipway local reset/,
    ],
    ["a folder that is a file", () => mkdirSync(join(folder, "records.sqlite")), /slipway local reset/],
  ])("refuses %s with one message that says what to type", (_case, damage, message) => {
    damage();
    expect(() => openStore(folder)).toThrow(StoreError);
    expect(() => openStore(folder)).toThrow(message);
  });
});
