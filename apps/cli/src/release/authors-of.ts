import type { ReleasePlan } from "@slipway/contracts";
import { emailOf, ReleaseError, type ReleaseRecord, type SourceRepository } from "@slipway/release-engine";

/** Who commits what is merged on GitHub's pages: a machine, and no person's approval is lost by it. */
const GITHUB_COMMITTER = "noreply@github.com";

/** Who wrote what is released, as far as that is known. */
export interface Authors {
  readonly authors: readonly string[];
  /** Why there may be others. */
  readonly authorsUnknown?: string;
}

/**
 * Who has a hand in what is released: authors, committers and co-authors of every commit between the one that runs and this one, and who
 * has changes that are not committed. The approval of none of them counts; where not all are known, nobody's does.
 *
 * @param current what runs now; undefined for the first release, which all of the history belongs to
 */
export async function authorsOf(
  source: Pick<SourceRepository, "contributors" | "user">,
  plan: Pick<ReleasePlan, "source">,
  current: Pick<ReleaseRecord, "id" | "plan"> | undefined,
  signal?: AbortSignal,
): Promise<Authors> {
  if (plan.source.commit === null) {
    return { authors: [], authorsUnknown: "there is no commit that could say so" };
  }
  const since = current?.plan.source.commit;
  if (since === null) {
    return { authors: [], authorsUnknown: `${current?.id}, which has the traffic, was made without a commit` };
  }
  const whoTypes = plan.source.dirty ? await source.user(signal) : undefined;
  try {
    const people = [...(await source.contributors(since, signal)), ...(whoTypes === undefined ? [] : [whoTypes])];
    const authors = [...new Set(people)].filter((name) => emailOf({ name }) !== GITHUB_COMMITTER);
    return plan.source.dirty && whoTypes === undefined
      ? {
          authors,
          authorsUnknown: "files differ from the commit, and git has no user.name and user.email of who changed them",
        }
      : { authors };
  } catch (error) {
    if (error instanceof ReleaseError && error.kind === "not-found") {
      return {
        authors: whoTypes === undefined ? [] : [whoTypes],
        authorsUnknown: `${error.what}: ${error.why}; ${error.next}`,
      };
    }
    throw error;
  }
}
