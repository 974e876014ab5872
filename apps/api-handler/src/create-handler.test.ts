import { describe, expect, it } from "vitest";
import { StoreUnavailableError } from "./store/store-unavailable-error.ts";
import { createFakeItemStore } from "./test/create-fake-item-store.ts";
import { makeEvent } from "./test/make-event.ts";
import { failingStore, startApi, unableStore } from "./test/start-api.ts";

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

  it("is 503 in time when the table is too slow for the invocation", async () => {
    const { send, logs } = startApi(unableStore(() => new Promise(() => {})));
    const { statusCode, headers } = await send(makeEvent("GET", "/items"), 520);
    expect([statusCode, headers["Retry-After"]]).toEqual([503, "2"]);
    expect(logs[1]).toMatchObject({ message: "request", operation: "listItems", status: 503, faults: 1, throttles: 0 });
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
