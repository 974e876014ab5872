import { setTimeout as wait } from "node:timers/promises";
import {
  CreateBackupCommand,
  DescribeBackupCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import type { TableAtStake } from "@slipway/analysis";
import { assertNotInterrupted, ReleaseError, type TableBackups, type TableInspector } from "@slipway/release-engine";
import { newestBackup as findNewestBackup } from "./recovery/newest-backup.ts";
import { translateAwsError } from "./translate-aws-error.ts";

const BACKUP_TIMEOUT_MS = 15 * 60_000;
const POLL_MS = 1_000;

/** Looks at tables, and backs them up, on AWS. */
export class DynamoTables implements TableInspector, TableBackups {
  readonly #client: DynamoDBClient;

  constructor(client: DynamoDBClient) {
    this.#client = client;
  }

  async inspect(name: string, abortSignal?: AbortSignal): Promise<TableAtStake> {
    const problems: string[] = [];
    let exists = true;
    const orUnknown = async <T>(look: Promise<T>): Promise<T | undefined> => {
      try {
        return await look;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) {
          exists = false;
          return undefined;
        }
        assertNotInterrupted(abortSignal, `while the table ${name} was looked at`);
        const reason = translateAwsError(error, { action: "a look", subject: name });
        if (!(reason instanceof ReleaseError)) {
          throw reason;
        }
        problems.push(reason.why);
        return undefined;
      }
    };
    const [hasItems, newestBackup] = await Promise.all([
      orUnknown(this.#hasItems(name, abortSignal)),
      orUnknown(findNewestBackup(this.#client, name, abortSignal)),
    ]);
    return { name, exists, hasItems, newestBackup, problem: problems.length === 0 ? undefined : problems.join("; ") };
  }

  async create(TableName: string, BackupName: string, abortSignal?: AbortSignal): Promise<string> {
    const deadline = Date.now() + BACKUP_TIMEOUT_MS;
    try {
      const made = await this.#client.send(new CreateBackupCommand({ TableName, BackupName }), { abortSignal });
      const BackupArn = made.BackupDetails?.BackupArn ?? "";
      for (let status = made.BackupDetails?.BackupStatus; status !== "AVAILABLE"; ) {
        if (Date.now() > deadline) {
          throw new ReleaseError({
            kind: "timeout",
            what: `The backup of ${TableName} did not become available`,
            why: `${BackupArn} is still ${status ?? "unknown"} after ${BACKUP_TIMEOUT_MS / 60_000} minutes`,
            next: `aws dynamodb describe-backup --backup-arn ${BackupArn}`,
          });
        }
        await wait(POLL_MS, undefined, { signal: abortSignal });
        const { BackupDescription } = await this.#client.send(new DescribeBackupCommand({ BackupArn }), {
          abortSignal,
        });
        status = BackupDescription?.BackupDetails?.BackupStatus;
      }
      return BackupArn;
    } catch (error) {
      assertNotInterrupted(abortSignal, `while ${TableName} was backed up as ${BackupName}`);
      throw translateAwsError(error, { action: "dynamodb:CreateBackup", subject: TableName });
    }
  }

  /** One item is enough to know. `ItemCount` of DescribeTable is up to six hours old, so that it proves nothing. */
  async #hasItems(TableName: string, abortSignal: AbortSignal | undefined): Promise<boolean> {
    const page = await this.#client.send(
      new ScanCommand({ TableName, Limit: 1, Select: "COUNT", ConsistentRead: true }),
      { abortSignal },
    );
    return (page.Count ?? 0) > 0;
  }
}
