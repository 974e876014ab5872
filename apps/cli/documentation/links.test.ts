import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { linkChecker } from "./link-problem.ts";
import { listDocuments } from "./list-documents.ts";
import { readMarkdown } from "./read-markdown.ts";

const repository = resolve(import.meta.dirname, "../../..");
const documents = listDocuments(repository);
const linkProblem = linkChecker(repository);

test("there are documents", () => {
  expect(documents.length).toBeGreaterThan(60);
});

test.each(documents)("the links of %s lead somewhere", (file) => {
  const problems = readMarkdown(readFileSync(join(repository, file), "utf8")).links.flatMap((link) => {
    const problem = linkProblem(file, link);
    return problem === undefined ? [] : [`${link}: ${problem}`];
  });

  expect(problems).toEqual([]);
});

test.each([
  ["README.md", "docs/nowhere.md", "there is no docs/nowhere.md"],
  ["README.md", "#no-such-heading", "README.md has no heading #no-such-heading"],
  ["docs/guide/README.md", "../../../x.md", "leads out of the repository"],
  ["README.md", "package.json#L3", "package.json has no anchors"],
  ["README.md", "https://exa mple.com", "is no URL"],
  ["README.md", "docs/guide/corrections.md#code", undefined],
  ["README.md", "docs/", undefined],
])("of %s, %s: %s", (from, link, problem) => {
  expect(linkProblem(from, link)).toBe(problem);
});
