import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonPicker } from "./json-picker.ts";

const encoder = new TextEncoder();

/** Picks from a text that comes in parts of a size. */
function pick(text: string, paths: readonly string[][], size = text.length + 1): Record<string, unknown[]> {
  const picked: Record<string, unknown[]> = {};
  const picker = new JsonPicker(
    paths.map((path) => ({
      path,
      take(json) {
        const name = path.join(".");
        picked[name] = [...(picked[name] ?? []), JSON.parse(json)];
      },
    })),
  );
  const bytes = encoder.encode(text);
  for (let index = 0; index < bytes.length; index += size) {
    picker.write(bytes.subarray(index, index + size));
  }
  picker.end();
  return picked;
}

describe("JsonPicker", () => {
  test("picks values by their way, and passes over the rest", () => {
    const text = JSON.stringify({
      ...{ version: "1.2", skipped: { version: "no", list: [{ version: "no" }] }, flag: false, number: -1.5e3 },
      ...{ list: [{ a: 1 }, "two", 3, null, [4]], nested: { deep: { wanted: { x: "}]" } } }, empty: [] },
    });

    expect(
      pick(text, [["version"], ["flag"], ["number"], ["list", "*"], ["nested", "deep", "wanted"], ["empty", "*"]]),
    ).toEqual({
      version: ["1.2"],
      flag: [false],
      number: [-1500],
      "list.*": [{ a: 1 }, "two", 3, null, [4]],
      "nested.deep.wanted": [{ x: "}]" }],
    });
  });

  test("reads what JSON.parse reads, in parts of any size, with any space between", () => {
    fc.assert(
      fc.property(
        fc.record({ wanted: fc.jsonValue(), list: fc.array(fc.jsonValue()), other: fc.jsonValue() }),
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom(undefined, 1, "\t"),
        (document, size, space) => {
          const text = JSON.stringify(
            { before: document.other, ...document, 'na"me\\': document.other },
            undefined,
            space,
          );
          const picked = pick(text, [["wanted"], ["list", "*"], ['na"me\\']], size);
          const plain: typeof document = JSON.parse(text);

          expect(picked.wanted).toEqual([plain.wanted]);
          expect(picked["list.*"] ?? []).toEqual(plain.list);
          expect(picked['na"me\\']).toEqual([plain.other]);
        },
      ),
    );
  });

  test.each([
    ["it stops half-way", '{"a":[1,2'],
    ["it stops in a text", '{"a":"b'],
    ["nothing is there", ""],
    ["it is no object", '"text"'],
    ["there is more after it", "{} {}"],
    ["a member has no name", "{1:2}"],
  ])("refuses what is no JSON: %s", (_, text) => {
    expect(() => pick(text, [["b"]])).toThrow();
  });
});
