import type { APIGatewayProxyEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { createHandler } from "./create-handler.ts";
import type { Item } from "./items/item.ts";
import type { ItemStore } from "./store/item-store.ts";
import { StoreUnavailableError } from "./store/store-unavailable-error.ts";
import { createLogger, type LogLevel } from "./telemetry/create-logger.ts";
import { createFakeItemStore } from "./test/create-fake-item-store.ts";
import { CURSOR_KEY } from "./test/cursor-key.ts";
import { makeContext } from "./test/make-context.ts";
import { type EventOptions, makeEvent } from "./test/make-event.ts";
import { makeItem } from "./test/make-item.ts";

const now = new Date("2026-06-01T12:00:00.000Z");
const newId = "11111111-1111-4111-8111-111111111111";

/** An API over `store` whose log lines can be read. */
function startApi(store: ItemStore, env: NodeJS.ProcessEnv = {}, level: LogLevel = "INFO") {
  const logs: Record<string, unknown>[] = [];
  const write = (line: string) => void logs.push(JSON.parse(line));
  const handler = createHandler({
    services: { store, now: () => now, newId: () => newId, cursorKey: CURSOR_KEY },
    allowedOrigins: ["https://app.example.com"],
    log: createLogger(level, () => now, write),
    write,
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
  return {
    get: fail,
    list: fail,
    createOnce: fail,
    findFirstAnswer: fail,
    replace: fail,
    delete: fail,
    check: fail,
  };
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

describe("/items/{id}", () => {
  const item = makeItem(1, { description: "old", version: 3 });
  const path = `/items/${item.id}`;

  it("GET reads the item with its ETag", async () => {
    const { statusCode, headers, json } = await startApi(createFakeItemStore(item)).call("GET", path);
    expect(statusCode).toBe(200);
    expect(headers.ETag).toBe('"3"');
    expect(json).toEqual(item);
  });

  it("GET answers 304 without a body to the ETag that it gave", async () => {
    const { call } = startApi(createFakeItemStore(item));
    const { statusCode, headers, body } = await call("GET", path, { headers: { "If-None-Match": '"3"' } });
    expect([statusCode, body, headers.ETag]).toEqual([304, "", '"3"']);
    expect(headers["Cache-Control"]).toBe("private, no-cache");
    expect((await call("GET", path, { headers: { "If-None-Match": '"2"' } })).statusCode).toBe(200);
  });

  it.each(["PUT", "PATCH", "DELETE"])("%s asks for If-Match", async (method) => {
    const store = createFakeItemStore(item);
    const { statusCode, json } = await startApi(store).call(method, path, { body: { name: "new" } });
    expect([statusCode, json.type]).toEqual([428, "urn:items-api:problem:precondition-required"]);
    expect(store.items.get(item.id)).toEqual(item);
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
      headers: { "Content-Type": contentType, "If-Match": "*" },
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
      const { statusCode } = await startApi(store).call("PATCH", path, {
        headers: { "If-Match": '"3"' },
        body: JSON.stringify(body),
      });
      expect(statusCode).toBe(400);
      expect(store.items.get(item.id)).toEqual(item);
    },
  );

  it("DELETE removes the item once", async () => {
    const store = createFakeItemStore(item);
    const { call } = startApi(store);
    const { statusCode, headers, body } = await call("DELETE", path, { headers: { "If-Match": '"3"' } });
    expect([statusCode, body, store.items.size]).toEqual([204, "", 0]);
    expect(headers).not.toHaveProperty("Content-Type");
    expect((await call("DELETE", path, { headers: { "If-Match": '"3"' } })).statusCode).toBe(404);
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

  it("GET /health/deep asks the table, and is 503 when it does not answer", async () => {
    const well = await startApi(createFakeItemStore()).call("GET", "/health/deep");
    expect([well.statusCode, well.json]).toEqual([200, { status: "ok", checks: { table: "ok" } }]);
    const ill = await startApi(failingStore(new StoreUnavailableError("no answer"))).call("GET", "/health/deep");
    expect([ill.statusCode, ill.headers["Retry-After"]]).toEqual([503, "2"]);
  });

  it("is 406 when the client takes no JSON", async () => {
    const { call } = startApi(createFakeItemStore());
    const { statusCode, headers, json } = await call("GET", "/items", { headers: { Accept: "text/html" } });
    expect([statusCode, headers["Content-Type"]]).toEqual([406, "application/problem+json"]);
    expect(json.errors).toEqual([{ detail: "Must admit application/json", header: "Accept" }]);
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
    const { call, logs } = startApi(
      failingStore(new StoreUnavailableError("unavailable", { cause, isThrottled: true })),
    );

    const { statusCode, headers, body } = await call("GET", "/items");

    expect([statusCode, headers["Retry-After"]]).toEqual([503, "2"]);
    expect(body).not.toContain("Rate exceeded");
    expect(logs[0]).toMatchObject({ level: "WARN", operation: "listItems", error: { name: "ThrottlingException" } });
    expect(logs[1]).toMatchObject({ status: 503, faults: 1, throttles: 1 });
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
      "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match",
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
        service: "items-api",
        requestId: "request-1",
        traceId: "1-5759e988-bd862e3fe1be46a994272793",
        operation: "getItem",
        method: "GET",
        path: "/items/{id}",
        status: 200,
        durationMs: expect.any(Number),
        functionVersion: "7",
        coldStart: true,
        requests: 1,
        faults: 0,
        throttles: 0,
        latency: expect.any(Number),
        coldStarts: 1,
        _aws: {
          Timestamp: now.getTime(),
          CloudWatchMetrics: [
            {
              Namespace: "ItemsApi",
              Dimensions: [["service"], ["service", "operation"], ["service", "functionVersion"]],
              Metrics: [
                { Name: "requests", Unit: "Count" },
                { Name: "faults", Unit: "Count" },
                { Name: "throttles", Unit: "Count" },
                { Name: "latency", Unit: "Milliseconds" },
                { Name: "coldStarts", Unit: "Count" },
              ],
            },
          ],
        },
      },
    ]);
  });

  it("is there at every level, because it carries the metrics", async () => {
    const { call, logs } = startApi(createFakeItemStore(), {}, "ERROR");
    await call("GET", "/health");
    expect(logs).toMatchObject([{ level: "INFO", message: "request", requests: 1 }]);
  });

  it("has the names of all headers at DEBUG, and the values of harmless ones", async () => {
    const { call, logs } = startApi(createFakeItemStore(), {}, "DEBUG");
    const headers = { Authorization: "Bearer canary", Cookie: "canary", "X-Forwarded-For": "192.0.2.1", Accept: "*/*" };
    await call("GET", "/health", { headers });
    expect(logs[0]).toMatchObject({
      level: "DEBUG",
      headers: { accept: "*/*", authorization: "[redacted]", cookie: "[redacted]", "x-forwarded-for": "[redacted]" },
    });
    expect(JSON.stringify(logs)).not.toMatch(/canary|192\.0\.2\.1/);
  });

  it("redacts what errors quote", async () => {
    const message = "bad token eyJhbGciOi.eyJzdWIi.sig for jane.doe@example.com, authorization: Bearer abc";
    const { call, logs } = startApi(failingStore(new Error(message)));
    await call("GET", "/items");
    expect(JSON.stringify(logs[0])).not.toMatch(/eyJ|jane|abc/);
    expect(logs[0]).toMatchObject({ error: { message: expect.stringContaining("bad token [token] for [address]") } });
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
