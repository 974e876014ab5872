import type { SourceRevision } from "@slipway/contracts";
import { emailOf } from "../infrastructure/same-person.ts";
import type { SourceRepository } from "../ports/source-repository.ts";
import { ReleaseError } from "../release-error.ts";

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
 * has changes that are not committed. The word of none of them is enough where somebody else has to answer; where not all are known,
 * nobody's is.
 *
 * @param running the commit that runs now, null where that was made without one; undefined for the first release
 */
export async function knownAuthors(
  source: Pick<SourceRepository, "contributors" | "user">,
  { commit, dirty }: Pick<SourceRevision, "commit" | "dirty">,
  running: string | null | undefined,
  signal?: AbortSignal,
): Promise<Authors> {
  if (commit === null) {
    return { authors: [], authorsUnknown: "there is no commit that could say so" };
  }
  const whoTypes = dirty ? await source.user(signal) : undefined;
  try {
    const people = [...(await source.contributors(running, signal)), ...(whoTypes === undefined ? [] : [whoTypes])];
    const authors = [...new Set(people)].filter((name) => emailOf({ name }) !== GITHUB_COMMITTER);
    return dirty && whoTypes === undefined
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
