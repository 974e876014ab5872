import { join } from "node:path";
import {
  assertCommitIsThere,
  type CommitWorktree,
  openCommitWorktree,
  removeCommitWorktree,
  type WorktreePlace,
} from "@slipway/aws";
import type { EnvironmentConfig, ReleasePlan, SourceRevision } from "@slipway/contracts";
import { loadConfig, ReleaseError } from "@slipway/release-engine";
import { rehearsalFolder } from "../rehearsal/rehearsal-folder.ts";
import type { EnvironmentPlace } from "../target/environment-work.ts";
import { rollbackConfig } from "./rollback-config.ts";

/** Where a rollback's infrastructure is planned from: the files and the configuration of the release that it goes to. */
export interface EarlierPlace<P extends EnvironmentPlace> {
  readonly place: P;
  readonly source: CommitWorktree["source"];
}

/**
 * Brings a worktree to the commit of the release that a rollback goes to, with the values for variables that git does not have from the
 * checkout, and its configuration.
 *
 * @throws {ReleaseError} when the release has no commit that could be checked out, or the commit is not in the clone
 */
export async function openEarlierPlace<P extends EnvironmentPlace>(
  place: P,
  { source, rollsBack, release }: ReleasePlan,
): Promise<EarlierPlace<P>> {
  const { config: now, environment } = place;
  const { to = release, parts = [] } = rollsBack ?? {};
  const commit = commitOf(source, { environment, to });
  const worktree = await openCommitWorktree(worktreePlace(place), commit);
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
 * Looks, before anything is begun, whether the infrastructure can go back to what a release was made of.
 *
 * @throws {ReleaseError} why not
 */
export async function assertCommitCanBePlanned(
  place: Pick<EnvironmentPlace, "repository" | "env" | "signal" | "environment">,
  source: SourceRevision,
  to: string,
): Promise<void> {
  await assertCommitIsThere(place, commitOf(source, { environment: place.environment, to }));
}

/** Takes away the worktree of an environment's rollbacks, of whichever process it is left. For who has the lease. */
export function removeEarlierPlace(place: Parameters<typeof worktreePlace>[0]): Promise<void> {
  return removeCommitWorktree(worktreePlace(place));
}

/** One for each environment: only who has the lease works in it. */
function worktreePlace({
  repository,
  env,
  environment,
  target,
  signal,
}: Pick<EnvironmentPlace, "repository" | "env" | "environment" | "target"> &
  Partial<Pick<EnvironmentPlace, "signal">>): WorktreePlace {
  const folder = target.isLocal ? rehearsalFolder(target.localDataDir ?? "") : join(repository, ".slipway");
  return {
    ...{ repository, env, folder: join(folder, "worktrees", environment) },
    ...(signal === undefined ? {} : { signal }),
  };
}

function commitOf(
  { commit, dirty }: SourceRevision,
  { environment, to }: { readonly environment: string; readonly to: string },
): string {
  if (commit === null || dirty) {
    throw new ReleaseError({
      kind: "usage",
      what: `The infrastructure of ${environment} cannot go back to ${to}`,
      why:
        commit === null
          ? "it was made without a commit: nobody has its files any more"
          : `it was made from ${commit.slice(0, 12)} with changes that are not committed: nobody has them any more, and the commit alone is something else`,
      next: `choose a release that was made of a commit: slipway history ${environment}; or commit what should be there, and slipway deploy ${environment}`,
    });
  }
  return commit;
}
