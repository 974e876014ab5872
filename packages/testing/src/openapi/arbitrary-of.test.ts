import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryOf } from "./arbitrary-of.ts";
import type { JsonSchema, OpenApiDocument } from "./openapi-document.ts";

const schemas: Record<string, JsonSchema> = {
  Thing: {
    type: "object",
    required: ["name"],
    additionalProperties: false,
    properties: {
      name: { type: "string", minLength: 1, maxLength: 20, pattern: "\\S" },
      note: { type: ["string", "null"], maxLength: 300 },
      size: { type: "integer", minimum: 1, maximum: 9 },
      share: { type: "number", minimum: -1e15, maximum: 1e15 },
      state: { type: "string", enum: ["on", "off"] },
      id: { type: "string", format: "uuid" },
      at: { type: "string", format: "date-time" },
      key: { type: "string", pattern: "^[\\x21-\\x7e]+$", maxLength: 40 },
      tags: {
        type: "object",
        maxProperties: 6,
        additionalProperties: false,
        patternProperties: { "^(?!constructor$)[a-z][a-z.-]{0,5}$": { type: ["string", "boolean"], maxLength: 5 } },
      },
      more: { $ref: "#/components/schemas/Leaf" },
    },
  },
  Leaf: { type: "object", additionalProperties: false, properties: { is: { const: "leaf" } } },
};
const document: OpenApiDocument = { paths: {}, components: { schemas } };

test("what is made of a schema fits it, also at its limits", () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema(document, "document");
  const validate = ajv.compile({ $ref: "document#/components/schemas/Thing" });
  const values = fc.sample(arbitraryOf({ $ref: "#/components/schemas/Thing" }, document), 3_000);

  for (const value of values) expect(validate(value), ajv.errorsText(validate.errors)).toBe(true);
  const things = values as { note?: string; tags?: object }[];
  expect(things.some(({ note }) => [...(note ?? "")].length === 300)).toBe(true);
  expect(things.some(({ tags }) => Object.keys(tags ?? {}).length === 6)).toBe(true);
  expect(things.some((thing) => Object.keys(thing).length < 4)).toBe(true);
});

test.each<[string, JsonSchema]>([
  ["a format", { type: "string", format: "email" }],
  ["no type", {}],
  ["an open object", { type: "object", properties: {} }],
  ["a reference to nothing", { $ref: "#/components/schemas/Nothing" }],
])("says that it does not know %s", (_, schema) => {
  expect(() => arbitraryOf(schema, document)).toThrow(/No |has no/);
});
