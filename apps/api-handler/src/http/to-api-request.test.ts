import type { APIGatewayProxyEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { makeEvent } from "../test/make-event.ts";
import { toApiRequest } from "./to-api-request.ts";

describe("toApiRequest", () => {
  it("finds headers in any case and keeps every value", () => {
    const event = { ...makeEvent("GET", "/items"), multiValueHeaders: { "IF-Match": ['"1"', '"2"'] } };
    expect(toApiRequest(event).headers.get("if-match")).toBe('"1", "2"');
  });

  it("takes a name in two cases as one header, and what both fields have once", () => {
    const multiValueHeaders = { "If-Match": ['"1"'], "if-match": ['"2"'] };
    const headers = { "if-match": '"2"', "IF-MATCH": '"1"', Accept: "*/*" };
    expect(toApiRequest({ headers, multiValueHeaders }).headers).toEqual(
      new Map([
        ["accept", "*/*"],
        ["if-match", '"1", "2"'],
      ]),
    );
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

  it("reads who is asking from what the authorizer says", () => {
    const asked = (authorizer: unknown) =>
      toApiRequest({ requestContext: { authorizer } as APIGatewayProxyEvent["requestContext"] }).principal;
    expect(asked({ principalId: "client-1" })).toBe("client-1");
    expect([asked(undefined), asked(null), asked({ principalId: 7 })]).toEqual([undefined, undefined, undefined]);
  });

  it("takes what is missing or null as empty", () => {
    const nulls = {
      headers: { Accept: null },
      multiValueHeaders: { Origin: null },
      queryStringParameters: { cursor: null },
      multiValueQueryStringParameters: { limit: null },
      requestContext: null,
      path: null,
      body: null,
    };
    expect(toApiRequest(nulls as unknown as APIGatewayProxyEvent)).toEqual(toApiRequest({}));
    expect(toApiRequest({})).toEqual({
      method: "",
      path: "",
      headers: new Map(),
      query: new Map(),
      body: "",
      isBase64Encoded: false,
      principal: undefined,
    });
  });
});
