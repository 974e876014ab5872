import { DynamoDBClient, ListBackupsCommand } from "@aws-sdk/client-dynamodb";
import type { ResourceScanner } from "@slipway/release-engine";
import type { ScanContext } from "../scan-context.ts";

/** What AWS makes, and takes away, by itself. */
const owners: Readonly<Record<string, string>> = {
  SYSTEM: "made by DynamoDB when the table was deleted; it expires by itself",
  AWS_BACKUP: "kept by a vault of AWS Backup",
};

/** On-demand backups. They outlive their table. */
export function dynamodbBackups(context: ScanContext): ResourceScanner {
  const dynamodb = context.client(DynamoDBClient);
  return {
    type: "dynamodb-backup",
    async list(page) {
      const { BackupSummaries = [], LastEvaluatedBackupArn } = await context.call(
        "dynamodb:ListBackups",
        "the backups",
        (options) =>
          dynamodb.send(new ListBackupsCommand({ BackupType: "ALL", ExclusiveStartBackupArn: page }), options),
      );
      return {
        items: BackupSummaries.filter(({ BackupStatus }) => BackupStatus !== "DELETED").map((backup) => ({
          ...{ type: "dynamodb-backup", id: backup.BackupArn ?? "", name: backup.BackupName ?? "" },
          arn: backup.BackupArn ?? "",
          createdAt: backup.BackupCreationDateTime?.getTime(),
          awsOwned: owners[backup.BackupType ?? ""],
          parent: { type: "dynamodb-table", id: backup.TableName ?? "" },
          facts: { bytes: backup.BackupSizeBytes },
        })),
        next: LastEvaluatedBackupArn,
      };
    },
    // The listing says everything; backups of this kind have no tags.
    describe: async (resource) => resource,
  };
}
