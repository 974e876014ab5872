import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadSeed } from "./load-seed.ts";

let folder: TemporaryFolder;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(() => folder[Symbol.dispose]());

const DEFINITION = {
  description: "Things.",
  partitionKey: "id",
  keyTypes: { id: "S" },
  indexes: {},
  kindAttribute: "kind",
  kindWhenMissing: "thing",
  records: {
    thing: {
      description: "A thing.",
      attributes: {
        id: { type: "S", description: "Key.", pattern: "thing-\\d+" },
        kind: { type: "S", description: "Kind.", oneOf: ["thing"] },
        name: { type: "S", description: "Name.", minLength: 1, maxLength: 5, optional: true },
        count: { type: "N", description: "Count.", minimum: 1, maximum: 9, wholeNumber: true, optional: true },
        state: { type: "S", description: "State.", oneOf: ["on", "off"], optional: true },
        more: {
          ...{ type: "M", description: "More.", optional: true },
          entries: { names: "[a-z]+", most: 2, values: [{ type: "S", maxLength: 3 }, { type: "BOOL" }] },
        },
      },
    },
  },
};

function load(records: unknown, definition: unknown = DEFINITION) {
  const files = { seed: join(folder.path, "seed.json"), definition: join(folder.path, "table.json") };
  writeFileSync(files.seed, JSON.stringify(records));
  writeFileSync(files.definition, JSON.stringify(definition));
  return loadSeed(files);
}

const good = { id: "thing-1", kind: "thing", name: "a", count: 2, state: "on", more: { size: "big", new: true } };

describe("loadSeed", () => {
  it("gives the records that are as the definition says", () => {
    expect(load([good, { id: "thing-2" }]).records).toEqual([good, { id: "thing-2" }]);
    const outsideOf16Bits = { ...good, name: "\u{1f6b2}".repeat(5) };
    expect(load([outsideOf16Bits]).records).toEqual([outsideOf16Bits]);
  });

  it.each<[object, string]>([
    [{ ...good, id: "thing" }, "[0].id: expected a text that matches thing-\\d+"],
    [{ kind: "thing" }, "[0].id: is missing"],
    [{ ...good, kind: "other" }, "[0].kind: expected one of thing"],
    [{ ...good, name: "" }, "[0].name: is shorter than 1"],
    [{ ...good, name: "abcdef" }, "[0].name: is longer than 5"],
    [{ ...good, name: 1 }, "[0].name: expected S, and it is N"],
    [{ ...good, count: 0 }, "[0].count: is less than 1"],
    [{ ...good, count: 10 }, "[0].count: is more than 9"],
    [{ ...good, count: 1.5 }, "[0].count: expected a whole number"],
    [{ ...good, state: "open" }, "[0].state: expected one of on, off"],
    [{ ...good, colour: "red" }, "[0].colour: is no attribute of thing; it has id, kind, name, count, state, more"],
    [{ ...good, more: { a: "x", b: "x", c: "x" } }, "[0].more: has 3 entries, and 2 is the most"],
    [{ ...good, more: { A: "x" } }, "[0].more.A: expected a name that matches [a-z]+"],
    [{ ...good, more: { a: "long" } }, "[0].more.a: is longer than 3"],
    [{ ...good, more: { a: [] } }, "[0].more.a: expected S or BOOL, and it is L"],
    [["thing-1"], "[0]: expected a record"],
  ])("refuses %j", (record, problem) => {
    expect(() => load([record])).toThrow(problem);
  });

  it("refuses two records with one key, a file that is no list, and a definition that is not valid", () => {
    expect(() => load([good, good])).toThrow('[1]: has the key of [0], ["thing-1"]');
    expect(() => load({})).toThrow("expected a list of records");
    expect(() => load([], { ...DEFINITION, partitionkey: "id" })).toThrow("partitionkey: is not a known key here");
    expect(() => loadSeed({ seed: "/nowhere/seed.json", definition: "/nowhere/table.json" })).toThrow("no such file");
  });
});
