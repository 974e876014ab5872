import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SlipwayConfig } from "@slipway/contracts";
import { assertNotInterrupted, loadConfig, ReleaseError } from "@slipway/release-engine";
import { assertCommit } from "./assert-commit.ts";
import { gitEnvironment, runGit } from "./run-git.ts";

/** What a commit demanded, as its own slipway.config.ts says. */
export interface EarlierConfig {
  readonly config: SlipwayConfig;
  /** A file of the commit; undefined where it has none. */
  read(path: string): Promise<string | undefined>;
}

/**
 * Loads the slipway.config.ts of a commit, without touching what is checked out: all of its files are written to a folder beside, because
 * a configuration may import what it likes, with the packages that are installed now.
 *
 * @param directory absolute path of the folder with slipway.config.ts
 * @param use gets the configuration; the files are gone afterwards
 * @throws {ReleaseError} `not-found` when the commit is not in the clone; `usage` when its configuration cannot be loaded
 */
export async function withEarlierConfig<T>(
  {
    directory,
    env,
    commit,
    signal,
  }: { directory: string; env: NodeJS.ProcessEnv; commit: string; signal?: AbortSignal },
  use: (earlier: EarlierConfig) => Promise<T>,
): Promise<T> {
  const git = async (
    args: readonly string[],
    { cwd = directory, ...extra }: { cwd?: string; GIT_INDEX_FILE?: string } = {},
  ) => {
    assertNotInterrupted(signal, "before git was asked");
    try {
      return await runGit(args, { cwd, env: { ...gitEnvironment(env), ...extra }, signal });
    } catch (error) {
      assertNotInterrupted(signal, "while git was asked");
      throw error;
    }
  };
  const must = async (...[args, where]: Parameters<typeof git>) => {
    const { code, stdout, stderr } = await git(args, where);
    if (code !== 0) {
      throw new ReleaseError({
        ...{ kind: "failed", what: `git ${args[0]} failed in ${directory}` },
        ...{ why: stderr.trim() || `exit code ${code}`, next: `cd ${directory} && git status` },
      });
    }
    return stdout;
  };
  await assertCommit(git, commit);
  const [top = "", prefix = ""] = (await must(["rev-parse", "--show-toplevel", "--show-prefix"])).split("\n");
  const folder = await mkdtemp(join(tmpdir(), "slipway-earlier-"));
  try {
    const files = join(folder, "files");
    // An index of its own: what is staged stays as it is.
    const where = { cwd: top, GIT_INDEX_FILE: join(folder, "index") };
    await mkdir(files);
    await must(["read-tree", commit], where);
    await must(["checkout-index", "--all", `--prefix=${files}/`], where);
    const root = join(files, prefix);
    await linkPackages(top, files);
    if (prefix !== "") {
      await linkPackages(directory, root);
    }
    const read = async (path: string) => {
      try {
        return await readFile(join(root, path), "utf8");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
          return undefined;
        }
        throw error;
      }
    };
    return await use({ config: await loadConfig(join(root, "slipway.config.ts"), { takesAnyWaiver: true }), read });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function linkPackages(from: string, to: string): Promise<void> {
  try {
    await symlink(join(from, "node_modules"), join(to, "node_modules"), "dir");
  } catch (error) {
    // The commit has a folder of that name, or does not have this folder at all: then its configuration says what is missing.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST" && code !== "ENOENT") {
      throw error;
    }
  }
}
