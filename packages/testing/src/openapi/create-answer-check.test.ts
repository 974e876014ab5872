import { expect, test } from "vitest";
import { createAnswerCheck } from "./create-answer-check.ts";
import type { OpenApiDocument } from "./openapi-document.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

const problem = (kind: string, status: number) => ({
  content: {
    "application/problem+json": {
      schema: { $ref: "#/components/schemas/Problem" },
      examples: { [kind]: { value: { type: `urn:test:${kind}`, status, requestId: "r" } } },
    },
  },
});

const document: OpenApiDocument = {
  paths: {
    "/boxes/{id}": {
      get: {
        operationId: "getBox",
        responses: {
          200: {
            headers: { ETag: {} },
            content: { "application/json": { schema: { $ref: "#/components/schemas/Box" } } },
          },
          304: { headers: { ETag: {} } },
          404: problem("not-found", 404),
        },
      },
    },
  },
  components: {
    schemas: {
      Box: { type: "object", required: ["id"], additionalProperties: false, properties: { id: { type: "string" } } },
      Problem: {
        type: "object",
        required: ["type", "requestId"],
        properties: { type: { type: "string" }, requestId: { type: "string" } },
      },
    },
  },
};

const check = createAnswerCheck(document);

function get(status: number, headers: Record<string, string>, body: unknown, request: Partial<WireRequest> = {}) {
  const text = body === undefined ? "" : JSON.stringify(body);
  const answer: WireAnswer = { status, headers: new Map(Object.entries(headers)), body: text };
  return check({ method: "GET", path: "/boxes/7", query: [], headers: [], ...request }, answer);
}

const json = { "content-type": "application/json", etag: '"1"' };
const problemJson = { "content-type": "application/problem+json" };
const notFound = { type: "urn:test:not-found", status: 404, requestId: "r" };

test.each([
  ["a success", get(200, json, { id: "7" })],
  ["an answer without a body", get(304, { etag: '"1"', date: "now" }, undefined)],
  ["a problem", get(404, problemJson, notFound)],
  ["a slash at the end", get(200, json, { id: "7" }, { path: "/boxes/7/" })],
  ["a slash twice", get(200, json, { id: "7" }, { path: "//boxes//7" })],
  ["a slash twice that is no path", get(404, problemJson, notFound, { path: "//boxes/7" })],
  ["a path that is not there", get(404, problemJson, notFound, { path: "/nothing" })],
  ["a preflight request", get(204, { allow: "GET" }, undefined, { method: "OPTIONS" })],
])("%s keeps the contract", (_, wrong) => {
  expect(wrong).toEqual([]);
});

test.each([
  ["a status that is not described", get(201, json, { id: "7" }), "getBox does not describe 201"],
  ["a server error", get(502, json, {}, { path: "/nothing" }), "the status is 502"],
  ["another media type", get(200, { ...json, "content-type": "text/html" }, { id: "7" }), 'of the type "text/html"'],
  ["a body that does not fit", get(200, json, { id: 7 }), "data/id must be string"],
  ["a body that is too much", get(304, { etag: '"1"' }, { id: "7" }), "304 has a body"],
  ["no body", get(200, json, undefined), "does not fit"],
  ["a header too few", get(200, { "content-type": "application/json" }, { id: "7" }), "lacks its header etag"],
  ["a header too many", get(200, { ...json, "x-secret": "1" }, { id: "7" }), "not described: x-secret"],
  ["a problem of another kind", get(404, problemJson, { ...notFound, type: "urn:test:x" }), "the problem urn:test:x"],
  ["a problem of another status", get(404, problemJson, { ...notFound, status: 400 }), "the problem of 404 says 400"],
  ["a problem without a request id", get(404, problemJson, { ...notFound, requestId: "" }), "no request id"],
  ["success at a path that is not there", get(200, json, { id: "7" }, { path: "/nothing" }), "answered 200"],
  ["a refusal of a method that names none", get(405, problemJson, notFound, { method: "PUT" }), "no Allow"],
])("%s does not", (_, wrong, expected) => {
  expect(wrong.join("\n")).toContain(expected);
  expect(wrong).not.toEqual([]);
});
