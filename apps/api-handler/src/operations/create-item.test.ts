import type { APIGatewayProxyEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { createHandler } from "../create-handler.ts";
import { createFakeItemStore } from "../test/create-fake-item-store.ts";
import { CURSOR_KEY } from "../test/cursor-key.ts";
import { makeContext } from "../test/make-context.ts";
import { type EventOptions, makeEvent } from "../test/make-event.ts";
import { makeItem } from "../test/make-item.ts";
import { newId, now, startApi } from "../test/start-api.ts";

describe("POST /items", () => {
  it("creates the item and says where it is", async () => {
    const store = createFakeItemStore();

    const { statusCode, headers, json } = await startApi(store).call("POST", "/items", {
      body: { name: "Test Item", expiresAt: "2026-07-01T00:00:00Z" },
    });

    const item = {
      id: newId,
      name: "Test Item",
      status: "active",
      expiresAt: "2026-07-01T00:00:00.000Z",
      createdAt: now.toISOString(),
      updatedAt: now.toISOString(),
      version: 1,
    };
    expect(statusCode).toBe(201);
    expect(json).toEqual(item);
    expect(store.items.get(newId)).toEqual(item);
    expect(headers).toMatchObject({ "Content-Type": "application/json", ETag: '"1"' });
    const location = new URL(String(headers.Location), "https://api.test/prod/items");
    expect(location.href).toBe(`https://api.test/prod/items/${newId}`);
  });

  it("keeps its Location right behind a final slash", async () => {
    const { headers } = await startApi(createFakeItemStore()).call("POST", "/items/", { body: { name: "a" } });
    expect(new URL(String(headers.Location), "https://api.test/prod/items/").pathname).toBe(`/prod/items/${newId}`);
  });

  it("never overwrites an item", async () => {
    const present = makeItem(1, { id: newId });
    const store = createFakeItemStore(present);
    const { statusCode } = await startApi(store).call("POST", "/items", { body: { name: "other" } });
    expect(statusCode).toBe(409);
    expect(store.items.get(newId)).toEqual(present);
  });

  it("names the fields that are wrong", async () => {
    const { statusCode, headers, json } = await startApi(createFakeItemStore()).call("POST", "/items", {
      body: { name: 5, colour: "red" },
    });
    expect(statusCode).toBe(400);
    expect(headers["Content-Type"]).toBe("application/problem+json");
    expect(json).toEqual({
      type: "urn:items-api:problem:invalid-request",
      title: "The request is not valid",
      status: 400,
      detail: "The body has 2 invalid fields.",
      instance: "/items",
      requestId: "request-1",
      errors: [
        { pointer: "#/colour", detail: "Unknown field" },
        { pointer: "#/name", detail: "Must be a string" },
      ],
    });
  });
});

describe("Idempotency-Key", () => {
  const headers = { "Idempotency-Key": "key-1" };

  /** An API that gives each item an id of its own. */
  function startCountingApi(time = () => now) {
    const store = createFakeItemStore();
    let count = 0;
    const handler = createHandler({
      services: { store, now: time, newId: () => makeItem(++count).id, cursorKey: CURSOR_KEY },
      allowedOrigins: [],
      log: () => {},
      write: () => {},
      env: {},
    });
    const post = async (options: EventOptions, principalId?: string) => {
      const event = makeEvent("POST", "/items", options);
      const requestContext = { ...event.requestContext, authorizer: principalId && { principalId } };
      return handler({ ...event, requestContext } as APIGatewayProxyEvent, makeContext());
    };
    return { store, post };
  }

  it("gives a retry the first answer, also when the members come in another order", async () => {
    const { store, post } = startCountingApi();
    const body = { name: "a", attributes: { b: 1, a: "x" } };
    const first = await post({ headers, body });
    const second = await post({ headers, body: { attributes: { a: "x", b: 1 }, status: "active", name: "a" } });
    expect(first.headers).not.toHaveProperty("Idempotent-Replayed");
    expect(second).toEqual({ ...first, headers: { ...first.headers, "Idempotent-Replayed": "true" } });
    expect(store.items.size).toBe(1);
  });

  it("answers 422 when the key comes with another body", async () => {
    const { store, post } = startCountingApi();
    await post({ headers, body: { name: "a" } });
    const { statusCode, body } = await post({ headers, body: { name: "b" } });
    expect(statusCode).toBe(422);
    expect(JSON.parse(body)).toMatchObject({
      type: "urn:items-api:problem:idempotency-key-reused",
      errors: [{ header: "Idempotency-Key" }],
    });
    expect(store.items.size).toBe(1);
  });

  it("keeps the keys of clients apart", async () => {
    const { store, post } = startCountingApi();
    const answers = [
      await post({ headers, body: { name: "a" } }, "client-1"),
      await post({ headers, body: { name: "b" } }, "client-2"),
      await post({ headers, body: { name: "c" } }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201]);
    expect(store.items.size).toBe(3);
  });

  it("answers a retry that comes after the item has expired as the first try", async () => {
    let time = now;
    const { post } = startCountingApi(() => time);
    const body = { name: "a", expiresAt: "2026-06-01T12:00:10Z" };
    const first = await post({ headers, body });
    time = new Date("2026-06-01T12:00:11.000Z");
    expect(await post({ headers, body })).toMatchObject({ statusCode: 201, body: first.body });
    expect((await post({ headers: { "Idempotency-Key": "key-2" }, body })).statusCode).toBe(400);
  });

  it.each(["", "a b", "ä", "x".repeat(256)])("refuses the key '%s'", async (key) => {
    const { store, post } = startCountingApi();
    const { statusCode, body } = await post({ headers: { "Idempotency-Key": key }, body: { name: "a" } });
    expect([statusCode, JSON.parse(body).errors[0].header]).toEqual([400, "Idempotency-Key"]);
    expect(store.items.size).toBe(0);
  });
});
