import { expect, test } from "vitest";
import type { Item } from "./attribute-value.ts";
import { compareNumbers, meets } from "./condition.ts";
import { validateRequest } from "./dynalite.ts";

const item: Item = {
  id: { S: "1" },
  blank: { S: "" },
  n: { N: "12345678901234567890123456789.5" },
  aList: { L: [{ S: "a" }, { M: { deep: { N: "2" } } }] },
  aMap: { M: { a: { S: "x" }, b: { L: [{ N: "1" }] } } },
  aSet: { SS: ["red", "green"] },
  aBlob: { B: Buffer.from([1, 2, 3]).toString("base64") },
  aBool: { BOOL: false },
};

/** Whether the item meets an expression, parsed as requests are. */
function holds(expression: string, values?: Item): boolean {
  const request = validateRequest("DeleteItem", {
    TableName: "items",
    Key: { id: { S: "1" } },
    ConditionExpression: expression,
    ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
  });
  return meets(item, request._condition?.expression ?? { type: "missing", args: [] });
}

test.each<[string, Item | undefined, boolean]>([
  ["attribute_exists(id)", undefined, true],
  ["attribute_exists(aList[1].deep)", undefined, true],
  ["attribute_exists(aList[2])", undefined, false],
  ["attribute_not_exists(toString)", undefined, true],
  ["attribute_type(aMap, :t)", { ":t": { S: "M" } }, true],
  ["aMap = :m", { ":m": { M: { b: { L: [{ N: "1" }] }, a: { S: "x" } } } }, true],
  ["aMap = :m", { ":m": { M: { a: { S: "x" } } } }, false],
  ["aList <> :l", { ":l": { L: [{ S: "a" }] } }, true],
  ["aList = :l", { ":l": { L: [{ S: "a" }, { M: { deep: { N: "2" } } }] } }, true],
  ["aSet = :s", { ":s": { SS: ["green", "red"] } }, true],
  ["contains(aSet, :r)", { ":r": { S: "red" } }, true],
  ["contains(aList, :e)", { ":e": { M: { deep: { N: "2" } } } }, true],
  ["contains(id, :e)", { ":e": { S: "2" } }, false],
  ["size(blank) = :zero", { ":zero": { N: "0" } }, true],
  ["size(aBlob) = :three", { ":three": { N: "3" } }, true],
  ["size(absent) = :zero", { ":zero": { N: "0" } }, false],
  ["n > :n", { ":n": { N: "12345678901234567890123456789.4" } }, true],
  ["n BETWEEN :a AND :b", { ":a": { N: "-1" }, ":b": { N: "12345678901234567890123456789.5" } }, true],
  ["id < :n", { ":n": { N: "5" } }, false],
  ["absent <> :v", { ":v": { S: "x" } }, true],
  ["absent < :v", { ":v": { S: "x" } }, false],
  ["blank IN (:a, :b)", { ":a": { S: "x" }, ":b": { S: "" } }, true],
  ["begins_with(aBlob, :b)", { ":b": { B: Buffer.from([1, 2]).toString("base64") } }, true],
  ["aBool = :f AND NOT attribute_exists(absent)", { ":f": { BOOL: false } }, true],
  ["aBool = :f OR id = :one", { ":f": { BOOL: true }, ":one": { S: "1" } }, true],
])("%s with %j is %s", (expression, values, expected) => {
  expect(holds(expression, values)).toBe(expected);
});

test.each<[string, string, number]>([
  ["2", "10", -1],
  ["-2", "-10", 1],
  ["-1", "1", -1],
  ["0.5", "0.45", 1],
  ["1.5", "1.50", 0],
  ["100000000000000000001", "100000000000000000000", 1],
])("%s against %s is %i", (left, right, order) => {
  expect(Math.sign(compareNumbers(left, right))).toBe(order);
});
