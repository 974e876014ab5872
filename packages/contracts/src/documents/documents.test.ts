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

it("says what is wrong with a value by the document that it is nearest to", () => {
  const snapshots = { version: 1, snapshots: [{ name: "before", createdAt: "noon" }] };

  expect(documentProblems(snapshots, ["local-aws-health", "local-aws-snapshots"])).toEqual([
    "local-aws-snapshots: snapshots[0].createdAt: Invalid ISO datetime",
  ]);
  expect(documentProblems({ version: 1, snapshots: [] }, ["local-aws-health", "local-aws-snapshots"])).toEqual([]);
  expect(documentProblems({}, [])).not.toEqual([]);
});
