import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { commands } from "../src/commands.ts";
import { commandProblem } from "./command-problem.ts";
import { documentCommands } from "./document-commands.ts";
import { listDocuments } from "./list-documents.ts";
import { LOCAL_AWS_REFERENCE } from "./local-aws-reference.ts";
import { mentionProblem } from "./mention-problem.ts";
import { readMarkdown } from "./read-markdown.ts";
import { awsOperations } from "./test/aws-operations.ts";

const repository = resolve(import.meta.dirname, "../../..");
const read = (file: string) => readFileSync(join(repository, file), "utf8");
/** The original guide's own commands are in it, some of which are wrong, as it says. */
const QUOTED = "e2e/guide/original-commands.md";
const documents = listDocuments(repository);
const typed = new Map(
  documents.filter((file) => file !== QUOTED).map((file) => [file, documentCommands(read(file))] as const),
);

/** Services of the AWS CLI that the documents name. */
const services = new Set(
  [...typed.values()]
    .flat()
    .flatMap(({ words }) => (words[0] === "aws" ? [words[1]?.replace(/^s3$/, "s3api") ?? ""] : [])),
);
const known = commands;
const vocabulary = { repository, commands: known, aws: await awsOperations(read(LOCAL_AWS_REFERENCE), services) };

test("there are commands in the documents", () => {
  expect([...typed.values()].flat().length).toBeGreaterThan(300);
  expect(services).toContain("cloudwatch");
});

test.each([...typed])("every command of %s could be typed", (file, typedThere) => {
  const problems = typedThere.flatMap(({ words, line, folder }) => {
    // What a workspace tells of itself is typed there, all else at the root.
    const problem = commandProblem(words, vocabulary, folder);
    return problem === undefined || commandProblem(words, vocabulary, join(dirname(file), folder)) === undefined
      ? []
      : [`${file}:${line}: ${words.join(" ")}: ${problem}`];
  });

  expect(problems).toEqual([]);
});

test.each(documents)("every command that the text of %s mentions is there", (file) => {
  const problems = readMarkdown(read(file)).codes.flatMap((text) => {
    const problem = mentionProblem(text, known);
    return problem === undefined ? [] : [`${text}: ${problem}`];
  });

  expect(problems).toEqual([]);
});
