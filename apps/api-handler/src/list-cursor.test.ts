import { describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor } from "./list-cursor.ts";
import { makeItem } from "./testing/make-item.ts";

const { createdAt, id } = makeItem(1);
const raw = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("list cursor", () => {
  it("leads back to its place, and needs no escaping in a URL", () => {
    const cursor = encodeCursor("inactive", { createdAt, id });
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeCursor(cursor, "inactive")).toEqual({ createdAt, id });
  });

  it("belongs to one status", () => {
    expect(() => decodeCursor(encodeCursor("inactive", { createdAt, id }), "active")).toThrow(
      expect.objectContaining({
        status: 400,
        errors: [{ parameter: "cursor", detail: "Belongs to the list of another status" }],
      }),
    );
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "abc"],
    ["a cut one", encodeCursor("active", { createdAt, id }).slice(0, -4)],
    ["another format", raw([2, "active", createdAt, id])],
    ["no time", raw([1, "active", "yesterday", id])],
    ["no id", raw([1, "active", createdAt, { S: id }])],
    ["one part too many", raw([1, "active", createdAt, id, "x"])],
  ])("refuses %s", (_, cursor) => {
    expect(() => decodeCursor(cursor, "active")).toThrow(
      expect.objectContaining({ status: 400, errors: [expect.objectContaining({ parameter: "cursor" })] }),
    );
  });
});
