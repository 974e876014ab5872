import { lstat, readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { assertNotInterrupted, type SourceFiles } from "@slipway/release-engine";
import { gitEnvironment, runGit } from "./run-git.ts";
import { NOT_OURS } from "./snapshot-tree.ts";

/** Folders that are never anybody's source, where git does not say which are not. */
const NEVER_SOURCE = new Set([".git", "node_modules", ".terraform", ".slipway", "dist", "coverage"]);

/** The files of a folder, and of its commits where it is in a git repository. */
export class GitSourceFiles implements SourceFiles {
  readonly #directory: string;
  readonly #env: NodeJS.ProcessEnv;

  /** @param directory absolute path of the folder with slipway.config.ts */
  constructor(directory: string, env: NodeJS.ProcessEnv) {
    this.#directory = directory;
    this.#env = gitEnvironment(env);
  }

  async read(path: string): Promise<string | undefined> {
    return orUndefined(readFile(join(this.#directory, path), "utf8"));
  }

  async modifiedAt(path: string): Promise<number | undefined> {
    return (await orUndefined(stat(join(this.#directory, path))))?.mtimeMs;
  }

  async readAt(commit: string, path: string, signal?: AbortSignal): Promise<string | undefined> {
    const { code, stdout } = await this.#git(["show", `${commit}:./${path}`], signal);
    return code === 0 ? stdout : undefined;
  }

  async list(signal?: AbortSignal): Promise<readonly string[]> {
    const { code, stdout } = await this.#git(
      ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", ".", NOT_OURS],
      signal,
    );
    const paths = code === 0 ? stdout.split("\0").filter((path) => path !== "") : await walk(this.#directory);
    // Deleted ones are listed, too, until that is staged; and a submodule or a link to a folder is no file.
    const kinds = await Promise.all(paths.map((path) => orUndefined(lstat(join(this.#directory, path)))));
    return paths.filter((_, index) => kinds[index]?.isFile());
  }

  async #git(args: readonly string[], signal: AbortSignal | undefined) {
    assertNotInterrupted(signal, "before git was asked");
    try {
      return await runGit(args, { cwd: this.#directory, env: this.#env, signal });
    } catch (error) {
      assertNotInterrupted(signal, "while git was asked");
      throw error;
    }
  }
}

async function walk(directory: string): Promise<string[]> {
  const found: string[] = [];
  const enter = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !NEVER_SOURCE.has(entry.name)) {
        await enter(path);
      } else if (entry.isFile()) {
        found.push(relative(directory, path).split(sep).join("/"));
      }
    }
  };
  await enter(directory);
  return found;
}

/** Undefined where there is no such file. */
async function orUndefined<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") {
      return undefined;
    }
    throw error;
  }
}
