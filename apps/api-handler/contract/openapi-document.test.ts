import { readFile } from "node:fs/promises";
import path from "node:path";
import { BaseResolver, createConfig, lintDocument, makeDocumentFromString } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, it } from "vitest";
import { generatedFiles } from "../generated-files.ts";
import { PROBLEMS } from "../src/http/problem.ts";
import { routes } from "../src/routes.ts";
import { gatewayDefinition } from "./gateway-definition.ts";
import { openApiDocument } from "./openapi-document.ts";
import { operations } from "./operations.ts";

type Json = Record<string, unknown>;

const repository = path.resolve(import.meta.dirname, "../../..");

describe("what is made of the contract", () => {
  it.each(generatedFiles())("is current: $file", async ({ file, content }) => {
    // npm run generate -w @slipway/api-handler
    expect(await readFile(path.join(repository, file), "utf8")).toBe(content);
  });
});

describe("the contract", () => {
  let document: Json;
  let ajv: Ajv2020;

  beforeAll(() => {
    document = openApiDocument();
    ajv = new Ajv2020({ strict: false, validateFormats: true });
    addFormats.default(ajv);
    ajv.addSchema(document, "contract");
  });

  it("has the routes of the function, and no others", () => {
    const described = operations.map(
      ({ method, path: template, operationId }) => `${method} ${template} ${operationId}`,
    );
    expect(described.sort()).toEqual(
      routes.map(({ method, path: template, name }) => `${method} ${template} ${name}`).sort(),
    );
  });

  it("passes the recommended rules of Redocly's linter without a complaint", async () => {
    const config = await createConfig({ extends: ["recommended"] });
    const source = makeDocumentFromString(JSON.stringify(document), "openapi.json");
    const problems = await lintDocument({ document: source, config, externalRefResolver: new BaseResolver() });
    expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)).toEqual(
      [],
    );
  });

  it("describes every kind of problem somewhere", () => {
    const text = JSON.stringify(document);
    const undescribed = Object.keys(PROBLEMS).filter((kind) => !text.includes(`problem:${kind}"`));
    // A client of the contract cannot ask for a method that the contract does not have.
    expect(undescribed).toEqual(["method-not-allowed"]);
  });

  it("has examples that are valid by their own schemas", () => {
    let count = 0;
    for (const [pointer, example, schema] of examplesIn(document, "#")) {
      const validate = ajv.compile(absolute(schema) as Json);
      expect(validate(example), `${pointer}: ${ajv.errorsText(validate.errors)}`).toBe(true);
      count += 1;
    }
    expect(count).toBeGreaterThan(50);
  });
});

describe("the gateway's definition", () => {
  it("has every path and method of the contract, and each path's preflight and any other method", () => {
    const { paths } = gatewayDefinition() as { paths: Record<string, Json> };
    const pairs = Object.entries(paths).flatMap(([template, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${template}`),
    );
    const expected = operations.map(({ method, path: template }) => `${method} ${template}`);
    const beside = [...new Set(operations.map((operation) => operation.path))].flatMap((template) => [
      `OPTIONS ${template}`,
      `X-AMAZON-APIGATEWAY-ANY-METHOD ${template}`,
    ]);
    expect(pairs.sort()).toEqual([...expected, ...beside].sort());
  });

  it("hands what a path has no method for to the function, and asks nobody for a token to be told so", () => {
    const { paths } = gatewayDefinition() as { paths: Record<string, Record<string, Json>> };
    const any = Object.values(paths).map((item) => item["x-amazon-apigateway-any-method"] ?? {});
    expect(any.map(({ operationId }) => operationId)).toEqual(["anyItems", "anyItem", "anyHealth", "anyDeepHealth"]);
    for (const [path, item] of Object.entries(paths)) {
      const { security, parameters, responses } = item["x-amazon-apigateway-any-method"] ?? {};
      expect([security, parameters, Object.keys(responses ?? {})], path).toEqual([
        [],
        item.options?.parameters,
        ["405"],
      ]);
    }
    // A greedy path would take `/items/` too, which then came past the authorizer to the function that reads it as `/items`.
    expect(Object.keys(paths).filter((path) => path.includes("+}"))).toEqual([]);
  });

  it("asks for a token exactly where the contract names a scope", () => {
    const { paths } = gatewayDefinition() as { paths: Record<string, Record<string, Json>> };
    for (const { path: template, method, scope } of operations) {
      expect(paths[template]?.[method.toLowerCase()]?.security).toEqual(
        scope === undefined ? undefined : [{ jwt: [] }],
      );
    }
  });

  it("accepts every body that the contract accepts", () => {
    const { components } = gatewayDefinition() as { components: { schemas: Record<string, Json> } };
    const ajv = new Ajv2020({ strict: false });
    for (const { body } of operations) {
      if (body === undefined) continue;
      const validate = ajv.compile(components.schemas[body.schema] ?? false);
      for (const example of Object.values(body.examples)) expect(validate(example)).toBe(true);
      expect(validate([])).toBe(false);
      expect(validate({ name: "a", colour: "red" })).toBe(false);
    }
  });
});

/** Every example in a document, with where it is and the schema that it has to fit. */
function* examplesIn(node: unknown, pointer: string): Generator<[string, unknown, unknown]> {
  if (typeof node !== "object" || node === null) return;
  const { schema, example, examples } = node as Json;
  if (schema !== undefined && example !== undefined) yield [`${pointer}/example`, example, schema];
  if (schema !== undefined && typeof examples === "object" && examples !== null) {
    for (const [name, { value }] of Object.entries(examples as Record<string, Json>)) {
      yield [`${pointer}/examples/${name}`, value, schema];
    }
  }
  if (Array.isArray(examples)) for (const value of examples) yield [`${pointer}/examples`, value, node];
  for (const [name, member] of Object.entries(node)) {
    if (name !== "example" && name !== "examples") yield* examplesIn(member, `${pointer}/${name}`);
  }
}

/** References into the document as references to the schema that the validator knows the document as. */
function absolute(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"contract#/'));
}
