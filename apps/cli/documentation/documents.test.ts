import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { commands } from "../src/commands.ts";
import { comingCommands } from "./coming-commands.ts";
import { commandProblem } from "./command-problem.ts";
import { documentCommands } from "./document-commands.ts";
import { listDocuments } from "./list-documents.ts";
import { LOCAL_AWS_REFERENCE } from "./local-aws-reference.ts";
import { awsOperations } from "./test/aws-operations.ts";

const repository = resolve(import.meta.dirname, "../../..");
const read = (file: string) => readFileSync(join(repository, file), "utf8");
const checked = listDocuments(repository).filter((file) => /^docs\/(?:runbooks|guide)\//.test(file));

/** Services of the AWS CLI that the documents name. */
const services = new Set(
  checked.flatMap((file) =>
    documentCommands(read(file)).flatMap(({ words }) => (words[0] === "aws" ? [words[1] ?? ""] : [])),
  ),
);
const vocabulary = {
  repository,
  commands: [...commands, ...comingCommands],
  aws: await awsOperations(read(LOCAL_AWS_REFERENCE), services),
};

test.each(checked)("every command of %s could be typed", (file) => {
  const problems = documentCommands(read(file)).flatMap(({ words, line, folder }) => {
    const problem = commandProblem(words, vocabulary, folder);
    return problem === undefined ? [] : [`${file}:${line}: ${words.join(" ")}: ${problem}`];
  });

  expect(problems).toEqual([]);
});
