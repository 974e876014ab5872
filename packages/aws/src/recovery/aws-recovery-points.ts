import { DescribeContinuousBackupsCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetBucketVersioningCommand, type S3Client } from "@aws-sdk/client-s3";
import { assertNotInterrupted, type RecoveryPoints, type TableRecoveryPoints } from "@slipway/release-engine";
import { translateAwsError } from "../translate-aws-error.ts";
import { newestBackup } from "./newest-backup.ts";

/** What AWS keeps of tables and of the bucket with the states. */
export class AwsRecoveryPoints implements RecoveryPoints {
  readonly #clients: { readonly dynamodb: DynamoDBClient; readonly s3: S3Client };
  readonly #stateBucket: () => string;

  /** @param stateBucket may throw a ReleaseError where nobody knows which it is */
  constructor(clients: { readonly dynamodb: DynamoDBClient; readonly s3: S3Client }, stateBucket: () => string) {
    this.#clients = clients;
    this.#stateBucket = stateBucket;
  }

  async ofTable(TableName: string, abortSignal?: AbortSignal): Promise<TableRecoveryPoints> {
    const { dynamodb } = this.#clients;
    try {
      const { ContinuousBackupsDescription } = await dynamodb.send(
        new DescribeContinuousBackupsCommand({ TableName }),
        { abortSignal },
      );
      const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
      if (recovery?.PointInTimeRecoveryStatus === "ENABLED") {
        const since = recovery.EarliestRestorableDateTime?.getTime() ?? null;
        const until = recovery.LatestRestorableDateTime?.getTime() ?? null;
        // Who may only plan may not list backups, and here they decide nothing.
        return { pointInTime: { since, until }, newestBackup: null };
      }
      return { pointInTime: null, newestBackup: await newestBackup(dynamodb, TableName, abortSignal) };
    } catch (error) {
      assertNotInterrupted(abortSignal, `while the backups of ${TableName} were looked at`);
      throw translateAwsError(error, { action: "a look at backups", subject: TableName });
    }
  }

  async ofStates(abortSignal?: AbortSignal): Promise<{ bucket: string; versioning: "on" | "off" }> {
    const bucket = this.#stateBucket();
    try {
      const { Status } = await this.#clients.s3.send(new GetBucketVersioningCommand({ Bucket: bucket }), {
        abortSignal,
      });
      return { bucket, versioning: Status === "Enabled" ? "on" : "off" };
    } catch (error) {
      assertNotInterrupted(abortSignal, `while ${bucket} was looked at`);
      throw translateAwsError(error, { action: "s3:GetBucketVersioning", subject: bucket });
    }
  }
}
