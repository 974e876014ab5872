/** Writes numbered things to one service, and later says which of them are there. */
export interface Writer {
  readonly name: string;
  /** Makes what it writes to: a table, a bucket, a group. */
  prepare(): Promise<void>;
  /** Writes number `n`, without a second attempt; returns when the service has acknowledged it. */
  write(n: number): Promise<void>;
  /**
   * Compares what is there with what was promised.
   *
   * @throws an assertion's error where an acknowledged write is missing, or something is there that nobody wrote
   */
  verify(tally: Tally): Promise<void>;
}

/** What became of a writer's numbers, over all rounds. */
export interface Tally {
  /** Every number that it tried to write, in order. */
  readonly attempted: readonly number[];
  /** Those that were acknowledged, in order. */
  readonly acknowledged: readonly number[];
  /** The first number of the latest round. */
  readonly roundStart: number;
}
