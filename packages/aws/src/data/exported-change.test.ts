import { expect, test } from "vitest";
import { exportedChange } from "./exported-change.ts";

test("reads every type of attribute, and fractions of a millisecond", () => {
  const line = JSON.stringify({
    Metadata: { WriteTimestampMicros: { N: "1680109764000123" } },
    Keys: { pk: { S: "1" }, sk: { N: "2" } },
    OldImage: { pk: { S: "1" }, sk: { N: "2" }, flag: { BOOL: false }, gone: { NULL: true } },
    NewImage: {
      ...{ pk: { S: "1" }, sk: { N: "2" }, bytes: { B: "AP8=" }, set: { BS: ["AA==", "/w=="] } },
      ...{ texts: { SS: ["a"] }, numbers: { NS: ["1"] }, map: { M: { list: { L: [{ S: "x" }, { M: {} }] } } } },
    },
  });

  expect(exportedChange(line)).toEqual({
    key: { pk: "1", sk: 2 },
    at: 1680109764000.123,
    before: { pk: "1", sk: 2, flag: false, gone: null },
    after: {
      ...{ pk: "1", sk: 2, bytes: new Uint8Array([0, 255]) },
      set: new Set([new Uint8Array([0]), new Uint8Array([255])]),
      ...{ texts: new Set(["a"]), numbers: new Set([1]), map: { list: ["x", {}] } },
    },
  });
});

test("takes a bare time, as AWS's documentation has shown it", () => {
  const Keys = { id: { S: "1" } };
  for (const WriteTimestampMicros of ["1680109764000000", 1680109764000000]) {
    expect(exportedChange(JSON.stringify({ Metadata: { WriteTimestampMicros }, Keys }))).toEqual({
      ...{ key: { id: "1" }, at: 1680109764000 },
    });
  }
});

test.each([
  ["no JSON", "{", /JSON/],
  ["no object", "[]", /it is no object/],
  ["no metadata", '{"Keys":{"id":{"S":"1"}}}', /its Metadata is no object/],
  ["no time", '{"Metadata":{},"Keys":{"id":{"S":"1"}}}', /its WriteTimestampMicros is undefined/],
  ["no keys", '{"Metadata":{"WriteTimestampMicros":{"N":"1"}},"Keys":{}}', /its Keys are empty/],
  [
    "an unknown type",
    '{"Metadata":{"WriteTimestampMicros":{"N":"1"}},"Keys":{"id":{"X":"1"}}}',
    /type of attribute that is not known: X/,
  ],
])("says what is wrong with a line: %s", (_, line, message) => {
  expect(() => exportedChange(line)).toThrow(message);
});
