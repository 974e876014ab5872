import { smokeScenarioSchema, validationConfigSchema } from "@slipway/contracts";
import { expect, it } from "vitest";
import { probesOf } from "./probes-of.ts";

const scenario = smokeScenarioSchema.parse({
  ready: { path: "/health", withinSeconds: 10 },
  steps: [
    {
      name: "a script may call it",
      method: "OPTIONS",
      path: "/orders",
      headers: { Origin: "https://shop.example.com" },
      expect: { status: 204, headers: { "Access-Control-Allow-Origin": "https://shop.example.com", Allow: "GET" } },
    },
    { name: "it is healthy", method: "GET", path: "/health", expect: { status: 200 } },
    {
      name: "an order is made",
      method: "POST",
      path: "/orders",
      body: {},
      expect: { status: 201 },
      capture: { id: { json: "/id" } },
    },
    { name: "it is there", method: "GET", path: "/orders/{id}", expect: { status: 200 } },
    { name: "nobody reads all", method: "GET", path: "/orders", expect: { status: [401, 403] } },
    { name: "runs differ", method: "GET", path: "/orders?run={runId}", expect: { status: 200 } },
  ],
});

it("takes what changes nothing and needs nothing, each once, that which a function answers first", () => {
  const probes = probesOf({ smoke: scenario, validation: validationConfigSchema.parse({}) });
  expect(probes.map(({ method, path, expected }) => [method, path, expected])).toEqual([
    ["GET", "/health", [200]],
    ["GET", "/orders", [401, 403]],
    ["OPTIONS", "/orders", [204]],
  ]);
  expect(probes.at(-1)?.expectedCors).toEqual({ "access-control-allow-origin": "https://shop.example.com" });
});

it("asks about CORS what the configuration says", () => {
  const cors = { path: "/orders", origin: "https://shop.example.com" };
  const of = (more: object) =>
    probesOf({ smoke: scenario, validation: validationConfigSchema.parse({ cors: { ...cors, ...more } }) }).at(-1);
  expect(of({})).toMatchObject({
    ...{ method: "OPTIONS", path: "/orders", expected: [200, 204] },
    headers: { Origin: "https://shop.example.com", "Access-Control-Request-Method": "GET" },
    expectedCors: { "access-control-allow-origin": "https://shop.example.com" },
  });
  expect(of({ method: "GET", allowOrigin: "*" })).toMatchObject({
    ...{ method: "GET", headers: { Origin: "https://shop.example.com" } },
    expectedCors: { "access-control-allow-origin": "*" },
  });
});
