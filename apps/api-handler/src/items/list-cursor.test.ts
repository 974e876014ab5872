import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CURSOR_KEY } from "../test/cursor-key.ts";
import { makeItem } from "../test/make-item.ts";
import { ITEM_STATUSES } from "./item.ts";
import { decodeCursor, encodeCursor } from "./list-cursor.ts";
import { LIST_ORDERS } from "./list-query.ts";

const { createdAt, id } = makeItem(1);
const list = { status: "inactive", order: "newest" } as const;
const cursor = encodeCursor(CURSOR_KEY, list, { createdAt, id });

const lists = fc.record({ status: fc.constantFrom(...ITEM_STATUSES), order: fc.constantFrom(...LIST_ORDERS) });
const places = fc.record({
  id: fc.uuid(),
  createdAt: fc
    .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString()),
});

/** Refused, and not by an accident. */
const refused = expect.objectContaining({ status: 400, errors: [expect.objectContaining({ parameter: "cursor" })] });

describe("list cursor", () => {
  it("leads back to its place, and needs no escaping in a URL", () => {
    fc.assert(
      fc.property(lists, places, (of, place) => {
        const written = encodeCursor(CURSOR_KEY, of, place);
        expect(written).toMatch(/^[\w.-]{1,500}$/);
        expect(decodeCursor(CURSOR_KEY, of, written)).toEqual(place);
      }),
    );
  });

  it("belongs to one list", () => {
    fc.assert(
      fc.property(lists, lists, places, (of, other, place) => {
        fc.pre(of.status !== other.status || of.order !== other.order);
        expect(() => decodeCursor(CURSOR_KEY, other, encodeCursor(CURSOR_KEY, of, place))).toThrow(refused);
      }),
    );
  });

  it("is refused with any other character in any place, and with one more or less", () => {
    const alphabet = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ "];
    for (let index = 0; index <= cursor.length; index++) {
      const cut = cursor.slice(0, index) + cursor.slice(index + 1);
      if (cut !== cursor) expect(() => decodeCursor(CURSOR_KEY, list, cut)).toThrow(refused);
      for (const character of alphabet) {
        const more = cursor.slice(0, index) + character + cursor.slice(index);
        const changed = cursor.slice(0, index) + character + cursor.slice(index + 1);
        expect(() => decodeCursor(CURSOR_KEY, list, more)).toThrow(refused);
        if (changed !== cursor) expect(() => decodeCursor(CURSOR_KEY, list, changed)).toThrow(refused);
      }
    }
  });

  it("is refused under another key", () => {
    expect(() => decodeCursor(`${CURSOR_KEY}x`, list, cursor)).toThrow(refused);
  });

  it("is refused whatever else is sent", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json()), (text) => {
        expect(() => decodeCursor(CURSOR_KEY, list, text)).toThrow(refused);
      }),
    );
  });
});
