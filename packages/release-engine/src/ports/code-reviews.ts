/** A pull request that a commit came with, and what people said of its last state. */
export interface ReviewedChange {
  /** `acme/items-api#12`. */
  readonly name: string;
  /** Who wrote any of it, as the service names people. */
  readonly authors: readonly string[];
  /** Members of the team who approved exactly its last state, authors and machines left out. */
  readonly approvedBy: readonly string[];
  /** Who asked for changes and has not approved since. */
  readonly refusedBy: readonly string[];
}

/** Reads what a code host knows of reviews. */
export interface CodeReviews {
  /**
   * @returns the merged pull requests that a commit came with; none where it was pushed directly
   * @throws {ReleaseError} `denied`, `throttled`, `unreachable`, `not-found` or `failed`
   */
  reviewsOf(commit: string, signal?: AbortSignal): Promise<readonly ReviewedChange[]>;
}
