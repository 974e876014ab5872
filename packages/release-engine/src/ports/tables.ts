import type { TableAtStake } from "@slipway/analysis";

/** DynamoDB tables, as a destruction looks at them. */
export interface TableInspector {
  /** What is there. What cannot be found out is left out, with the reason; it never throws for that. */
  inspect(tableName: string, signal?: AbortSignal): Promise<TableAtStake>;
}

/** Makes on-demand backups. */
export interface TableBackups {
  /**
   * Makes a backup and waits until it is there.
   *
   * @returns its ARN
   * @throws {ReleaseError} when it cannot be made
   */
  create(tableName: string, backupName: string, signal?: AbortSignal): Promise<string>;
}
