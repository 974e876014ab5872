/** From what a table could be brought back. */
export interface TableRecoveryPoints {
  /** Whether point-in-time recovery is on, and since when (milliseconds since the epoch) one can go back. */
  readonly pointInTime: { readonly since: number | null; readonly until: number | null } | null;
  /** The newest on-demand backup that can be used; null where there is none. */
  readonly newestBackup: { readonly arn: string; readonly createdAt: number } | null;
}

/** Looks for what data and states could be brought back from. */
export interface RecoveryPoints {
  /** @throws {ReleaseError} when it cannot be looked at */
  ofTable(tableName: string, signal?: AbortSignal): Promise<TableRecoveryPoints>;
  /**
   * Whether the bucket with the states keeps what is overwritten.
   *
   * @throws {ReleaseError} when it cannot be looked at
   */
  ofStates(signal?: AbortSignal): Promise<{ readonly bucket: string; readonly versioning: "on" | "off" }>;
}
