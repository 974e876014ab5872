/** Numbered things (data points, log events) that are sent in batches, and counted afterwards. */
export interface Load {
  readonly name: string;
  /** Things in one batch. */
  readonly batchSize: number;
  /** Makes what they are sent to. */
  prepare(): Promise<void>;
  /** Sends the batch of that number; returns when it has been acknowledged. */
  send(batch: number): Promise<void>;
  /**
   * Counts what is there after so many batches.
   *
   * @returns how many things are there
   * @throws an assertion's error when something is missing, there twice, or not what was sent
   */
  verify(batches: number): Promise<number>;
  close(): void;
}
