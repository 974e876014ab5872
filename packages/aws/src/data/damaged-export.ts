import { ReleaseError } from "@slipway/release-engine";

/** Where a file of an export is. */
export interface ExportFile {
  readonly bucket: string;
  readonly key: string;
}

/** The failure of an export whose files are not what they must be. */
export function damagedExport({ bucket, key }: ExportFile, why: string, cause?: unknown): ReleaseError {
  return new ReleaseError(
    {
      kind: "failed",
      what: `The export cannot be read: s3://${bucket}/${key} is not whole`,
      why,
      next: `have the changes exported again, and find out who else writes to ${bucket}`,
    },
    { cause },
  );
}
