import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { deploy } from "../src/commands/deploy.ts";
import { GLOSSARY, readGlossary, wrongTerms } from "./glossary.ts";
import { documentTermProblems, helpTermProblems } from "./term-problems.ts";

const glossary = readGlossary(readFileSync(join(resolve(import.meta.dirname, "../../.."), GLOSSARY), "utf8"));

test.each([
  ["it is time to rollback the code", "to rollback"],
  ["do a roll back", "a roll back"],
  ["it was rolled-back", "rolled-back"],
  ["upload the artefacts", "artefacts"],
  ["Artefact", "Artefact"],
  ["the next check point.", "check point"],
  ["a run\n  book", "run book"],
  ["write a postmortem", "postmortem"],
  ["Its behavior, and its colors", "behavior"],
  ["on Github.", "Github"],
  ["who has the deploy lock?", "deploy lock"],
  ["was canceled", "canceled"],
])("%j has %j", (text, found) => {
  expect(wrongTerms(text, glossary)[0]?.found).toBe(found);
});

test.each([
  "roll back, rolls back, rolled back; the rollback, a rollback of data, two rollbacks",
  "the way to the rollback's plan, and how to go on",
  "https://github.com/example/items-api, postmortem.md, docs/postmortems/x, node.js.org",
  "GitHub, CloudWatch, an authorizer, put-back",
  "a post-mortem, a game day, a runbook",
])("%j is as it should be", (text) => {
  expect(wrongTerms(text, glossary)).toEqual([]);
});

test("sentences of a document are looked at, with their line, and code and targets are not", () => {
  const page = [
    "# Behavior",
    "",
    "Type `slipway gameday all`, see [the artefact](docs/artefact.md), `artefact`,",
    "and [a run book](runbook.md).",
    "",
    "```bash",
    "slipway gameday all # artefact",
    "```",
    "<!-- made: color -->",
    "- one",
    "",
    "  ```text",
    "  artefact",
    "  ```",
    "",
    "| a | gameday |",
    "| --- | --- |",
    "| `gameday` | artefacts |",
  ].join("\n");

  expect(documentTermProblems("a.md", page, glossary).map((problem) => problem.replace(/ is written.*/, ""))).toEqual([
    "a.md:1: 'Behavior'",
    "a.md:3: 'artefact'",
    "a.md:4: 'run book'",
    "a.md:16: 'gameday'",
    "a.md:18: 'artefacts'",
  ]);
});

test("what --help says of a command is looked at, and what is typed is not", () => {
  const command = {
    ...deploy,
    summary: "deploy an artefact",
    arguments: [{ name: "<gameday>", description: "the colour" }],
    options: [{ flags: "--color", description: "to rollback at once" }],
  };

  expect(helpTermProblems(command, glossary)).toEqual([
    "slipway deploy --help: 'artefact' is written as 'artifact' here (docs/glossary.md)",
    "slipway deploy --help: 'to rollback' is written as 'rollback' here (docs/glossary.md)",
  ]);
});

test("a glossary that forbids nothing, or its own words, is refused", () => {
  expect(() => readGlossary("| word | meaning |\n| --- | --- |\n| a | b |\n")).toThrow(/no table with a column 'not'/);
  expect(() => readGlossary("| word | not |\n| --- | --- |\n| check list | `check list*` |\n")).toThrow(
    "the glossary forbids 'check list*', which its own 'check list' is written as",
  );
});
