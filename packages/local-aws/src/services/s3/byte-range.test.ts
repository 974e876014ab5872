import { expect, test } from "vitest";
import { byteRange } from "./byte-range.ts";

test.each([
  ["bytes=0-4", { start: 0, end: 4 }],
  ["bytes=5-", { start: 5, end: 9 }],
  ["bytes=-3", { start: 7, end: 9 }],
  ["bytes=-30", { start: 0, end: 9 }],
  ["bytes=8-100", { start: 8, end: 9 }],
  ["bytes=4-2", undefined],
  ["bytes=0-1,3-4", undefined],
  ["lines=1-2", undefined],
  [undefined, undefined],
])("%s of ten bytes", (header, range) => {
  expect(byteRange(header, 10)).toEqual(range);
});

test.each(["bytes=10-", "bytes=-0", "bytes=11-12"])("%s of ten bytes cannot be satisfied", (header) => {
  expect(() => byteRange(header, 10)).toThrow(expect.objectContaining({ code: "InvalidRange" }));
});

test("nothing of an empty object can be asked for by range", () => {
  expect(() => byteRange("bytes=0-0", 0)).toThrow(expect.objectContaining({ code: "InvalidRange" }));
});
