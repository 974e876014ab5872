import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "../src/command.ts";
import { GLOSSARY, type GlossaryTerm, readGlossary, wrongTerms } from "./glossary.ts";
import { markdownProse } from "./markdown-prose.ts";

/** What is written as the glossary says that it is not, in Markdown and in what `--help` says of commands. */
export function termProblems(
  repository: string,
  documents: readonly string[],
  commands: readonly Command[],
): readonly string[] {
  const glossary = readGlossary(readFileSync(join(repository, GLOSSARY), "utf8"));
  return [
    ...documents.flatMap((file) => documentTermProblems(file, readFileSync(join(repository, file), "utf8"), glossary)),
    ...commands.flatMap((command) => helpTermProblems(command, glossary)),
  ];
}

/** The wrong words of one Markdown file. */
export function documentTermProblems(
  file: string,
  source: string,
  glossary: readonly GlossaryTerm[],
): readonly string[] {
  return wrongTerms(markdownProse(source), glossary).map(
    ({ line, found, term }) => `${file}:${line}: '${found}' is written as '${term}' here (${GLOSSARY})`,
  );
}

/** The wrong words of what `--help` says of one command; what can be typed is none of it. */
export function helpTermProblems(command: Command, glossary: readonly GlossaryTerm[]): readonly string[] {
  const { name, summary, arguments: args = [], options } = command;
  return [summary, ...args.map(({ description }) => description), ...options.map(({ description }) => description)]
    .flatMap((text) => wrongTerms(text, glossary))
    .map(({ found, term }) => `slipway ${name} --help: '${found}' is written as '${term}' here (${GLOSSARY})`);
}
