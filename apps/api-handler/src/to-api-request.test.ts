import { describe, expect, it } from "vitest";
import { makeEvent } from "./testing/make-event.ts";
import { toApiRequest } from "./to-api-request.ts";

describe("toApiRequest", () => {
  it("finds headers in any case and keeps every value", () => {
    const event = { ...makeEvent("GET", "/items"), multiValueHeaders: { "IF-Match": ['"1"', '"2"'] } };
    expect(toApiRequest(event).headers.get("if-match")).toBe('"1", "2"');
  });

  it("keeps every value of a query parameter", () => {
    const event = {
      ...makeEvent("GET", "/items"),
      queryStringParameters: { limit: "6" },
      multiValueQueryStringParameters: { limit: ["5", "6"] },
    };
    expect(toApiRequest(event).query.get("limit")).toEqual(["5", "6"]);
  });

  it("reads single values where an event has nothing else", () => {
    const request = toApiRequest({ headers: { Origin: "https://a.test" }, queryStringParameters: { limit: "6" } });
    expect(request.headers.get("origin")).toBe("https://a.test");
    expect(request.query.get("limit")).toEqual(["6"]);
  });

  it("decodes a binary body", () => {
    const body = Buffer.from('{"name":"é"}').toString("base64");
    expect(toApiRequest({ body, isBase64Encoded: true }).body.toString()).toBe('{"name":"é"}');
  });

  it("takes what is missing as empty", () => {
    expect(toApiRequest({})).toEqual({
      method: "",
      path: "",
      headers: new Map(),
      query: new Map(),
      body: Buffer.alloc(0),
    });
  });
});
