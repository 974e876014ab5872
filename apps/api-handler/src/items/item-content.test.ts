import { describe, expect, it } from "vitest";
import { Problem } from "../http/problem.ts";
import { expiryProblem, patchItemContent, readItemContent } from "./item-content.ts";

const now = new Date("2026-06-01T12:00:00.000Z");

function errorsOf(body: unknown): unknown {
  try {
    return { accepted: readItemContent(body) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.status).toBe(400);
    return error.errors;
  }
}

describe("readItemContent", () => {
  it("fills in the defaults", () => {
    expect(readItemContent({ name: "Test Item" })).toEqual({ name: "Test Item", status: "active" });
  });

  it("keeps every field, at its longest", () => {
    const content = { name: "n".repeat(200), description: "d".repeat(4000), status: "archived" };
    expect(readItemContent(content)).toEqual(content);
  });

  it("writes expiresAt in UTC and whole seconds", () => {
    const content = readItemContent({ name: "a", expiresAt: "2026-06-01T15:00:01.999+02:00" });
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
    ["a description of null", { name: "a", description: null }, "#/description"],
    ["a description that is too long", { name: "a", description: "d".repeat(4001) }, "#/description"],
    ["an unknown status", { name: "a", status: "deleted" }, "#/status"],
    ["a date without time", { name: "a", expiresAt: "2027-01-01" }, "#/expiresAt"],
    ["a day that does not exist", { name: "a", expiresAt: "2027-02-30T00:00:00Z" }, "#/expiresAt"],
    ["attributes that are a list", { name: "a", attributes: [] }, "#/attributes"],
    ["an attribute that is an object", { name: "a", attributes: { size: {} } }, "#/attributes/size"],
    ["an attribute that is null", { name: "a", attributes: { size: null } }, "#/attributes/size"],
    [
      "an attribute's text that is too long",
      { name: "a", attributes: { size: "x".repeat(1001) } },
      "#/attributes/size",
    ],
    ["a number beyond what is exact", { name: "a", attributes: { size: 1e16 } }, "#/attributes/size"],
    ["a number that is infinite", JSON.parse('{"name":"a","attributes":{"size":1e400}}'), "#/attributes/size"],
    ["a number too small for the table", { name: "a", attributes: { size: 1e-200 } }, "#/attributes/size"],
    ["an attribute with a capital", { name: "a", attributes: { Size: 1 } }, "#/attributes/Size"],
    [
      "a prototype among the attributes",
      JSON.parse('{"name":"a","attributes":{"__proto__":1}}'),
      "#/attributes/__proto__",
    ],
    ["a constructor among the attributes", { name: "a", attributes: { constructor: 1 } }, "#/attributes/constructor"],
    [
      "too many attributes",
      { name: "a", attributes: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`a${n}`, n])) },
      "#/attributes",
    ],
    [
      "more than 32 KB",
      { name: "a", attributes: Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`a${n}`, "x".repeat(1000)])) },
      "#",
    ],
    ["a read-only field", { name: "a", version: 3 }, "#/version"],
    ["an unknown field with odd characters", { name: "a", "x/y~z ä": 1 }, "#/x~1y~0z%20%C3%A4"],
    ["a prototype", JSON.parse('{"name":"a","__proto__":{"admin":true}}'), "#/__proto__"],
  ])("refuses %s", (_, body, pointer) => {
    expect(errorsOf(body)).toEqual([{ pointer, detail: expect.stringMatching(/\w/) }]);
  });

  it("names every wrong field at once", () => {
    expect(errorsOf({ name: "", colour: "red", size: 3 })).toMatchObject([
      { pointer: "#/colour", detail: "Unknown field" },
      { pointer: "#/size", detail: "Unknown field" },
      { pointer: "#/name", detail: "Must not be empty" },
    ]);
  });

  it("bounds the list of errors", () => {
    const body = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`${"k".repeat(1000)}${index}`, 1]));
    expect(JSON.stringify(errorsOf(body)).length).toBeLessThan(6000);
  });
});

describe("patchItemContent", () => {
  const present = {
    name: "a",
    description: "d",
    status: "inactive",
    attributes: { colour: "blue", gears: 7 },
  } as const;

  it("merges, removes and leaves", () => {
    expect(patchItemContent(present, { description: null, attributes: { gears: null, boxed: true } })).toEqual({
      name: "a",
      status: "inactive",
      attributes: { colour: "blue", boxed: true },
    });
  });

  it("puts a status of null back to its default", () => {
    expect(patchItemContent(present, { status: null }).status).toBe("active");
  });

  it.each([
    ["no object", [], "#"],
    ["a name of null", { name: null }, "#/name"],
    ["an unknown field, even to remove it", { colour: null }, "#/colour"],
    ["an attribute that is an object", { attributes: { size: { x: 1 } } }, "#/attributes/size"],
    ["a description that is too long", { description: "d".repeat(4001) }, "#/description"],
  ])("refuses %s", (_, patch, pointer) => {
    expect(() => patchItemContent(present, patch)).toThrow(
      expect.objectContaining({ status: 400, errors: [expect.objectContaining({ pointer })] }),
    );
  });

  it("refuses what would be too much together", () => {
    const many = (from: number) =>
      Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`a${from + n}`, "x".repeat(1000)]));
    const half = readItemContent({ name: "a", attributes: many(0) });
    expect(() => patchItemContent(half, { attributes: many(20) })).toThrow(
      expect.objectContaining({ status: 400, errors: [expect.objectContaining({ pointer: "#" })] }),
    );
  });
});

describe("expiryProblem", () => {
  it("wants the future", () => {
    const expiring = (expiresAt?: string) => expiryProblem({ name: "a", status: "active", expiresAt }, now);
    expect(expiring("2026-06-01T12:00:00.000Z")).toMatchObject({ status: 400, errors: [{ pointer: "#/expiresAt" }] });
    expect(expiring("2026-06-01T12:00:01.000Z")).toBeUndefined();
    expect(expiring()).toBeUndefined();
  });
});
