import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { RepositoryFiles } from "@slipway/analysis";
import { gitEnvironment, runGit } from "@slipway/aws";

/** Never the repository's own. */
const SKIPPED = /^(node_modules|\.git|\.terraform|\.slipway|dist|build|coverage|vendor)$/;
/** Files that say something about what is released. */
const TOLD =
  /(\.tf|\.tfvars|\.tfvars\.json|\.tfbackend|\.hcl|\.json|\.[cm]?[jt]sx?|\.ya?ml|\.toml|\.md|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$/;
const LARGEST = 512 * 1024;
const MOST_FILES = 20_000;

/** Reads what a folder has, without what tools have put there. */
export async function readRepository(directory: string): Promise<RepositoryFiles> {
  const files = new Map<string, string>();
  const folders = [directory];
  for (let folder = folders.pop(); folder !== undefined && files.size < MOST_FILES; folder = folders.pop()) {
    for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.test(entry.name)) {
        folders.push(path);
      } else if (entry.isFile() && TOLD.test(entry.name)) {
        // Of lock files and the like it is enough that they are there.
        const isSmall = (await stat(path)).size <= LARGEST;
        files.set(relative(directory, path).replaceAll("\\", "/"), isSmall ? await readFile(path, "utf8") : "");
      }
    }
  }
  return files;
}

/** Where the repository is on GitHub; nothing where the folder is not the top of one, or that lies elsewhere. */
export async function githubOf(
  directory: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly github?: string; readonly branch?: string }> {
  const git = async (...args: readonly string[]) => {
    const { code, stdout } = await runGit(args, { cwd: directory, env: gitEnvironment(env) });
    return code === 0 ? stdout.trim() : "";
  };
  if ((await git("rev-parse", "--show-prefix")) !== "") {
    return {};
  }
  const [, github] =
    /github\.com[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(await git("remote", "get-url", "origin")) ?? [];
  const branch = (await git("symbolic-ref", "--short", "refs/remotes/origin/HEAD")).replace(/^origin\//, "");
  return github === undefined ? {} : { github, ...(branch !== "" && { branch }) };
}
