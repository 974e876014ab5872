import { type DocumentName, documents, type FailureReport, failureKinds } from "@slipway/contracts/documents";
import type { Command, JsonOutput } from "../src/command.ts";
import { commandsWithoutJson } from "../src/commands-without-json.ts";
import { markdownTable } from "./markdown-table.ts";

/** Where {@link jsonReference} is kept, from the repository's root. */
export const JSON_REFERENCE = "docs/reference/json.md";

/** Where the schemas are published, from the repository's root. */
export const JSON_SCHEMAS = "docs/reference/schemas";

/** Where documents are kept that tests compare with what is printed, from the repository's root. */
export const JSON_EXAMPLES = "apps/cli/src/test/json";

/** A failure, as the page shows it. */
export const FAILURE_EXAMPLE: FailureReport = {
  version: 1,
  error: {
    kind: "busy",
    what: "prod has a release that is not finished",
    why: "r12 is paused: its plan waits for 2 approvals",
    next: "slipway resume prod goes on with it, slipway rollback prod puts it back",
  },
  exitCode: 1,
};

/**
 * Which document each command prints, with its schema and an example, and what may be relied on.
 *
 * @param examples names of the files in {@link JSON_EXAMPLES}
 */
export function jsonReference(commands: readonly Command[], examples: readonly string[]): string {
  const printing = commands.flatMap((command) =>
    command.json === undefined ? [] : [{ ...command, json: command.json }],
  );
  const rows = printing.map(({ name, json }) => [
    `[\`slipway ${name}\`](cli.md#slipway-${dashed(name)})`,
    json.documents.map(linkOf).join(", "),
    examples
      .filter((file) => file.split(".")[0] === dashed(name))
      .map((file) => `[${file}](../../${JSON_EXAMPLES}/${file})`)
      .join(", "),
  ]);
  const streams = printing.flatMap(({ name, json: { lines } }) =>
    lines === undefined ? [] : [`\`slipway ${name}\` (${lines})`],
  );
  const without = Object.entries(commandsWithoutJson).map(([name, why]) => `- \`slipway ${name}\`: ${why}`);
  return `<!-- Made by \`npm run docs\` from the commands and packages/contracts/src/documents; a test says when it is out of date. -->

# What commands print as JSON

With \`--output json\` a command prints one JSON document on stdout, on one line, and nothing else there. What is for people (progress, warnings,
why it failed) goes to stderr, with and without it. Exit codes are the same as for text ([CONFIGURATION.md](../../CONFIGURATION.md#exit-codes-of-slipway)). Nobody is asked anything: what
a person would have to confirm is said by a flag.

Each document has a schema, as [JSON Schema, draft 2020-12](https://json-schema.org/draft/2020-12). In all tests of Slipway every document that a command prints
is held against its schema, with no key that the schema does not name.

- Times are ISO 8601 in UTC, on the target's clock where it says no other. Durations are milliseconds in keys that end with \`Ms\`, and seconds in those that end with \`Seconds\` or begin with \`seconds\`.
- \`environment\` is a name in slipway.config.ts, and \`target\` the AWS that was meant: what was rehearsed on local AWS is never called AWS's.
- \`unknown\` is what could not be found out: neither good nor bad. \`null\` is what there is none of; an optional key is left out where it would say nothing.
- Control characters are escaped, and secrets are taken out.

${streams.join(" and ")} print several documents, one a line ([JSON Lines](https://jsonlines.org)).

## What stays

Every document has \`version\`, the version of its schema; only the lines of \`slipway logs\` have none of it, whose \`version\` is the function's.
Within a version of a schema, and so within a major version of Slipway:

- no key goes away, or changes its name, its type or its unit, and one that is always there stays so;
- keys may be added, and so may values to what lists kinds and states: a reader takes no notice of keys that it does not know, and treats a kind that it does not know as the worst that it does;
- texts for people (\`reason\`, \`found\`, \`why\`, \`next\`, \`summary\`, \`title\`, \`what\`) may say the same in other words: go by kinds, states and exit codes.

Whatever breaks this gets a new \`version\`, in a major version of Slipway, and the changelog says so.

## Commands

${markdownTable(["command", "documents", "example"], rows)}

Where a command has several, each printed document is one of them. Times, hashes, names of processes and the like are made alike in the examples.

Without \`--output json\`:

${without.join("\n")}

## Failures

A command that fails before it has a document of its own prints ${linkOf("failure-report")} on stdout, and to people on stderr what it prints without \`--output json\`, too.
So stdout always has a document: one with a key \`error\` where the command has failed. A finding is no failure: a checklist whose lines failed ends with 1, and prints its own document.

\`\`\`json
${JSON.stringify(FAILURE_EXAMPLE, undefined, 2)}
\`\`\`

\`kind\` is one of ${failureKinds.map((kind) => `\`${kind}\``).join(", ")}. \`why\` and \`next\` are null where \`what\` has said them. Of what prints a document a line, the failure is the last line.
A document that was printed before something went wrong stays the only one: then the exit code tells.

## Documents

${markdownTable(
  ["schema", "what it is", "printed by"],
  (Object.keys(documents) as DocumentName[]).map((name) => [
    linkOf(name),
    documents[name].about,
    printedBy(name, printing),
  ]),
)}
`;
}

function printedBy(
  name: DocumentName,
  printing: readonly { readonly name: string; readonly json: JsonOutput }[],
): string {
  const by = printing.filter(({ json }) => json.documents.includes(name)).map((each) => `\`${each.name}\``);
  return by.length === 0 ? "any command that fails" : by.join(", ");
}

function linkOf(name: DocumentName): string {
  return `[${name}](schemas/${name}.json)`;
}

function dashed(name: string): string {
  return name.replaceAll(" ", "-");
}
