import { copyFile, mkdir, mkdtemp, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs git, with further environment variables, and gives back what it printed; throws where it fails. */
export type Git = (args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<string>;

/** Below the folder that git runs in: what Slipway itself writes while it works. */
const OWN_FOLDER = ".slipway/";
/** As git takes it: without what Slipway writes, of which nothing is released. */
export const NOT_OURS = `:(exclude)${OWN_FOLDER}`;

/**
 * Has git write all files as they are now, those that are not committed included and ignored ones left out, as a tree.
 *
 * It works on a copy of the index and puts new objects beside the repository's own, so that nothing of the repository changes: neither
 * what is staged, nor its objects.
 *
 * @param use gets the tree's hash, and what git needs to read it
 */
export async function snapshotTree<T>(git: Git, use: (tree: string, env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  const [places, isIgnored] = await Promise.all([
    git(["rev-parse", "--path-format=absolute", "--git-path", "index", "--git-path", "objects"]),
    git(["check-ignore", "--quiet", OWN_FOLDER]).then(
      () => true,
      () => false,
    ),
  ]);
  const [index = "", objects = ""] = places.split("\n");
  const folder = await mkdtemp(join(tmpdir(), "slipway-tree-"));
  try {
    const copy = join(folder, "index");
    const ownObjects = join(folder, "objects");
    await Promise.all([mkdir(ownObjects), copyIndex(index, copy)]);
    const env = {
      GIT_INDEX_FILE: copy,
      GIT_OBJECT_DIRECTORY: ownObjects,
      // Quoted, as git reads it: a path may have a colon.
      GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(objects),
    };
    // git refuses to be told to leave out what it ignores anyway.
    await git(["add", "--all", "--", ":/", ...(isIgnored ? [] : [NOT_OURS])], env);
    const tree = (await git(["write-tree"], env)).trim();
    return await use(tree, env);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyIndex(from: string, to: string): Promise<void> {
  try {
    // Before the copy: git writes a new index and renames it, so that the copy may be younger than this time, never older.
    const { mtimeMs } = await stat(from);
    await copyFile(from, to);
    // git reads again what changed at or after the time of its index; a copy from just now would hide such changes.
    const seconds = Math.floor(mtimeMs / 1_000);
    await utimes(to, seconds, seconds);
  } catch (error) {
    // A repository in which nothing was ever added has none.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw error;
    }
  }
}
