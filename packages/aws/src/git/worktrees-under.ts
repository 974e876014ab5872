import { sep } from "node:path";
import { gitEnvironment, runGit } from "./run-git.ts";

const LINE = /^worktree (.+)$/gm;

/**
 * Absolute paths of the worktrees of a repository that git knows of inside of a folder, also where nothing is there any more.
 *
 * @param folder absolute path, with no link on the way
 */
export async function worktreesUnder(
  { repository, env }: { readonly repository: string; readonly env: NodeJS.ProcessEnv },
  folder: string,
): Promise<readonly string[]> {
  const { code, stdout } = await runGit(["worktree", "list", "--porcelain"], {
    cwd: repository,
    env: gitEnvironment(env),
  });
  const paths = [...stdout.matchAll(LINE)].map(([, path = ""]) => path);
  return code === 0 ? paths.filter((path) => path.startsWith(`${folder}${sep}`)) : [];
}
