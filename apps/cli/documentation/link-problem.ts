import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { type MarkdownFile, readMarkdown } from "./read-markdown.ts";

/** Says what is wrong with a link in a document; both from the repository's root. */
export type LinkProblem = (from: string, link: string) => string | undefined;

/** Checks the links of a repository's documents, reading each document once. */
export function linkChecker(repository: string): LinkProblem {
  const read = new Map<string, MarkdownFile>();
  const markdown = (file: string): MarkdownFile => {
    const known = read.get(file) ?? readMarkdown(readFileSync(join(repository, file), "utf8"));
    read.set(file, known);
    return known;
  };

  return (from, link) => {
    // Nothing of what lies outside of the repository: the check would depend on others.
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
  };
}
