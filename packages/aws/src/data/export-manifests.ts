import { createHash } from "node:crypto";
import { type FinishedExport, ReleaseError } from "@slipway/release-engine";
import { damagedExport, type ExportFile } from "./damaged-export.ts";
import type { ExportObjects } from "./export-objects.ts";

/** A data file, as the manifest has it. */
export interface ManifestFile extends ExportFile {
  readonly items: number;
  /** In base64. */
  readonly md5: string;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The data files of an incremental export with both images, after both manifests have been held against their checksums, each other, and what
 * DescribeExport said.
 *
 * AWS's documentation names the checksums `manifest-*.checksum`; what AWS writes is called `manifest-*.md5`.
 *
 * @throws {ReleaseError} that names the file that is missing or says something else
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */
export async function readManifests(
  objects: ExportObjects,
  { arn, bucket, manifest, from, to, items }: FinishedExport,
  signal: AbortSignal | undefined,
): Promise<readonly ManifestFile[]> {
  const summaryFile = { bucket, key: manifest };
  const summary = parse(summaryFile, await readChecked(objects, summaryFile, signal));
  const expected: Json = {
    exportArn: arn,
    exportType: "INCREMENTAL_EXPORT",
    outputFormat: "DYNAMODB_JSON",
    outputView: "NEW_AND_OLD_IMAGES",
    itemCount: items,
  };
  for (const [member, value] of Object.entries(expected)) {
    if (summary[member] !== value) {
      throw damagedExport(
        summaryFile,
        `its ${member} is ${JSON.stringify(summary[member])}, and not ${JSON.stringify(value)}`,
      );
    }
  }
  for (const [member, value] of Object.entries({ exportFromTime: from, exportToTime: to })) {
    if (Date.parse(String(summary[member])) !== value) {
      const wanted = new Date(value).toISOString();
      throw damagedExport(summaryFile, `its ${member} is ${JSON.stringify(summary[member])}, and not ${wanted}`);
    }
  }
  const { manifestFilesS3Key } = summary;
  if (typeof manifestFilesS3Key !== "string") {
    throw damagedExport(summaryFile, "it names no manifestFilesS3Key");
  }
  const listFile = { bucket, key: manifestFilesS3Key };
  const lines = (await readChecked(objects, listFile, signal)).split("\n").filter((line) => line !== "");
  const files = lines.map((line, index) => manifestFile(listFile, line, index + 1));
  const listed = files.reduce((sum, file) => sum + file.items, 0);
  if (listed !== items) {
    throw damagedExport(listFile, `its files have ${listed} items, and the export has ${items}`);
  }
  return files;
}

function manifestFile(listFile: ExportFile, line: string, number: number): ManifestFile {
  const { itemCount, md5Checksum, dataFileS3Key } = parse(listFile, line, `line ${number} of it`);
  if (typeof itemCount !== "number" || typeof md5Checksum !== "string" || typeof dataFileS3Key !== "string") {
    throw damagedExport(listFile, `line ${number} of it lacks itemCount, md5Checksum or dataFileS3Key`);
  }
  return { bucket: listFile.bucket, key: dataFileS3Key, items: itemCount, md5: md5Checksum };
}

/** The text of a manifest, after it has been held against its checksum. */
async function readChecked(objects: ExportObjects, file: ExportFile, signal: AbortSignal | undefined): Promise<string> {
  const bytes = await objects.readAll(file, signal);
  const expected = (await readChecksum(objects, file, signal)).trim();
  const md5 = createHash("md5").update(bytes).digest("base64");
  if (md5 !== expected) {
    throw damagedExport(file, `its MD5 is ${md5}, and its checksum file says ${expected}`);
  }
  return bytes.toString("utf8");
}

async function readChecksum(
  objects: ExportObjects,
  file: ExportFile,
  signal: AbortSignal | undefined,
): Promise<string> {
  const named = (extension: string) => ({ bucket: file.bucket, key: file.key.replace(/\.json$/, extension) });
  try {
    return (await objects.readAll(named(".md5"), signal)).toString("utf8");
  } catch (error) {
    if (!(error instanceof ReleaseError) || !["failed", "denied"].includes(error.kind)) {
      throw error;
    }
    return (await objects.readAll(named(".checksum"), signal).catch(() => Promise.reject(error))).toString("utf8");
  }
}

function parse(file: ExportFile, text: string, what = "it"): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Json;
    }
  } catch {
    // Told below.
  }
  throw damagedExport(file, `${what} is no JSON object`);
}
