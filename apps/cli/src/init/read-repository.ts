import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { RepositoryFiles, UnreadFile } from "@slipway/analysis";
import { gitEnvironment, runGit } from "@slipway/aws";

/** Never the repository's own. */
const SKIPPED = /^(node_modules|\.git|\.terraform|\.slipway|dist|build|coverage|vendor)$/;
/** Files that say something about what is released. */
const TOLD =
  /(\.tf|\.tfvars|\.tfvars\.json|\.tfbackend|\.hcl|\.json|\.[cm]?[jt]sx?|\.ya?ml|\.toml|\.md|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$/;
/** Of these it is enough that they are there. */
const LOCK_FILE = /^(package-lock\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|\.terraform\.lock\.hcl)$/;
/** What is too large to be read of these is said: it may be what is released. */
const DECLARES = /(\.tf|\.tf\.json|\.tfvars|\.tfvars\.json|(openapi|swagger)[^/]*\.(json|ya?ml))$/i;

/** How much is read. */
export interface ReadingLimits {
  /** Bytes of a file. */
  readonly largest: number;
  readonly mostFiles: number;
}

const LIMITS: ReadingLimits = { largest: 4 * 1024 * 1024, mostFiles: 20_000 };

/** What a folder has, and what of it is too much to be read. */
export interface ReadRepository {
  readonly files: RepositoryFiles;
  readonly unread: readonly UnreadFile[];
}

/** Reads what a folder has, without what tools have put there. */
export async function readRepository(directory: string, limits: ReadingLimits = LIMITS): Promise<ReadRepository> {
  const files = new Map<string, string>();
  const unread: UnreadFile[] = [];
  const nameOf = (path: string) => relative(directory, path).replaceAll("\\", "/") || ".";
  const folders = [directory];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (files.size >= limits.mostFiles) {
      // The others would be as many notes as there are folders.
      const others = folders.length === 0 ? "" : ` and ${folders.length} folders more`;
      unread.push({ file: `${nameOf(folder)}/${others}`, why: `init stops looking after ${files.size} files` });
      break;
    }
    for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.test(entry.name)) {
        folders.push(path);
      } else if (entry.isFile() && TOLD.test(entry.name)) {
        const isLarge = (await stat(path)).size > limits.largest;
        const isRead = !isLarge && !LOCK_FILE.test(entry.name);
        files.set(nameOf(path), isRead ? await readFile(path, "utf8") : "");
        if (isLarge && DECLARES.test(entry.name)) {
          unread.push({ file: nameOf(path), why: `it is larger than ${Math.floor(limits.largest / 1024)} KiB` });
        }
      }
    }
  }
  return { files, unread };
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
