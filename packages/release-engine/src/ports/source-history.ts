/** What commits changed, whatever is checked out now. */
export interface SourceHistory {
  /**
   * What a release brought: its commits, the newest first, and the files in which the two differ.
   *
   * @param range full hashes; `since` is what ran before
   * @throws {ReleaseError} `not-found` when one of them is not in the clone; `failed` when git cannot be asked
   */
  between(
    range: { readonly since: string; readonly until: string },
    signal?: AbortSignal,
  ): Promise<{
    readonly commits: readonly { readonly commit: string; readonly subject: string; readonly author: string }[];
    readonly files: readonly string[];
  }>;
}
