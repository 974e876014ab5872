import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DocumentName, documentJsonSchema, documents } from "@slipway/contracts";
import { commands } from "../src/commands.ts";
import { CLI_REFERENCE, cliReference } from "./cli-reference.ts";
import { fillParts } from "./fill-parts.ts";
import { guideParts } from "./guide-parts.ts";
import { JSON_EXAMPLES, JSON_REFERENCE, JSON_SCHEMAS, jsonReference } from "./json-reference.ts";

/** A page with parts that are made of the code. */
export interface GeneratedDocument {
  /** From the repository's root. */
  readonly file: string;
  readonly content: string;
}

const GUIDE = "docs/guide";

/** Every page whose parts are made of the code, as it should be; the one about local AWS needs one that runs, and is not among them. */
export async function generatedDocuments(repository: string): Promise<readonly GeneratedDocument[]> {
  const parts = await guideParts(repository);
  const pages = readdirSync(join(repository, GUIDE)).filter((file) => file.endsWith(".md"));
  return [
    ...pages.map((page) => {
      const file = `${GUIDE}/${page}`;
      return { file, content: fillParts(readFileSync(join(repository, file), "utf8"), parts) };
    }),
    { file: CLI_REFERENCE, content: cliReference(commands) },
    { file: JSON_REFERENCE, content: jsonReference(commands, readdirSync(join(repository, JSON_EXAMPLES)).toSorted()) },
    ...(Object.keys(documents) as DocumentName[]).map((name) => ({
      file: `${JSON_SCHEMAS}/${name}.json`,
      content: `${JSON.stringify(documentJsonSchema(name), undefined, 2)}\n`,
    })),
  ];
}
