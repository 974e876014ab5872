import { describe, expect, it } from "vitest";
import { CURSOR_KEY } from "../test/cursor-key.ts";
import { makeItem } from "../test/make-item.ts";
import { makeRequest } from "../test/make-request.ts";
import { encodeCursor } from "./list-cursor.ts";
import { readListQuery } from "./list-query.ts";

const read = (query: Record<string, string[]>) => readListQuery(makeRequest("GET", "/items", { query }), CURSOR_KEY);
const { createdAt, id } = makeItem(1);

describe("readListQuery", () => {
  it("lists the 20 newest active items by default", () => {
    expect(read({})).toEqual({ status: "active", order: "newest", limit: 20, after: undefined });
  });

  it("reads every parameter", () => {
    const cursor = encodeCursor(CURSOR_KEY, { status: "archived", order: "oldest" }, { createdAt, id });
    expect(read({ status: ["archived"], order: ["oldest"], limit: ["100"], cursor: [cursor] })).toEqual({
      status: "archived",
      order: "oldest",
      limit: 100,
      after: { createdAt, id },
    });
  });

  it.each([
    ["status", "gone"],
    ["status", ""],
    ["limit", "0"],
    ["limit", "101"],
    ["limit", "-1"],
    ["limit", "1.5"],
    ["limit", "1e1"],
    ["limit", " 5"],
    ["limit", ""],
    ["cursor", "a".repeat(501)],
    ["order", "desc"],
    ["sort", "name"],
    ["__proto__", "x"],
  ])("refuses %s=%s", (parameter, value) => {
    expect(() => read(JSON.parse(JSON.stringify({ [parameter]: [value] })))).toThrow(
      expect.objectContaining({ status: 400, errors: [expect.objectContaining({ parameter })] }),
    );
  });

  it("refuses a parameter that is given twice", () => {
    expect(() => read({ limit: ["5", "6"] })).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ parameter: "limit" })] }),
    );
  });
});
