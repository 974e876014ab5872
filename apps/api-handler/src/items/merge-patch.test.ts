import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergePatch } from "./merge-patch.ts";

describe("mergePatch", () => {
  // The test cases of RFC 7396, appendix A.
  it.each([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("%j patched with %j is %j", (target, patch, expected) => {
    expect(mergePatch(target, patch)).toEqual(expected);
  });

  const objects = fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<unknown>);

  it("leads to its target when it is made of the difference of two objects", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), withoutNull), fc.dictionary(fc.string(), withoutNull), (before, after) => {
        expect(mergePatch(before, patchBetween(before, after))).toEqual(after);
      }),
    );
  });

  it("comes to the same when it is applied twice", () => {
    fc.assert(
      fc.property(objects, objects, (target, patch) => {
        const once = mergePatch(target, patch);
        expect(mergePatch(once, patch)).toEqual(once);
      }),
    );
  });

  it("leaves no null of the patch, and every member that the patch does not name", () => {
    fc.assert(
      fc.property(objects, objects, (target, patch) => {
        const merged = mergePatch(target, patch) as Record<string, unknown>;
        for (const [name, value] of Object.entries(patch)) expect(Object.hasOwn(merged, name)).toBe(value !== null);
        for (const [name, value] of Object.entries(target)) {
          if (!Object.hasOwn(patch, name)) expect(merged[name]).toEqual(value);
        }
      }),
    );
  });

  it("never changes the prototype of anything", () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (target, patch) => {
        mergePatch(JSON.parse(target), JSON.parse(patch.replaceAll(/"\w{0,2}":/g, '"__proto__":')));
        expect(Object.keys(Object.prototype)).toEqual([]);
        expect(({} as Record<string, unknown>).admin).toBeUndefined();
      }),
    );
  });

  it("changes neither the target nor a prototype", () => {
    const target = { a: { b: 1 } };
    const merged = mergePatch(target, JSON.parse('{"a":{"b":2},"__proto__":{"admin":true}}'));
    expect(target).toEqual({ a: { b: 1 } });
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(Object.keys(merged as object)).toEqual(["a", "__proto__"]);
  });
});

/** JSON objects, lists and values without any null, which a merge patch cannot write. */
const { value: withoutNull } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 4 }), tie("value"), { maxKeys: 4 }),
  ),
}));

/** The merge patch from one object to another, by the book. */
function patchBetween(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return after;
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  return Object.fromEntries([
    ...removed.map((name) => [name, null]),
    ...Object.entries(after).map(([name, value]) => [
      name,
      Object.hasOwn(before, name) ? patchBetween(before[name], value) : value,
    ]),
  ]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
