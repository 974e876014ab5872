import { describe, expect, it } from "vitest";
import { createFakeItemStore } from "../test/create-fake-item-store.ts";
import { makeItem } from "../test/make-item.ts";
import { makeRequest } from "../test/make-request.ts";
import { changeItem } from "./change-item.ts";

const item = makeItem(1);
/** A change of whatever version there is. */
const ANY = { headers: { "if-match": "*" } };

describe("changeItem", () => {
  it("applies the change to the newer version when another writer came first", async () => {
    const store = createFakeItemStore(item);
    let attempts = 0;

    const result = await changeItem(makeRequest("PUT", "/items/1", ANY), store, item.id, async (current) => {
      attempts += 1;
      if (attempts === 1) store.items.set(item.id, { ...item, version: 2 });
      return store.replace({ ...current, name: "mine", version: current.version + 1 }, current.version);
    });

    expect(result).toBe("written");
    expect(store.items.get(item.id)).toMatchObject({ name: "mine", version: 3 });
  });

  it("answers 412 to If-Match when another writer came first, and writes nothing", async () => {
    const store = createFakeItemStore(item);
    const request = makeRequest("PUT", "/items/1", { headers: { "if-match": '"1"' } });

    const change = changeItem(request, store, item.id, async (current) => {
      store.items.set(item.id, { ...item, name: "theirs", version: 2 });
      return store.replace({ ...current, name: "mine", version: 2 }, current.version);
    });

    await expect(change).rejects.toMatchObject({ status: 412 });
    expect(store.items.get(item.id)).toMatchObject({ name: "theirs", version: 2 });
  });

  it("asks for If-Match before it reads anything", async () => {
    const store = { ...createFakeItemStore(item), get: () => Promise.reject(new Error("was read")) };
    const change = changeItem(makeRequest("PUT", "/items/1"), store, item.id, async () => "conflict");
    await expect(change).rejects.toMatchObject({ status: 428 });
  });

  it.each(["*", '"1"', 'W/"1"'])("answers 412 to If-None-Match: %s, and writes nothing", async (tag) => {
    const store = createFakeItemStore(item);
    const request = makeRequest("PUT", "/items/1", { headers: { "if-match": "*", "if-none-match": tag } });
    const change = changeItem(request, store, item.id, () => store.delete(item.id, 1));
    await expect(change).rejects.toMatchObject({ status: 412 });
    expect(store.items.size).toBe(1);
  });

  it("answers 404 when another writer deleted the item", async () => {
    const store = createFakeItemStore(item);
    const change = changeItem(makeRequest("DELETE", "/items/1", ANY), store, item.id, async (current) => {
      store.items.clear();
      return store.delete(item.id, current.version);
    });
    await expect(change).rejects.toMatchObject({ status: 404 });
  });

  it("gives up with 409 after five conflicts", async () => {
    let attempts = 0;
    const change = changeItem(makeRequest("PUT", "/items/1", ANY), createFakeItemStore(item), item.id, async () => {
      attempts += 1;
      return "conflict";
    });
    await expect(change).rejects.toMatchObject({ status: 409 });
    expect(attempts).toBe(5);
  });

  it("loses no update of many writers", async () => {
    const store = createFakeItemStore(item);
    const write = (n: number) =>
      changeItem(makeRequest("PATCH", "/items/1", ANY), store, item.id, async (current) =>
        store.replace({ ...current, name: `${current.name},${n}`, version: current.version + 1 }, current.version),
      );

    const results = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => write(n)));

    const accepted = results.filter((result) => result.status === "fulfilled").length;
    expect(accepted).toBeGreaterThan(0);
    expect(store.items.get(item.id)?.version).toBe(1 + accepted);
    expect(store.items.get(item.id)?.name.split(",")).toHaveLength(1 + accepted);
  });
});
