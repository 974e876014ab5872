import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { listDocuments } from "./list-documents.ts";
import { type MarkdownFile, readMarkdown } from "./read-markdown.ts";

const repository = resolve(import.meta.dirname, "../../..");
const documents = listDocuments(repository);
const read = new Map<string, MarkdownFile>();

function markdown(file: string): MarkdownFile {
  const known = read.get(file) ?? readMarkdown(readFileSync(join(repository, file), "utf8"));
  read.set(file, known);
  return known;
}

/** What is wrong with a link; nothing of what lies outside of the repository, which would make the test depend on others. */
function linkProblem(from: string, link: string): string | undefined {
  if (/^(?:https?:|mailto:)/.test(link)) {
    return URL.canParse(link) ? undefined : "is no URL";
  }
  const [path = "", anchor] = link.split("#", 2);
  const target = path === "" ? from : relative(repository, resolve(repository, dirname(from), decodeURI(path)));
  if (target.startsWith("..")) {
    return "leads out of the repository";
  }
  if (!existsSync(join(repository, target))) {
    return `there is no ${target}`;
  }
  if (anchor === undefined) {
    return undefined;
  }
  if (statSync(join(repository, target)).isDirectory() || !target.endsWith(".md")) {
    return `${target} has no anchors`;
  }
  return markdown(target).headings.some((heading) => heading.anchor === anchor)
    ? undefined
    : `${target} has no heading #${anchor}`;
}

test("there are documents", () => {
  expect(documents.length).toBeGreaterThan(60);
});

test.each(documents)("the links of %s lead somewhere", (file) => {
  const problems = markdown(file).links.flatMap((link) => {
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
