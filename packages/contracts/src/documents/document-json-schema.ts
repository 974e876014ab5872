import * as z from "zod";
import { type DocumentName, documents } from "./documents.ts";

/**
 * The schema of a document as JSON Schema, as it is published.
 *
 * @see https://json-schema.org/draft/2020-12
 */
export function documentJsonSchema(name: DocumentName): object {
  const { schema, about } = documents[name];
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: "draft-2020-12", io: "output" });
  return { $schema, $id: `urn:slipway:schema:${name}:1`, title: name, description: `${about}.`, ...rest };
}
