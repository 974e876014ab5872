// node apps/cli/documentation/main.ts: links and words of all documents, as a check with an exit code.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { commands } from "../src/commands.ts";
import { linkChecker } from "./link-problem.ts";
import { listDocuments } from "./list-documents.ts";
import { readMarkdown } from "./read-markdown.ts";
import { termProblems } from "./term-problems.ts";

const repository = resolve(import.meta.dirname, "../../..");
const documents = listDocuments(repository);
const linkProblem = linkChecker(repository);
const problems = [
  ...documents.flatMap((file) =>
    readMarkdown(readFileSync(join(repository, file), "utf8")).links.flatMap((link) => {
      const problem = linkProblem(file, link);
      return problem === undefined ? [] : [`${file}: ${link}: ${problem}`];
    }),
  ),
  ...termProblems(repository, documents, commands),
];
process.stdout.write(
  problems.length === 0
    ? `${documents.length} documents: every link leads somewhere, every word is the glossary's.\n`
    : `${problems.join("\n")}\n`,
);
process.exitCode = problems.length === 0 && documents.length > 0 ? 0 : 1;
