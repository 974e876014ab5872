import {
  type BackupSummary,
  DeleteBackupCommand,
  DeleteTableCommand,
  DescribeBackupCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ListBackupsCommand,
  RestoreTableFromBackupCommand,
} from "@aws-sdk/client-dynamodb";
import type {
  BackupCatalog,
  BackupDescription,
  BackupRemover,
  BackupRestorer,
  RecoveryWindow,
  TableBackup,
} from "@slipway/release-engine";
import { awsCall } from "../aws-call.ts";
import { errorName } from "../error-name.ts";
import { translateAwsError } from "../translate-aws-error.ts";
import { tableStructure } from "./table-structure.ts";

const KINDS = { USER: "on-demand", AWS_BACKUP: "aws-backup", SYSTEM: "system" } as const;

const TABLE_GONE: readonly string[] = ["TableNotFoundException", "ResourceNotFoundException"];

/** Backups of DynamoDB tables: what there is, restoring to tables that are there for a while, and deleting. */
export class DynamoBackups implements BackupCatalog, BackupRemover, BackupRestorer {
  readonly #client: DynamoDBClient;

  constructor(client: DynamoDBClient) {
    this.#client = client;
  }

  async list(TableName: string, signal?: AbortSignal): Promise<readonly TableBackup[]> {
    const found: TableBackup[] = [];
    let ExclusiveStartBackupArn: string | undefined;
    do {
      // ALL is the user's and AWS Backup's; without it only the user's are listed.
      const request = { TableName, BackupType: "ALL", ExclusiveStartBackupArn } as const;
      const page = await awsCall("dynamodb:ListBackups", TableName, signal, (options) =>
        this.#client.send(new ListBackupsCommand(request), options),
      );
      found.push(...(page.BackupSummaries ?? []).map(backupOf));
      ExclusiveStartBackupArn = page.LastEvaluatedBackupArn;
    } while (ExclusiveStartBackupArn !== undefined);
    return found.sort((left, right) => right.createdAt - left.createdAt);
  }

  async pointInTime(TableName: string, signal?: AbortSignal): Promise<RecoveryWindow | undefined> {
    const recovery = await this.#pointInTimeRecovery(TableName, signal);
    if (recovery?.PointInTimeRecoveryStatus !== "ENABLED") {
      return undefined;
    }
    const { EarliestRestorableDateTime, LatestRestorableDateTime, RecoveryPeriodInDays } = recovery;
    return {
      since: EarliestRestorableDateTime?.getTime() ?? null,
      until: LatestRestorableDateTime?.getTime() ?? null,
      days: RecoveryPeriodInDays ?? null,
    };
  }

  /** Undefined also where the table is gone: its backups are there all the same, and needed most. */
  async #pointInTimeRecovery(TableName: string, signal: AbortSignal | undefined) {
    try {
      const { ContinuousBackupsDescription } = await awsCall(
        "dynamodb:DescribeContinuousBackups",
        TableName,
        signal,
        (options) => this.#client.send(new DescribeContinuousBackupsCommand({ TableName }), options),
      );
      return ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
    } catch (error) {
      if (error instanceof Error && TABLE_GONE.includes(errorName(error.cause))) {
        return undefined;
      }
      throw error;
    }
  }

  async describe(BackupArn: string, signal?: AbortSignal): Promise<BackupDescription> {
    const { BackupDescription: described } = await awsCall("dynamodb:DescribeBackup", BackupArn, signal, (options) =>
      this.#client.send(new DescribeBackupCommand({ BackupArn }), options),
    );
    return {
      items: described?.SourceTableDetails?.ItemCount ?? null,
      bytes: described?.BackupDetails?.BackupSizeBytes ?? 0,
      structure: tableStructure({ ...described?.SourceTableFeatureDetails, ...described?.SourceTableDetails }),
    };
  }

  async remove(BackupArn: string): Promise<"removed" | "gone"> {
    try {
      await this.#client.send(new DeleteBackupCommand({ BackupArn }));
      return "removed";
    } catch (error) {
      // Also when the answer was lost, and the SDK has sent it again.
      if (errorName(error) === "BackupNotFoundException") {
        return "gone";
      }
      throw translateAwsError(error, { action: "dynamodb:DeleteBackup", subject: BackupArn });
    }
  }

  async restore(BackupArn: string, TargetTableName: string): Promise<void> {
    try {
      await this.#client.send(new RestoreTableFromBackupCommand({ BackupArn, TargetTableName }));
    } catch (error) {
      // The name is nobody else's: the answer was lost, and the SDK has sent it again.
      if (["TableAlreadyExistsException", "TableInUseException"].includes(errorName(error))) {
        return;
      }
      throw translateAwsError(error, { action: "dynamodb:RestoreTableFromBackup", subject: BackupArn });
    }
  }

  async state(TableName: string): Promise<"restoring" | "ready" | "deleting" | "none"> {
    try {
      const { Table } = await this.#client.send(new DescribeTableCommand({ TableName }));
      switch (Table?.TableStatus) {
        case "ACTIVE":
          return "ready";
        case "DELETING":
          return "deleting";
        default:
          return "restoring";
      }
    } catch (error) {
      if (errorName(error) === "ResourceNotFoundException") {
        return "none";
      }
      throw translateAwsError(error, { action: "dynamodb:DescribeTable", subject: TableName });
    }
  }

  async removeTable(TableName: string): Promise<void> {
    try {
      await this.#client.send(new DeleteTableCommand({ TableName }));
    } catch (error) {
      if (errorName(error) !== "ResourceNotFoundException") {
        throw translateAwsError(error, { action: "dynamodb:DeleteTable", subject: TableName });
      }
    }
  }
}

function backupOf(summary: BackupSummary): TableBackup {
  return {
    arn: summary.BackupArn ?? "",
    name: summary.BackupName ?? "",
    table: summary.TableName ?? "",
    createdAt: summary.BackupCreationDateTime?.getTime() ?? 0,
    bytes: summary.BackupSizeBytes ?? 0,
    kind: KINDS[summary.BackupType ?? "USER"],
    isUsable: summary.BackupStatus === "AVAILABLE",
  };
}
