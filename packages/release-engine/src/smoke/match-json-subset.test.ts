import { describe, expect, it } from "vitest";
import { matchJsonSubset } from "./match-json-subset.ts";

describe("matchJsonSubset", () => {
  it.each([
    [{}, { a: 1 }],
    [{ a: { b: null } }, { a: { b: null, c: 2 }, d: [] }],
    [[], [1, 2]],
    [
      [2, 1],
      [1, 2, 3],
    ],
    [[{ id: 1 }], [{ id: 2 }, { id: 1, name: "x" }]],
    [{ a: [1, 1] }, { a: [1, 2, 1] }],
  ])("finds %j in %j", (expected, actual) => {
    expect(matchJsonSubset(expected, actual)).toBeUndefined();
  });

  it.each([
    [{ a: 1 }, { a: "1" }, '/a: expected 1, got "1"'],
    [{ a: { b: 1 } }, { a: {} }, "/a/b: expected 1, is missing"],
    [{ a: { b: 1 } }, { a: [1] }, "/a: expected an object, got [1]"],
    [{ a: null }, {}, "/a: expected null, is missing"],
    [{ toString: "x" }, {}, '/toString: expected "x", is missing'],
    [[1, 1], [1, 2], "/1: no element of the 2 matches 1"],
    [[1], { 0: 1 }, 'the body: expected a list, got {"0":1}'],
    [{ "a/b~": 1 }, { "a/b~": 2 }, "/a~1b~0: expected 1, got 2"],
    ["x", "y", 'the body: expected "x", got "y"'],
  ])("does not find %j in %j", (expected, actual, message) => {
    expect(matchJsonSubset(expected, actual)).toBe(message);
  });
});
