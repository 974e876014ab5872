/** Builds functions. */
export interface FunctionBuilder {
  /**
   * Runs a build command to its end.
   *
   * @throws {ReleaseError} when it cannot be started, fails, or is interrupted
   */
  build(request: {
    /** Program and arguments; no shell reads it. */
    readonly argv: readonly string[];
    /** Absolute path of the folder that it runs in. */
    readonly directory: string;
    /** What it writes, line by line. */
    onLine(text: string): void;
    readonly signal?: AbortSignal;
  }): Promise<void>;
}
