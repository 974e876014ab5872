import { describe, expect, it } from "vitest";
import { makeRequest } from "../test/make-request.ts";
import { Problem } from "./problem.ts";
import { readJsonBody } from "./read-json-body.ts";

const json = ["application/json"];

function problemOf(body: Buffer, contentType = "application/json", accepted = json, method = "POST"): Problem {
  try {
    readJsonBody(makeRequest(method, "/items", { headers: { "content-type": contentType }, body }), accepted);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("The body was accepted.");
}

describe("readJsonBody", () => {
  it.each(["application/json", "Application/JSON; charset=utf-8"])("reads %s", (contentType) => {
    const request = makeRequest("POST", "/items", { headers: { "content-type": contentType }, body: { name: "é" } });
    expect(readJsonBody(request, json)).toEqual({ name: "é" });
  });

  it.each(["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])(
    "refuses the type '%s'",
    (type) => {
      expect(problemOf(Buffer.from("{}"), type)).toMatchObject({
        status: 415,
        headers: { Accept: "application/json" },
        errors: [{ header: "Content-Type" }],
      });
    },
  );

  it("says which patch formats it takes", () => {
    const accepted = ["application/merge-patch+json", "application/json"];
    expect(problemOf(Buffer.from("[]"), "application/json-patch+json", accepted, "PATCH").headers).toEqual({
      "Accept-Patch": "application/merge-patch+json, application/json",
    });
  });

  it("takes 64 KiB and not a byte more", () => {
    const fits = Buffer.from(JSON.stringify("x".repeat(65_534)));
    expect(
      readJsonBody(
        makeRequest("POST", "/items", { headers: { "content-type": "application/json" }, body: fits }),
        json,
      ),
    ).toHaveLength(65_534);
    expect(problemOf(Buffer.concat([fits, Buffer.from(" ")])).status).toBe(413);
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["half an object", Buffer.from('{"name":')],
    ["bytes that are not UTF-8", Buffer.from([0x22, 0xff, 0x22])],
    ["9 levels", Buffer.from("[".repeat(9) + "]".repeat(9))],
    ["30,000 levels", Buffer.from("[".repeat(30_000) + "]".repeat(30_000))],
  ])("refuses %s", (_, body) => {
    expect(problemOf(body)).toMatchObject({ status: 400, type: "urn:items-api:problem:malformed-request" });
  });

  it("does not quote the body", () => {
    expect(problemOf(Buffer.from('{"password": hunter2}')).message).toBe("The body is not JSON in UTF-8.");
  });

  it("takes 8 levels", () => {
    const body = Buffer.from("[".repeat(8) + "]".repeat(8));
    expect(
      readJsonBody(makeRequest("POST", "/items", { headers: { "content-type": "application/json" }, body }), json),
    ).toHaveLength(1);
  });

  it.each([
    ['{"a":{"b":"x\\ud800"}}', "#/a/b"],
    ['["\\udc00"]', "#/0"],
    ['{"\\ud800":1}', "#/%EF%BF%BD"],
    ['"\\ud800"', "#"],
  ])("refuses half of a surrogate pair in %s", (body, pointer) => {
    expect(problemOf(Buffer.from(body))).toMatchObject({ status: 400, errors: [{ pointer }] });
  });

  it("takes whole surrogate pairs", () => {
    const request = makeRequest("POST", "/items", { body: '"\\ud83d\\udeb2"' });
    expect(readJsonBody(request, json)).toBe("\u{1f6b2}");
  });
});
