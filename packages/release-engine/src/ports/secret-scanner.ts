/** Something in a file that looks like a secret. It does not have the secret. */
export interface SecretFinding {
  readonly path: string;
  readonly line: number;
  /** What it looks like: `GITHUB_TOKEN`. */
  readonly kind: string;
}

/** What came of a look, and what it did not look at. */
export interface SecretScan {
  readonly findings: readonly SecretFinding[];
  /** How many files were looked through. */
  readonly scanned: number;
  /** How many were not, because they are no text. */
  readonly binary: number;
  /** Texts that were not, because they are too large: nobody knows what is in them. */
  readonly tooLarge: readonly string[];
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
  ): Promise<SecretScan>;
}
