import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DocumentName, documentJsonSchema, documents } from "@slipway/contracts/documents";
import { commands } from "../src/commands.ts";
import { CLI_REFERENCE, cliReference } from "./cli-reference.ts";
import { CONFIGURATION_PAGE, configurationPage } from "./configuration-page.ts";
import { environmentVariables, type VariableGroup, variableGroups } from "./environment-variables.ts";
import { fillParts } from "./fill-parts.ts";
import { guideParts } from "./guide-parts.ts";
import { JSON_EXAMPLES, JSON_REFERENCE, JSON_SCHEMAS, jsonReference } from "./json-reference.ts";
import { markdownTable } from "./markdown-table.ts";
import { terminalPicture } from "./terminal-picture.ts";

/** A page with parts that are made of the code. */
export interface GeneratedDocument {
  /** From the repository's root. */
  readonly file: string;
  readonly content: string;
}

const GUIDE = "docs/guide";
const CONFIGURATION = "CONFIGURATION.md";
const PICTURES = "docs/pictures";
/** What each picture shows, for who does not see it. */
const TITLES: Readonly<Record<string, string>> = {
  start: "The first run of npm start: a release of prod on local AWS, step by step, and what is up in the end",
  release:
    "A second release of prod on local AWS: its canary at 10 % and at 50 %, held against the version before, and the checkpoint",
  rollback:
    "A rollback of prod on local AWS: its steps, which versions the traffic is back at, and what stays as it is",
};

/** Every page and picture that is made of the code, or of what it printed, as it should be; the one about local AWS needs one that runs, and is not among them. */
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
    { file: CONFIGURATION_PAGE, content: await configurationPage(repository) },
    {
      file: CONFIGURATION,
      content: fillParts(readFileSync(join(repository, CONFIGURATION), "utf8"), {
        "environment variables": variableTables(),
      }),
    },
    ...Object.entries(TITLES).map(([name, title]) => {
      const source = `${PICTURES}/${name}.txt`;
      return {
        file: `${PICTURES}/${name}.svg`,
        content: terminalPicture(readFileSync(join(repository, source), "utf8"), { title, source }),
      };
    }),
  ];
}

function variableTables(): string {
  return Object.entries(variableGroups)
    .map(([group, title]) => {
      const rows = environmentVariables[group as VariableGroup].map((each) => [
        `\`${each.name}\``,
        each.default,
        each.what,
      ]);
      return `### ${title}\n\n${markdownTable(["variable", "default", "what"], rows)}`;
    })
    .join("\n\n");
}
