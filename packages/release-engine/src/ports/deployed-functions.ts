/** A function as its traffic finds it. */
export interface DeployedFunction {
  /** Of the versions that the alias sends traffic to, the one that was published last; `$LATEST` without an alias. */
  readonly version: string;
  /** When it was published, in milliseconds since the epoch. */
  readonly publishedAt: number;
  /** As Lambda spells it: `Active`. */
  readonly state: string;
  /** As Lambda spells it: `Successful`. */
  readonly lastUpdate: string;
  /** Lambda's own words for a state or an update that failed. */
  readonly reason?: string;
}

/** Looks at what functions run. */
export interface DeployedFunctions {
  /**
   * @param alias - the alias that traffic comes through; without one, traffic goes to `$LATEST`
   * @throws {ReleaseError} when it cannot be looked at
   */
  read(functionName: string, alias: string | undefined, signal?: AbortSignal): Promise<DeployedFunction>;
}
