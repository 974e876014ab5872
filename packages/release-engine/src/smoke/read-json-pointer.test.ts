import { expect, it } from "vitest";
import { readJsonPointer } from "./read-json-pointer.ts";

// The examples of RFC 6901, section 5, and pointers to nothing.
const document = { foo: ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "m~n": 8, " ": 7 };

it.each([
  ["", document],
  ["/foo", ["bar", "baz"]],
  ["/foo/0", "bar"],
  ["/", 0],
  ["/a~1b", 1],
  ["/c%d", 2],
  ["/m~0n", 8],
  ["/ ", 7],
  ["/foo/2", undefined],
  ["/foo/length/x", undefined],
  ["/foo/0/x", undefined],
  ["/constructor", undefined],
])("reads %j", (pointer, value) => {
  expect(readJsonPointer(document, pointer)).toEqual(value);
});
