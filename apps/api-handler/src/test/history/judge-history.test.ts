import { expect, it } from "vitest";
import type { TableRecord } from "../../store/item-record.ts";
import { History } from "./history.ts";
import { judgeHistory } from "./judge-history.ts";

function record(id: string, version: number, name: string, key: string): TableRecord {
  return {
    id: { S: id },
    kind: { S: "item" },
    version: { N: String(version) },
    name: { S: name },
    attributes: { M: { key: { S: key } } },
  };
}

/** Item 1 was created, changed to versions 2 and 3 (nobody was told of that), and its deletion at version 2 was refused. */
function aHistory(): History {
  const history = new History();
  history.creations.push({ key: "k", outcome: "acknowledged", ids: new Set(["1"]) });
  history.changes.push(
    { id: "1", version: 1, name: "two", outcome: "acknowledged" },
    { id: "1", version: 2, name: "three", outcome: "unknown" },
  );
  return history;
}

it.each([
  ["the acknowledged version", [record("1", 2, "two", "k")]],
  ["a later one that may have been written", [record("1", 3, "three", "k")]],
])("takes %s", (_, records) => {
  expect(judgeHistory(aHistory(), records)).toEqual([]);
});

it("takes an item that is gone when somebody asked for that at the version that it had", () => {
  const history = aHistory();
  history.deletions.push({ id: "1", version: 2, outcome: "unknown" });
  expect(judgeHistory(history, [])).toEqual([]);
});

it.each<[string, TableRecord[], string]>([
  ["a lost creation", [], "its item is lost"],
  ["a lost item", [], "is gone"],
  ["a lost update", [record("1", 1, "created under k", "k")], "version 2 was acknowledged"],
  ["another's content", [record("1", 2, "three", "k")], 'is "three", which is none of two'],
  ["a version that nobody wrote", [record("1", 4, "x", "k")], "version 4 is there, and nobody has asked for it"],
  ["a doubled creation", [record("1", 2, "two", "k"), record("9", 1, "created under k", "k")], "k has created 9 and 1"],
  ["an item of nobody", [record("1", 2, "two", "k"), record("9", 1, "created under k", "z")], "nobody has asked for z"],
])("finds %s", (_, records, expected) => {
  expect(judgeHistory(aHistory(), records).join("\n").replace("1 and 9", "9 and 1")).toContain(expected);
});

it("finds a deleted item that is there, a version that was acknowledged twice, and two answers to one key", () => {
  const history = aHistory();
  history.deletions.push({ id: "1", version: 2, outcome: "acknowledged" });
  history.changes.push({ id: "1", version: 1, name: "second", outcome: "acknowledged" });
  history.creations[0]?.ids.add("2");
  const wrong = judgeHistory(history, [record("1", 2, "two", "k")]).join("\n");
  expect(wrong).toContain("is there after its deletion");
  expect(wrong).toContain("version 2 was acknowledged 2 times");
  expect(wrong).toContain("k has created 1 and 2");
});
