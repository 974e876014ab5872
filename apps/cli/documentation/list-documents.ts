import { execFileSync } from "node:child_process";

/** All Markdown files of the repository that are committed, or will be, from its root. */
export function listDocuments(repository: string): readonly string[] {
  const git = ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", "*.md"];
  return execFileSync("git", git, { cwd: repository, encoding: "utf8" })
    .split("\0")
    .filter((file) => file !== "")
    .toSorted();
}
