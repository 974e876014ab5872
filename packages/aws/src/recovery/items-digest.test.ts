import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { ItemsDigest } from "./items-digest.ts";

type Item = Record<string, AttributeValue>;

function digestOf(items: readonly Item[]): string {
  const digest = new ItemsDigest();
  for (const item of items) {
    digest.add(item);
  }
  return digest.digest();
}

const whole: Item = {
  id: { S: "1" },
  tags: { SS: ["a", "b"] },
  sizes: { NS: ["1", "2"] },
  keys: { BS: [new Uint8Array([1]), new Uint8Array([2])] },
  more: { M: { a: { L: [{ BOOL: true }, { NULL: true }] }, b: { B: new Uint8Array([3]) } } },
};

describe("ItemsDigest", () => {
  it("is the same in whatever order items, attributes and members of sets come", () => {
    const other: Item = {
      more: { M: { b: { B: new Uint8Array([3]) }, a: { L: [{ BOOL: true }, { NULL: true }] } } },
      keys: { BS: [new Uint8Array([2]), new Uint8Array([1])] },
      sizes: { NS: ["2", "1"] },
      tags: { SS: ["b", "a"] },
      id: { S: "1" },
    };
    expect(digestOf([{ id: { S: "2" } }, other])).toBe(digestOf([whole, { id: { S: "2" } }]));
    expect(digestOf([whole])).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, Item]>([
    ["a value", { ...whole, id: { S: "2" } }],
    ["a type", { ...whole, id: { N: "1" } }],
    ["an attribute", { ...whole, note: { S: "" } }],
    ["a member of a set", { ...whole, tags: { SS: ["a"] } }],
    [
      "the order of a list",
      { ...whole, more: { M: { a: { L: [{ NULL: true }, { BOOL: true }] }, b: { B: new Uint8Array([3]) } } } },
    ],
    [
      "a byte",
      { ...whole, more: { M: { a: { L: [{ BOOL: true }, { NULL: true }] }, b: { B: new Uint8Array([4]) } } } },
    ],
  ])("is another one for %s", (_, item) => {
    expect(digestOf([item])).not.toBe(digestOf([whole]));
  });

  it("is another one for fewer items, and for the same one twice", () => {
    expect(new Set([digestOf([]), digestOf([whole]), digestOf([whole, whole])]).size).toBe(3);
  });
});
