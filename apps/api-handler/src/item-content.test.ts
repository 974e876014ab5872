import { describe, expect, it } from "vitest";
import { readItemContent } from "./item-content.ts";
import { Problem } from "./problem.ts";

const now = new Date("2026-06-01T12:00:00.000Z");

function errorsOf(body: unknown): unknown {
  try {
    return { accepted: readItemContent(body, now) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.status).toBe(400);
    return error.errors;
  }
}

describe("readItemContent", () => {
  it("fills in the defaults", () => {
    expect(readItemContent({ name: "Test Item" }, now)).toEqual({ name: "Test Item", status: "active" });
  });

  it("keeps every field, at its longest", () => {
    const content = { name: "n".repeat(200), description: "d".repeat(4000), status: "archived" };
    expect(readItemContent(content, now)).toEqual(content);
  });

  it("writes expiresAt in UTC and whole seconds", () => {
    const content = readItemContent({ name: "a", expiresAt: "2026-06-01T15:00:01.999+02:00" }, now);
    expect(content.expiresAt).toBe("2026-06-01T13:00:01.000Z");
  });

  it.each([
    ["no object", [], "#"],
    ["null", null, "#"],
    ["no name", {}, "#/name"],
    ["a name that is no string", { name: 1 }, "#/name"],
    ["an empty name", { name: "" }, "#/name"],
    ["a blank name", { name: " \t" }, "#/name"],
    ["a name that is too long", { name: "n".repeat(201) }, "#/name"],
    ["half of a surrogate pair", { name: "a\ud800" }, "#/name"],
    ["a description of null", { name: "a", description: null }, "#/description"],
    ["a description that is too long", { name: "a", description: "d".repeat(4001) }, "#/description"],
    ["an unknown status", { name: "a", status: "deleted" }, "#/status"],
    ["a date without time", { name: "a", expiresAt: "2027-01-01" }, "#/expiresAt"],
    ["a day that does not exist", { name: "a", expiresAt: "2027-02-30T00:00:00Z" }, "#/expiresAt"],
    ["an expiry in the past", { name: "a", expiresAt: "2026-06-01T12:00:00.999Z" }, "#/expiresAt"],
    ["a read-only field", { name: "a", version: 3 }, "#/version"],
    ["an unknown field with odd characters", { name: "a", "x/y~z ä": 1 }, "#/x~1y~0z%20%C3%A4"],
    ["a prototype", JSON.parse('{"name":"a","__proto__":{"admin":true}}'), "#/__proto__"],
  ])("refuses %s", (_, body, pointer) => {
    expect(errorsOf(body)).toEqual([{ pointer, detail: expect.stringMatching(/\w/) }]);
  });

  it("names every wrong field at once", () => {
    expect(errorsOf({ name: "", colour: "red", size: 3 })).toMatchObject([
      { pointer: "#/name" },
      { pointer: "#/colour", detail: "Unknown field" },
      { pointer: "#/size", detail: "Unknown field" },
    ]);
  });

  it("bounds the list of errors", () => {
    const body = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`${"k".repeat(1000)}${index}`, 1]));
    expect(JSON.stringify(errorsOf(body)).length).toBeLessThan(6000);
  });
});
