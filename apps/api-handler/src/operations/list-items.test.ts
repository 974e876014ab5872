import { describe, expect, it } from "vitest";
import type { Item } from "../items/item.ts";
import { createFakeItemStore } from "../test/create-fake-item-store.ts";
import { makeItem } from "../test/make-item.ts";
import { startApi } from "../test/start-api.ts";

describe("GET /items", () => {
  it("pages through one status, newest first", async () => {
    const active = [1, 2, 3, 4, 5].map((number) => makeItem(number));
    const { call } = startApi(createFakeItemStore(...active, makeItem(6, { status: "archived" })));

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { statusCode, json } = await call("GET", "/items", { query: { limit: "2", ...(cursor && { cursor }) } });
      expect(statusCode).toBe(200);
      expect(json.items.length).toBeLessThanOrEqual(2);
      seen.push(...json.items.map((item: Item) => item.name));
      cursor = json.nextCursor;
    } while (cursor);

    expect(seen).toEqual(["item 5", "item 4", "item 3", "item 2", "item 1"]);
    const archived = await call("GET", "/items", { query: { status: "archived" } });
    expect(archived.json).toEqual({ items: [makeItem(6, { status: "archived" })] });
  });

  it("pages oldest first", async () => {
    const { call } = startApi(createFakeItemStore(makeItem(1), makeItem(2), makeItem(3)));
    const first = await call("GET", "/items", { query: { limit: "2", order: "oldest" } });
    const second = await call("GET", "/items", { query: { order: "oldest", cursor: first.json.nextCursor } });
    const names = [...first.json.items, ...second.json.items].map((item: Item) => item.name);
    expect(names).toEqual(["item 1", "item 2", "item 3"]);
    expect(second.json).not.toHaveProperty("nextCursor");
  });

  it("refuses a cursor of another status", async () => {
    const { call } = startApi(createFakeItemStore(makeItem(1), makeItem(2)));
    const { json } = await call("GET", "/items", { query: { limit: "1" } });
    const { statusCode } = await call("GET", "/items", { query: { status: "archived", cursor: json.nextCursor } });
    expect(statusCode).toBe(400);
  });
});
