/** The newest section of a changelog in the format of Keep a Changelog. */
export interface ChangelogSection {
  /** `Unreleased`, `1.2.0 - 2026-11-20`. */
  readonly title: string;
  /** Without headings and blank lines. */
  readonly lines: readonly string[];
  /** The lines below its heading `Deployment notes`. */
  readonly deploymentNotes: readonly string[];
}

/** @returns undefined where it has no section */
export function readChangelog(text: string): ChangelogSection | undefined {
  const [, ...sections] = text.split(/^## /m);
  const [newest] = sections;
  if (newest === undefined) {
    return undefined;
  }
  const [title = "", ...rest] = newest.split("\n");
  const notes = rest
    .join("\n")
    .split(/^#{3,} /m)
    .filter((part) => /^deployment notes?\b/i.test(part))
    .flatMap((part) => part.split("\n").slice(1));
  return {
    title: title.trim().replace(/^\[(.+?)\]/, "$1"),
    lines: rest.filter((line) => line.trim() !== "" && !line.startsWith("#")),
    deploymentNotes: notes.filter((line) => line.trim() !== ""),
  };
}
