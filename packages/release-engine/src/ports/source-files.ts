/** The files of the repository that is released. Paths are relative to slipway.config.ts, with `/` between their parts. */
export interface SourceFiles {
  /** As the file is now; undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  /** When it was last written, in milliseconds since the epoch; undefined where there is none. */
  modifiedAt(path: string): Promise<number | undefined>;
  /** As a commit has it; undefined where it has none. */
  readAt(commit: string, path: string, signal?: AbortSignal): Promise<string | undefined>;
  /** All of them that git knows or would add; where it is no git repository, all below its folder but installed packages. */
  list(signal?: AbortSignal): Promise<readonly string[]>;
}
