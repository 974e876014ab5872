import type { ReleasePlan } from "@slipway/contracts";
import {
  emailOf,
  ReleaseError,
  type ReleaseRecord,
  type SourceCommit,
  type SourceRepository,
} from "@slipway/release-engine";

/** Who commits what is merged on GitHub's pages: a machine, and no person's approval is lost by it. */
const GITHUB_COMMITTER = "noreply@github.com";

/**
 * Who has a hand in what is released: authors, committers and co-authors of its commits, and who has changes that are not committed. The
 * approval of none of them counts.
 *
 * @param current what runs now: the commits after it are released; all that are known where its commit is not in their history
 */
export async function authorsOf(
  source: Pick<SourceRepository, "commits" | "user">,
  plan: Pick<ReleasePlan, "source">,
  current: Pick<ReleaseRecord, "plan"> | undefined,
  signal?: AbortSignal,
): Promise<string[]> {
  if (plan.source.commit === null) {
    return [];
  }
  const since = current?.plan.source.commit ?? undefined;
  const commits = await source.commits(since, signal).catch((error: unknown) => {
    // What runs is of another branch: then all are authors.
    if (error instanceof ReleaseError && error.kind === "not-found" && since !== undefined) {
      return source.commits(undefined, signal);
    }
    throw error;
  });
  const whoTypes = plan.source.dirty ? await source.user(signal) : undefined;
  return [...new Set([...commits.flatMap(handsIn), ...(whoTypes === undefined ? [] : [whoTypes])])];
}

function handsIn({ author, committer, trailers }: SourceCommit): string[] {
  const people = [author, committer, ...(trailers["co-authored-by"] ?? [])];
  return people.filter((name) => name !== "" && emailOf({ name }) !== GITHUB_COMMITTER);
}
