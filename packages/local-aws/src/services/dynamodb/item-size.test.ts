import { expect, test } from "vitest";
import { itemSize, readUnits, writeUnits } from "./item-size.ts";

test.each([
  ["text in UTF-8, with its name", { nä: { S: "€" } }, 3 + 3],
  ["numbers at two digits a byte", { n: { N: "12345" } }, 1 + 4],
  ["zeros at the ends for nothing", { n: { N: "1200" } }, 1 + 2],
  ["a sign", { n: { N: "-12" } }, 1 + 3],
  ["bytes, not their base64", { b: { B: Buffer.alloc(10).toString("base64") } }, 1 + 10],
  ["booleans and null", { t: { BOOL: true }, n: { NULL: true } }, 2 + 2],
  ["sets", { s: { SS: ["ab", "c"] }, n: { NS: ["1", "22"] } }, 1 + 3 + 1 + 4],
  ["documents", { m: { M: { a: { S: "x" }, l: { L: [{ S: "yz" }] } } } }, 1 + 3 + 2 + (1 + 1) + (1 + 3 + 1 + 2)],
])("counts %s", (_what, item, bytes) => {
  expect(itemSize(item)).toBe(bytes);
});

test("takes units by started KB and 4 KB", () => {
  expect([writeUnits(0), writeUnits(1024), writeUnits(1025)]).toEqual([1, 1, 2]);
  expect([readUnits(0, false), readUnits(4096, true), readUnits(4097, false)]).toEqual([0.5, 1, 1]);
});
