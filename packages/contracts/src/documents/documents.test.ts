import { expect, it } from "vitest";
import * as z from "zod";
import { documentJsonSchema } from "./document-json-schema.ts";
import { documentProblems } from "./document-problems.ts";
import { type DocumentName, documents } from "./documents.ts";

const names = Object.keys(documents) as DocumentName[];

/** The object schemas at the top of a document: several where it has forms. */
function topOf(schema: z.ZodType): z.ZodObject[] {
  if (schema instanceof z.ZodDiscriminatedUnion) {
    return schema.options.flatMap((each) => topOf(each as z.ZodType));
  }
  return schema instanceof z.ZodObject ? [schema] : [];
}

/** Paths of the properties in a JSON Schema that nothing is said about; what only tells one form from another needs no words. */
function undescribedIn(schema: object, path = ""): string[] {
  const parts = Object.entries(schema).flatMap(([key, value]): [string, object][] => {
    if (key === "properties") {
      return Object.entries<object>(value).map(([name, each]) => [`${path}.${name}`, each]);
    }
    const inner = Array.isArray(value) ? value : [value];
    const keeps = ["anyOf", "oneOf", "allOf", "items", "prefixItems", "additionalProperties"].includes(key);
    return keeps ? inner.filter((each) => typeof each === "object").map((each) => [path, each]) : [];
  });
  const here = parts.filter(([at, each]) => at !== path && !isDescribed(each) && !("const" in each));
  return [...here.map(([at]) => at), ...parts.flatMap(([at, each]) => undescribedIn(each, at))];
}

/** A nullable one may have its words in what it is where it is not null. */
function isDescribed(schema: object): boolean {
  const { description, anyOf = [] } = schema as { description?: string; anyOf?: object[] };
  return description !== undefined || anyOf.some(isDescribed);
}

it.each(names)("%s is an object that has a version, and no key that it does not name", (name) => {
  const forms = topOf(documents[name].schema);

  expect(forms.length).toBeGreaterThan(0);
  for (const { shape, def } of forms) {
    expect(def.catchall).toBeInstanceOf(z.ZodNever);
    // Of an event of a log, the version is the function's.
    expect(shape.version?.safeParse(1).success).toBe(name !== "log-event");
  }
});

it.each(names)("%s can be published", (name) => {
  const schema = documentJsonSchema(name);

  expect(schema).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:slipway:schema:${name}:1`,
    title: name,
  });
});

it.each(names)("%s says of each of its properties what it means, in which unit, and when it is absent", (name) => {
  expect(undescribedIn(documentJsonSchema(name))).toEqual([]);
});

it("says what is wrong with a value by the document that it is nearest to", () => {
  const snapshots = { version: 1, snapshots: [{ name: "before", createdAt: "noon" }] };

  expect(documentProblems(snapshots, ["local-aws-health", "local-aws-snapshots"])).toEqual([
    "local-aws-snapshots: snapshots[0].createdAt: Invalid ISO datetime",
  ]);
  expect(documentProblems({ version: 1, snapshots: [] }, ["local-aws-health", "local-aws-snapshots"])).toEqual([]);
  expect(documentProblems({}, [])).not.toEqual([]);
});
