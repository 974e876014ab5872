import type { DataFile } from "./export-files.ts";
import type { ExportOutcome, ExportRecord } from "./export-records.ts";

/** Keys of an export's objects: incremental exports share the folder of their data files, full ones have one each. */
export function exportKeys({ id, content, target }: ExportRecord) {
  const root = `${target.prefix === undefined ? "" : `${target.prefix.replace(/\/+$/, "")}/`}AWSDynamoDB`;
  const folder = `${root}/${id}`;
  return {
    started: `${folder}/_started`,
    summary: `${folder}/manifest-summary.json`,
    summaryChecksum: `${folder}/manifest-summary.md5`,
    files: `${folder}/manifest-files.json`,
    filesChecksum: `${folder}/manifest-files.md5`,
    data: content.type === "FULL_EXPORT" ? `${folder}/data` : `${root}/data`,
  };
}

/** `manifest-files.json`: a JSON document in each line. */
export function filesManifest(files: readonly DataFile[]): string {
  return files
    .map(({ itemCount, md5Checksum, etag, dataFileS3Key }) =>
      JSON.stringify({ itemCount, md5Checksum, etag, dataFileS3Key }),
    )
    .map((line) => `${line}\n`)
    .join("");
}

/**
 * `manifest-summary.json`, member by member as AWS writes it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */
export function summaryManifest(
  record: ExportRecord,
  tableArn: string,
  { endedAt, items, billedBytes }: Extract<ExportOutcome, { status: "COMPLETED" }>,
): string {
  const { content, target } = record;
  const isFull = content.type === "FULL_EXPORT";
  return JSON.stringify({
    version: isFull ? "2020-06-30" : "2023-08-01",
    exportArn: record.arn,
    startTime: timeOf(record.startedAt),
    endTime: timeOf(endedAt),
    tableArn,
    tableId: record.table.id,
    ...(isFull
      ? { exportTime: timeOf(content.at) }
      : { exportFromTime: timeOf(content.from), exportToTime: timeOf(content.to) }),
    s3Bucket: target.bucket,
    s3Prefix: target.prefix ?? null,
    s3SseAlgorithm: target.encryption.algorithm,
    s3SseKmsKeyId: target.encryption.kmsKeyId ?? null,
    manifestFilesS3Key: exportKeys(record).files,
    billedSizeBytes: billedBytes,
    itemCount: items,
    outputFormat: "DYNAMODB_JSON",
    ...(isFull ? {} : { outputView: content.view, exportType: content.type }),
  });
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
