import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import {
  assertCommitIsThere,
  type CommitWorktree,
  openCommitWorktree,
  removeCommitWorktree,
  type WorktreePlace,
  withEarlierConfig,
  worktreesUnder,
} from "@slipway/aws";
import type { EnvironmentConfig, ReleasePlan, SourceRevision } from "@slipway/contracts";
import { isAlive } from "@slipway/local-aws";
import { commitToPlan, loadConfig, ReleaseError } from "@slipway/release-engine";
import { rehearsalFolder } from "../rehearsal/rehearsal-folder.ts";
import type { EnvironmentPlace } from "../target/environment-work.ts";
import { earlierEnvironment, rollbackConfig } from "./rollback-config.ts";

/** Where a rollback's infrastructure is planned from: the files and the configuration of the release that it goes to. */
export interface EarlierPlace<P extends EnvironmentPlace> {
  readonly place: P;
  readonly source: CommitWorktree["source"];
}

/**
 * Brings a worktree to the commit of the release that a rollback goes to, with the values for variables that git does not have from the
 * checkout, and its configuration.
 *
 * @param folder for the worktree of a commit; unless given, one of who has the lease. One for each commit: what was imported of a folder
 *   stays in memory, and a process that goes back twice would have the first commit's configuration for the second
 * @throws {ReleaseError} when the release has no commit that could be checked out, or the commit is not in the clone
 */
export async function openEarlierPlace<P extends EnvironmentPlace>(
  place: P,
  { source, rollsBack, release }: ReleasePlan,
  folder: (commit: string) => string = (commit) => join(worktreesFolder(place), commit),
): Promise<EarlierPlace<P>> {
  const { config: now, environment } = place;
  const { to = release, parts = [] } = rollsBack ?? {};
  const commit = commitOf(source, { environment, to });
  const worktree = await openCommitWorktree(worktreePlace(place, folder(commit)), commit);
  const then = await loadConfig(join(worktree.directory, "slipway.config.ts"), { takesAnyWaiver: true });
  const config = rollbackConfig(now, then, { environment, parts, to });
  const [from, into] = [now, config].map(
    ({ environments }) => (environments[environment] as EnvironmentConfig).terraform.directory,
  );
  const taken = await worktree.takeVariables(from ?? "", into ?? "");
  if (taken.length > 0) {
    const text = `values that git does not have come from the checkout: ${taken.join(", ")}`;
    place.progress.report({ type: "phase-line", phase: environment, text });
  }
  const { repository: checkout } = place;
  return { place: { ...place, repository: worktree.directory, checkout, config }, source: worktree.source };
}

/**
 * Looks, before anything is begun, whether the infrastructure can go back to what a release was made of: its commit is there, and its
 * configuration can be loaded and has the environment.
 *
 * @throws {ReleaseError} why not
 */
export async function assertCommitCanBePlanned(
  place: Pick<EnvironmentPlace, "repository" | "env" | "signal" | "environment">,
  source: SourceRevision,
  to: string,
): Promise<void> {
  const { repository, env, signal, environment } = place;
  const commit = commitOf(source, { environment, to });
  await assertCommitIsThere(place, commit);
  await withEarlierConfig({ directory: repository, env, commit, signal }, async ({ config }) =>
    earlierEnvironment(config, { environment, to }),
  );
}

/** Takes away the worktrees of an environment's rollbacks, of whichever process they are left. For who has the lease. */
export async function removeEarlierPlace(place: WorktreesOf): Promise<void> {
  const { repository, env } = place;
  const folder = worktreesFolder(place);
  // git knows them by their real paths. Where nothing is there, it may still remember one.
  const real = await realpath(folder).catch(() => folder);
  for (const each of await worktreesUnder({ repository, env }, real)) {
    await removeCommitWorktree({ repository, env, folder: each });
  }
  await removeCommitWorktree({ repository, env, folder });
}

type WorktreesOf = Pick<EnvironmentPlace, "repository" | "env" | "environment" | "target"> &
  Partial<Pick<EnvironmentPlace, "signal">>;

/**
 * The same for who only looks, and has no lease: in a worktree of this process alone, which is gone afterwards. What killed ones have left
 * is taken away before.
 */
export async function withEarlierPlace<P extends EnvironmentPlace, T>(
  place: P,
  plan: ReleasePlan,
  use: (earlier: EarlierPlace<P>) => Promise<T>,
): Promise<T> {
  const { repository, env } = place;
  const looks = join(ownFolder(place), "looks");
  const remove = (name: string) => removeCommitWorktree({ repository, env, folder: join(looks, name) });
  for (const name of await readdir(looks).catch(() => [])) {
    const [, owner] = /-(\d+)$/.exec(name) ?? [];
    if (owner !== undefined && !isAlive(Number(owner))) {
      await remove(name);
    }
  }
  const own = `${place.environment}-${process.pid}`;
  try {
    return await use(await openEarlierPlace(place, plan, () => join(looks, own)));
  } finally {
    await remove(own);
  }
}

/** Where those of an environment are: only who has the lease works in them. */
function worktreesFolder(place: WorktreesOf): string {
  return join(ownFolder(place), "worktrees", place.environment);
}

function ownFolder({ repository, target }: WorktreesOf): string {
  return target.isLocal ? rehearsalFolder(target.localDataDir ?? "") : join(repository, ".slipway");
}

function worktreePlace({ repository, env, signal }: WorktreesOf, folder: string): WorktreePlace {
  return {
    ...{ repository, env, folder },
    ...(signal === undefined ? {} : { signal }),
  };
}

function commitOf(source: SourceRevision, where: { readonly environment: string; readonly to: string }): string {
  const commit = commitToPlan(source, where);
  if (commit instanceof ReleaseError) {
    throw commit;
  }
  return commit;
}
