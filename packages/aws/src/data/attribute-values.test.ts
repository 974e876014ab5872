import { ExactNumber } from "@slipway/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toAttributeValue, toDocument, toItem } from "./attribute-values.ts";

describe("attribute values", () => {
  it("become plain data and back, whatever their type", () => {
    const record = {
      text: "a",
      empty: "",
      number: 1.5,
      yes: true,
      nothing: null,
      bytes: new Uint8Array([1, 2]),
      list: [1, "b", [false]],
      map: { inner: { deep: null } },
      texts: new Set(["a", "b"]),
      numbers: new Set([1, 2.5]),
      binaries: new Set([new Uint8Array([3])]),
    };
    const item = toItem(record);
    expect(item).toMatchObject({
      number: { N: "1.5" },
      nothing: { NULL: true },
      list: { L: [{ N: "1" }, { S: "b" }, { L: [{ BOOL: false }] }] },
      texts: { SS: ["a", "b"] },
      numbers: { NS: ["1", "2.5"] },
    });
    expect(toDocument(item)).toEqual(record);
  });

  it.each(["12345678901234567890", "0.1234567890123456789", "-9007199254740993"])("keep every digit of %s", (text) => {
    const value = toDocument({ n: { N: text } }).n;
    expect(value).toEqual(new ExactNumber(text));
    expect(toAttributeValue(value ?? null)).toEqual({ N: text });
  });

  it.each([
    ["0", 0],
    ["1.50", 1.5],
    ["0.0000001", 1e-7],
    ["100000000000000000000000", 1e23],
    ["-9007199254740992", -9007199254740992],
  ])("are numbers where JavaScript holds them exactly: %s", (text, number) => {
    expect(toDocument({ n: { N: text } }).n).toBe(number);
  });

  it("lose no number that JavaScript has", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(toDocument(toItem({ number })).number).toBe(Object.is(number, -0) ? 0 : number);
      }),
    );
  });
});
