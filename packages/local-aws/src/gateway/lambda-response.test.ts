import { describe, expect, it } from "vitest";
import { readProxyResponse } from "./lambda-response.ts";

const read = (answer: unknown) => {
  const response = readProxyResponse(Buffer.from(JSON.stringify(answer)));
  return response && { ...response, headers: response.headers.toRecord() };
};

describe("readProxyResponse", () => {
  it("requires no member at all", () => {
    expect(read({})).toEqual({ status: 200, headers: {}, body: "", isBase64Encoded: false });
    expect(read({ statusCode: null, headers: null, multiValueHeaders: null, body: null })?.status).toBe(200);
  });

  it("takes a status code as text, and headers that are not text", () => {
    expect(read({ statusCode: "201", headers: { "x-flag": true, "x-count": 3, "x-none": null } })).toMatchObject({
      status: 201,
      headers: { "x-flag": "true", "x-count": "3" },
    });
  });

  it("merges headers and multiValueHeaders, the latter first, without repeating a value", () => {
    expect(
      read({
        headers: { "Set-Cookie": "c=3", "X-Only": "1", "X-Same": "a" },
        multiValueHeaders: { "set-cookie": ["a=1", "b=2"], "X-Same": ["a", "b"] },
      })?.headers,
    ).toEqual({ "set-cookie": ["a=1", "b=2", "c=3"], "X-Only": "1", "X-Same": ["a", "b"] });
  });

  it.each([
    ["a member that the format does not have", { statusCode: 200, cookies: [] }],
    ["a body that is a map", { statusCode: 200, body: { a: 1 } }],
    ["a status code that is none", { statusCode: "abc" }],
    ["a status code out of range", { statusCode: 42 }],
    ["headers that are a list", { headers: ["a"] }],
    ["a header that is a map", { headers: { a: {} } }],
    ["multiValueHeaders without lists", { multiValueHeaders: { a: "b" } }],
    ["a text", "hello"],
    ["a list", []],
    ["null", null],
  ])("refuses %s", (_what, answer) => {
    expect(read(answer)).toBeUndefined();
  });

  it("refuses what is not JSON", () => {
    expect(readProxyResponse(Buffer.from("oops"))).toBeUndefined();
  });
});
