import type { SourceRevision } from "@slipway/contracts";

/** A commit, as git shows it. */
export interface SourceCommit {
  readonly hash: string;
  /** `Jane Doe <jane@example.com>`. */
  readonly author: string;
  readonly committer: string;
  readonly subject: string;
  /** Values of its trailers, by their names in lower case: `reviewed-by`, `signed-off-by`, `co-authored-by`. */
  readonly trailers: Readonly<Record<string, readonly string[]>>;
  /** As `git log --format=%G?`: G is good; N is none; E cannot be checked. */
  readonly signature: string;
  /** Whom the signature is of. */
  readonly signer?: string;
}

/** The git repository that is released from. */
export interface SourceRepository {
  /** What is there now; all null where it is no git repository. */
  revision(signal?: AbortSignal): Promise<SourceRevision>;
  /**
   * The commits that a release brings, newest first.
   *
   * @param since the commit that runs now; undefined for the first release: then the newest 100
   * @throws {ReleaseError} `not-found` when `since` is not in the history, or the clone lacks some of the commits after it
   */
  commits(since: string | undefined, signal?: AbortSignal): Promise<readonly SourceCommit[]>;
  /**
   * Everybody who has a hand in what differs between a commit and the one that is checked out: authors, committers and co-authors, each once.
   *
   * @param since the commit that runs now; undefined for the first release: then of what the newest commit brings, a merge of all that it
   *   merges, because nothing says which of those before it are new;
   *   null where what runs was made without a commit: then of all of the history
   * @throws {ReleaseError} `not-found` where not all of these commits are known: nobody is left out silently
   */
  contributors(since: string | null | undefined, signal?: AbortSignal): Promise<readonly string[]>;
  /** Paths that differ between a commit and now, those that are not committed included. */
  changedFiles(since: string | undefined, signal?: AbortSignal): Promise<readonly string[]>;
  /** Whoever types: git's `user.name <user.email>`; undefined where git knows nobody. */
  user(signal?: AbortSignal): Promise<string | undefined>;
  /** `owner/name` of the GitHub repository that the remote leads to; undefined where it leads elsewhere, or there is none. */
  githubRepository(signal?: AbortSignal): Promise<string | undefined>;
}
