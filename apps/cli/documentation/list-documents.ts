import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** All Markdown files of the repository that are committed, or will be, from its root. */
export function listDocuments(repository: string): readonly string[] {
  const git = ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", "*.md"];
  return execFileSync("git", git, { cwd: repository, encoding: "utf8" })
    .split("\0")
    .filter((file) => file !== "" && existsSync(join(repository, file)))
    .toSorted();
}
