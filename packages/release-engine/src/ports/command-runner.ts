/** How a command came out. */
export interface CommandResult {
  /** 127 when the program could not be started, as shells have it. */
  readonly code: number;
  readonly stdout: string;
  /** The last part of both outputs, in the order in which it was printed. */
  readonly tail: string;
}

/** Runs commands of the repository that is released, in its folder. */
export interface CommandRunner {
  /**
   * @param argv program and arguments; no shell reads them
   * @throws {ReleaseError} `interrupted` when asked to stop; the command and what it started have ended then
   */
  run(
    argv: readonly string[],
    options: { readonly onLine?: (text: string) => void; readonly signal?: AbortSignal },
  ): Promise<CommandResult>;
}
