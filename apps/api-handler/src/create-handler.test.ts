import type { APIGatewayProxyEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { createHandler } from "./create-handler.ts";
import { createLogger } from "./create-logger.ts";
import type { Item } from "./item.ts";
import type { ItemStore } from "./item-store.ts";
import { StoreUnavailableError } from "./store-unavailable-error.ts";
import { createFakeItemStore } from "./testing/create-fake-item-store.ts";
import { makeContext } from "./testing/make-context.ts";
import { type EventOptions, makeEvent } from "./testing/make-event.ts";
import { makeItem } from "./testing/make-item.ts";

const now = new Date("2026-06-01T12:00:00.000Z");
const newId = "11111111-1111-4111-8111-111111111111";

/** An API over `store` whose log lines can be read. */
function startApi(store: ItemStore, env: NodeJS.ProcessEnv = {}) {
  const logs: Record<string, unknown>[] = [];
  const handler = createHandler({
    services: { store, now: () => now, newId: () => newId },
    allowedOrigins: ["https://app.example.com"],
    log: createLogger(
      "INFO",
      () => now,
      (line) => logs.push(JSON.parse(line)),
    ),
    env,
  });
  const send = async (event: APIGatewayProxyEvent) => {
    const result = await handler(event, makeContext());
    return { ...result, headers: result.headers ?? {}, json: result.body === "" ? undefined : JSON.parse(result.body) };
  };
  const call = (method: string, path: string, options?: EventOptions) => send(makeEvent(method, path, options));
  return { call, send, logs };
}

/** A store whose every method fails with `error`. */
function failingStore(error: Error): ItemStore {
  const fail = () => Promise.reject(error);
  return { get: fail, list: fail, create: fail, replace: fail, delete: fail };
}

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
        { pointer: "#/name", detail: expect.stringContaining("string") },
        { pointer: "#/colour", detail: "Unknown field" },
      ],
    });
  });
});

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

  it("refuses a cursor of another status", async () => {
    const { call } = startApi(createFakeItemStore(makeItem(1), makeItem(2)));
    const { json } = await call("GET", "/items", { query: { limit: "1" } });
    const { statusCode } = await call("GET", "/items", { query: { status: "archived", cursor: json.nextCursor } });
    expect(statusCode).toBe(400);
  });
});

describe("/items/{id}", () => {
  const item = makeItem(1, { description: "old", version: 3 });
  const path = `/items/${item.id}`;

  it("GET reads the item with its ETag", async () => {
    const { statusCode, headers, json } = await startApi(createFakeItemStore(item)).call("GET", path);
    expect(statusCode).toBe(200);
    expect(headers.ETag).toBe('"3"');
    expect(json).toEqual(item);
  });

  it("PUT replaces the whole content", async () => {
    const store = createFakeItemStore(item);
    const { statusCode, headers, json } = await startApi(store).call("PUT", path, {
      headers: { "If-Match": '"3"' },
      body: { name: "new", status: "inactive" },
    });
    const { description: _, ...kept } = item;
    expect(statusCode).toBe(200);
    expect(headers.ETag).toBe('"4"');
    expect(json).toEqual({ ...kept, name: "new", status: "inactive", updatedAt: now.toISOString(), version: 4 });
    expect(store.items.get(item.id)).toEqual(json);
  });

  it.each(["application/merge-patch+json", "application/json"])("PATCH merges %s", async (contentType) => {
    const store = createFakeItemStore(item);
    const { statusCode, json } = await startApi(store).call("PATCH", path, {
      headers: { "Content-Type": contentType },
      body: { description: null, status: "archived" },
    });
    const { description: _, ...kept } = item;
    expect(statusCode).toBe(200);
    expect(json).toEqual({ ...kept, status: "archived", updatedAt: now.toISOString(), version: 4 });
  });

  it.each([{ name: null }, { id: newId }, { version: 9 }, { createdAt: now.toISOString() }, "text", [item]])(
    "PATCH refuses %j",
    async (body) => {
      const store = createFakeItemStore(item);
      const { statusCode } = await startApi(store).call("PATCH", path, { body: JSON.stringify(body) });
      expect(statusCode).toBe(400);
      expect(store.items.get(item.id)).toEqual(item);
    },
  );

  it("DELETE removes the item once", async () => {
    const store = createFakeItemStore(item);
    const { call } = startApi(store);
    const { statusCode, headers, body } = await call("DELETE", path);
    expect([statusCode, body, store.items.size]).toEqual([204, "", 0]);
    expect(headers).not.toHaveProperty("Content-Type");
    expect((await call("DELETE", path)).statusCode).toBe(404);
  });

  it.each(["GET", "PUT", "PATCH", "DELETE"])("%s honours If-Match", async (method) => {
    const store = createFakeItemStore(item);
    const { statusCode, json } = await startApi(store).call(method, path, {
      headers: { "If-Match": '"2"' },
      body: { name: "new" },
    });
    expect(statusCode).toBe(412);
    expect(json.type).toBe("urn:items-api:problem:precondition-failed");
    expect(store.items.get(item.id)).toEqual(item);
  });

  it.each(["GET", "PUT", "PATCH", "DELETE"])("%s of an unknown item is 404, also with If-Match", async (method) => {
    const { statusCode, json } = await startApi(createFakeItemStore()).call(method, path, {
      headers: { "If-Match": "*" },
      body: { name: "new" },
    });
    expect(statusCode).toBe(404);
    expect(json).toMatchObject({ type: "urn:items-api:problem:not-found", instance: path, requestId: "request-1" });
  });

  it("asks the table for no id that cannot exist", async () => {
    const { call } = startApi(failingStore(new Error("The table was asked.")));
    for (const id of ["x", "a".repeat(3000), "%00", "__proto__"]) {
      expect((await call("GET", `/items/${id}`)).statusCode).toBe(404);
    }
  });
});

describe("every answer", () => {
  it("GET /health does not touch the table", async () => {
    const { statusCode, json } = await startApi(failingStore(new Error("The table was asked."))).call("GET", "/health");
    expect([statusCode, json]).toEqual([200, { status: "ok" }]);
  });

  it("is 404 for an unknown path, even when the path is no text", async () => {
    const { statusCode, json } = await startApi(createFakeItemStore()).call("GET", "/nothing/ä \ud800");
    expect(statusCode).toBe(404);
    expect(json.instance).toBe("/nothing/%C3%A4%20%EF%BF%BD");
  });

  it("is 405 with Allow for an unknown method", async () => {
    const { statusCode, headers, json } = await startApi(createFakeItemStore()).call("POST", "/health");
    expect([statusCode, headers.Allow, json.status]).toEqual([405, "GET, OPTIONS", 405]);
  });

  it("is 503 with Retry-After when the table is unavailable, and the reason is logged", async () => {
    const cause = Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });
    const { call, logs } = startApi(failingStore(new StoreUnavailableError("unavailable", { cause })));

    const { statusCode, headers, body } = await call("GET", "/items");

    expect([statusCode, headers["Retry-After"]]).toEqual([503, "2"]);
    expect(body).not.toContain("Rate exceeded");
    expect(logs[0]).toMatchObject({ level: "WARN", operation: "listItems", error: { name: "ThrottlingException" } });
  });

  it("is 500 without internals for anything unexpected, and the error is logged", async () => {
    const { call, logs } = startApi(failingStore(new TypeError("secret-table-name is not a function")));

    const { statusCode, headers, json } = await call("GET", "/items", {
      headers: { Origin: "https://app.example.com" },
    });

    expect(statusCode).toBe(500);
    expect(headers["Access-Control-Allow-Origin"]).toBe("https://app.example.com");
    expect(json).toEqual({
      type: "urn:items-api:problem:internal-error",
      title: "Internal error",
      status: 500,
      detail: expect.any(String),
      instance: "/items",
      requestId: "request-1",
    });
    expect(JSON.stringify(json)).not.toContain("secret");
    expect(logs).toHaveLength(2);
    expect(logs[0]).toMatchObject({
      level: "ERROR",
      requestId: "request-1",
      error: { name: "TypeError", message: "secret-table-name is not a function", stack: expect.any(String) },
    });
  });

  it("is 500 without internals when the function's role lacks a permission, and the denial is logged", async () => {
    const message =
      "User: arn:aws:sts::123456789012:assumed-role/api/api is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:123456789012:table/items because no identity-based policy allows the dynamodb:PutItem action";
    const denial = Object.assign(new Error(message), {
      name: "AccessDeniedException",
      $metadata: { httpStatusCode: 400 },
    });
    const { call, logs } = startApi(failingStore(denial));

    const { statusCode, headers, body } = await call("POST", "/items", { body: { name: "a" } });

    expect(statusCode).toBe(500);
    expect(`${JSON.stringify(headers)}${body}`).not.toMatch(/AccessDenied|arn:aws|dynamodb|authorized/);
    expect(logs[0]).toMatchObject({
      level: "ERROR",
      operation: "createItem",
      error: { name: "AccessDeniedException", message },
    });
  });

  it("carries the CORS headers, on problems too", async () => {
    const { call } = startApi(createFakeItemStore());
    const { headers } = await call("GET", "/nothing", { headers: { origin: "https://app.example.com" } });
    expect(headers).toMatchObject({ "Access-Control-Allow-Origin": "https://app.example.com", Vary: "Origin" });
  });

  it("OPTIONS is answered 204 with methods and headers", async () => {
    const { call } = startApi(createFakeItemStore());
    const { statusCode, headers, body } = await call("OPTIONS", "/items", {
      headers: { Origin: "https://app.example.com", "Access-Control-Request-Method": "POST" },
    });
    expect([statusCode, body]).toEqual([204, ""]);
    expect(headers).toMatchObject({
      Allow: "POST, GET, OPTIONS",
      "Access-Control-Allow-Origin": "https://app.example.com",
      "Access-Control-Allow-Methods": "POST, GET, OPTIONS",
      "Access-Control-Allow-Headers": "Content-Type, If-Match",
    });
  });
});

describe("the request log", () => {
  it("is one line with these fields and no others", async () => {
    const env = { _X_AMZN_TRACE_ID: "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1" };
    const { call, logs } = startApi(createFakeItemStore(makeItem(1)), env);

    await call("GET", `/items/${makeItem(1).id}`);

    expect(logs).toEqual([
      {
        level: "INFO",
        time: now.toISOString(),
        message: "request",
        requestId: "request-1",
        traceId: "1-5759e988-bd862e3fe1be46a994272793",
        operation: "getItem",
        method: "GET",
        path: "/items/{id}",
        status: 200,
        durationMs: expect.any(Number),
        functionVersion: "7",
        coldStart: true,
      },
    ]);
  });

  it("has nothing that a client sent", async () => {
    const { call, logs } = startApi(createFakeItemStore());
    await call("POST", "/items", { body: { name: "canary" }, headers: { Authorization: "canary" } });
    await call("POST", "/items", { body: "{canary" });
    await call("GET", "/items", { query: { canary: "canary" } });
    await call("GET", "/canary");
    expect(logs.map((line) => line.status)).toEqual([201, 400, 400, 404]);
    expect(JSON.stringify(logs)).not.toContain("canary");
  });

  it("marks the first request of an environment only", async () => {
    const { call, logs } = startApi(createFakeItemStore());
    await call("GET", "/health");
    await call("GET", "/health");
    expect(logs.map((line) => line.coldStart)).toEqual([true, false]);
  });

  it("does not call provisioned concurrency a cold start", async () => {
    const env = { AWS_LAMBDA_INITIALIZATION_TYPE: "provisioned-concurrency" };
    const { call, logs } = startApi(createFakeItemStore(), env);
    await call("GET", "/health");
    expect(logs[0]?.coldStart).toBe(false);
  });

  it("falls back to the invocation's id for a test event without request context", async () => {
    const { send, logs } = startApi(createFakeItemStore());
    const { statusCode } = await send({ httpMethod: "GET", path: "/health" } as APIGatewayProxyEvent);
    expect(statusCode).toBe(200);
    expect(logs[0]).toMatchObject({ requestId: "invocation-1", operation: "getHealth" });
  });
});
