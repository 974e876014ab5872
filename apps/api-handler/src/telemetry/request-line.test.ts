import type { APIGatewayProxyEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { createFakeItemStore } from "../test/create-fake-item-store.ts";
import { makeItem } from "../test/make-item.ts";
import { failingStore, now, startApi } from "../test/start-api.ts";

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
