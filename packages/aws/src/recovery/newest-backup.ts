import { type DynamoDBClient, ListBackupsCommand } from "@aws-sdk/client-dynamodb";

/** The newest on-demand backup of a table that can be restored; null where there is none. Throws what the SDK throws. */
export async function newestBackup(
  client: DynamoDBClient,
  TableName: string,
  abortSignal: AbortSignal | undefined,
): Promise<{ readonly arn: string; readonly createdAt: number } | null> {
  let newest: { arn: string; createdAt: number } | null = null;
  let ExclusiveStartBackupArn: string | undefined;
  do {
    const page = await client.send(new ListBackupsCommand({ TableName, ExclusiveStartBackupArn }), { abortSignal });
    for (const { BackupArn, BackupStatus, BackupCreationDateTime } of page.BackupSummaries ?? []) {
      const createdAt = BackupCreationDateTime?.getTime() ?? 0;
      if (BackupStatus === "AVAILABLE" && BackupArn !== undefined && createdAt > (newest?.createdAt ?? -1)) {
        newest = { arn: BackupArn, createdAt };
      }
    }
    ExclusiveStartBackupArn = page.LastEvaluatedBackupArn;
  } while (ExclusiveStartBackupArn !== undefined);
  return newest;
}
