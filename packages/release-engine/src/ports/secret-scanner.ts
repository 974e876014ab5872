/** Something in a file that looks like a secret. It does not have the secret. */
export interface SecretFinding {
  readonly path: string;
  readonly line: number;
  /** What it looks like: `GITHUB_TOKEN`. */
  readonly kind: string;
}

/** Looks for secrets in files. */
export interface SecretScanner {
  /** What does the looking, and its version: `secretlint 13.1.0`. */
  readonly name: string;
  /**
   * @param allow texts that look like secrets and are none
   * @throws {ReleaseError} `interrupted`
   */
  scan(
    paths: readonly string[],
    options: { readonly allow: readonly string[]; readonly signal?: AbortSignal },
  ): Promise<{ readonly findings: readonly SecretFinding[]; readonly scanned: number }>;
}
