import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "../src/command.ts";
import { type AwsOperations, awsProblem } from "./aws-problem.ts";
import { slipwayProblem } from "./slipway-problem.ts";

/** What documents may tell people to type. */
export interface Vocabulary {
  readonly repository: string;
  readonly commands: readonly Command[];
  readonly aws: AwsOperations;
  /** Further programs that whoever runs it has. */
  readonly others?: readonly string[];
}

/** Programs that everybody who reads a document has, and whose words are not looked at. */
const OTHERS = new Set(
  "alias chmod cp curl cut date echo eval export git jq man rm sed sha256sum sort source tail touch unset zip".split(
    " ",
  ),
);
/** Not `state push` and the like, which change what Terraform believes. */
const TERRAFORM = new Set([
  ...["init", "validate", "fmt", "test", "plan", "show", "apply", "output", "destroy"],
  ...["providers lock", "state list", "state show"],
]);
/** Words of npm that are no script of ours. */
const NPM = new Set(["ci", "audit", "install"]);

/**
 * Whether somebody who types this gets further than to be told that it is wrong.
 *
 * @param words - the program and what follows it
 * @param folder - where it is typed, from the repository's root
 * @returns what is wrong; undefined where nothing is
 */
export function commandProblem(words: readonly string[], vocabulary: Vocabulary, folder = "."): string | undefined {
  const [program = "", ...rest] = words;
  if (program === "slipway" || (program === "npx" && rest[0] === "slipway")) {
    return slipwayProblem(program === "npx" ? rest.slice(1) : rest, vocabulary.commands);
  }
  if (program === "aws") {
    return awsProblem(rest, vocabulary.aws);
  }
  if (program === "npm") {
    return npmProblem(rest, vocabulary, folder);
  }
  if (program === "terraform") {
    const name = /^(?:state|providers)$/.test(rest[0] ?? "")
      ? rest.slice(0, 2).join(" ")
      : rest.find((word) => !word.startsWith("-"));
    return TERRAFORM.has(name ?? "") ? undefined : `terraform has no '${name}' that documents should name`;
  }
  if (program === "cd") {
    return existsSync(join(vocabulary.repository, folder, rest[0] ?? "")) ? undefined : `there is no folder ${rest[0]}`;
  }
  if (program.includes("/")) {
    return scriptProblem(program, rest, vocabulary, folder);
  }
  return OTHERS.has(program) || vocabulary.others?.includes(program)
    ? undefined
    : `'${program}' is no program that a document may ask for`;
}

function npmProblem(words: readonly string[], vocabulary: Vocabulary, folder: string): string | undefined {
  const plain = words.filter((word) => word !== "--silent");
  const [verb = "", ...rest] = plain;
  const script = verb === "run" ? (rest[0] ?? "") : verb;
  if (NPM.has(verb)) {
    return undefined;
  }
  const file = join(vocabulary.repository, folder, "package.json");
  if (!existsSync(file)) {
    return `there is no package.json in ${folder}`;
  }
  const { scripts = {} } = JSON.parse(readFileSync(file, "utf8"));
  const runs: unknown = scripts[script];
  if (typeof runs !== "string") {
    return `package.json has no script '${script}'`;
  }
  const [, own] = / apps\/cli\/bin\/start\.mjs (.*)$/.exec(runs) ?? [];
  const dashes = plain.indexOf("--");
  const given = dashes < 0 ? [] : plain.slice(dashes + 1);
  return own === undefined ? undefined : slipwayProblem([...own.split(" "), ...given], vocabulary.commands);
}

/** The numbered scripts are one line each: a command of ours, and what is given to them. */
function scriptProblem(
  program: string,
  words: readonly string[],
  { repository, commands }: Vocabulary,
  folder: string,
): string | undefined {
  const file = join(repository, folder, program);
  if (!existsSync(file)) {
    return `there is no file ${program}`;
  }
  const [, own] = /slipway\.sh"? (.*?) "\$@"/.exec(readFileSync(file, "utf8")) ?? [];
  return own === undefined ? undefined : slipwayProblem([...own.split(" "), ...words], commands);
}
