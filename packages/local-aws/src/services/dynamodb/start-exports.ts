import { gunzipSync } from "node:zlib";
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeExportCommand,
  type DynamoDBClient,
  type ExportDescription,
  ExportTableToPointInTimeCommand,
  type ExportTableToPointInTimeCommandInput,
  UpdateContinuousBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createS3 } from "../s3/create-s3.ts";
import type { DataFile } from "./export-files.ts";
import { EXPORT_MS } from "./export-runner.ts";
import { itemsTable, type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";

/** DynamoDB with S3 beside it and a bucket `exports`, for tests of exports. */
export interface StartedExports {
  readonly db: StartedDynamoDb;
  readonly core: TestCore;
  readonly s3: S3Client;
  /** Makes a table with point-in-time recovery. @returns its ARN */
  recoverable(name: string, more?: Partial<CreateTableCommandInput>): Promise<string>;
  start(
    input: Omit<ExportTableToPointInTimeCommandInput, "S3Bucket"> & { S3Bucket?: string },
    client?: DynamoDBClient,
  ): Promise<ExportDescription>;
  /** Lets an export run to its end. */
  end(exportArn: string | undefined): Promise<ExportDescription>;
  read(key: string): Promise<Buffer>;
  /** The data files that an export's manifest names, with their lines. */
  filesOf(ended: ExportDescription): Promise<(DataFile & { lines: string[] })[]>;
  close(): Promise<void>;
}

/** Starts both on a temporary folder; call `close` when done. */
export async function startExports(core: TestCore = testCore()): Promise<StartedExports> {
  const s3Service = createS3(core);
  const db = await startDynamoDb({ core, objects: s3Service.writer, beside: [s3Service.service] });
  const s3 = new S3Client({ ...db.served.client, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "exports" }));

  const describe = async (ExportArn: string | undefined): Promise<ExportDescription> =>
    (await db.client.send(new DescribeExportCommand({ ExportArn }))).ExportDescription ?? {};
  const read = async (Key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "exports", Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  return {
    ...{ db, core, s3, read },
    async recoverable(name, more = {}) {
      const { TableDescription } = await db.client.send(new CreateTableCommand(itemsTable(name, more)));
      await db.client.send(
        new UpdateContinuousBackupsCommand({
          TableName: name,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      );
      return TableDescription?.TableArn ?? "";
    },
    async start(input, client = db.client) {
      const command = new ExportTableToPointInTimeCommand({ S3Bucket: "exports", ...input });
      return (await client.send(command)).ExportDescription ?? {};
    },
    async end(exportArn) {
      await core.clock.advance(EXPORT_MS);
      for (let waited = 0; waited < 100; waited += 1) {
        const description = await describe(exportArn);
        if (description.ExportStatus !== "IN_PROGRESS") {
          return description;
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`The export ${exportArn} does not end.`);
    },
    async filesOf({ ExportManifest = "" }) {
      const summary = JSON.parse((await read(ExportManifest)).toString()) as { manifestFilesS3Key: string };
      const files = (await read(summary.manifestFilesS3Key)).toString().trimEnd().split("\n");
      return await Promise.all(
        files.map(async (text) => {
          const file = JSON.parse(text) as DataFile;
          const lines = gunzipSync(await read(file.dataFileS3Key)).toString();
          return { ...file, lines: lines === "" ? [] : lines.trimEnd().split("\n") };
        }),
      );
    },
    async close() {
      s3.destroy();
      await db.close();
    },
  };
}
