import type { DocumentRecord } from "@slipway/contracts";

/** The stretch of time whose changes are exported, and where to. */
export interface ExportRequest {
  /** As AWS calls it. */
  readonly table: string;
  /**
   * Whole seconds, in milliseconds since the epoch; part of the window. AWS takes windows of 15 minutes to 24 hours, not before
   * point-in-time recovery began and not beyond now.
   */
  readonly from: number;
  /** Likewise; not part of the window. */
  readonly to: number;
  readonly bucket: string;
  readonly prefix?: string;
  /** The key of KMS that the files are encrypted with; S3's own unless given. */
  readonly kmsKeyId?: string;
  /** Names the export: who asks again with the same name within eight hours gets the export that is there, unless it failed. */
  readonly token: string;
}

/** An export that is complete. */
export interface FinishedExport {
  readonly arn: string;
  readonly bucket: string;
  /** Key of the summary manifest. */
  readonly manifest: string;
  readonly from: number;
  readonly to: number;
  /** Items that were changed. */
  readonly items: number;
}

/**
 * What became of one item in the window: from before its first change to after its last. An item that was made and deleted again within
 * it is not told of.
 */
export interface ExportedChange {
  readonly key: DocumentRecord;
  /** When it was changed last in the window, in milliseconds since the epoch, with fractions. */
  readonly at: number;
  /** What it was when the window began; absent when it was not there. */
  readonly before?: DocumentRecord;
  /** What it was when the window ended; absent when it was not there any more. */
  readonly after?: DocumentRecord;
}

/** Tells what happened to a table's items, from its journal on AWS (point-in-time recovery). Reads nothing of the table itself. */
export interface TableExports {
  /**
   * Begins an export, or finds the one with this token.
   *
   * @returns its ARN
   * @throws {ReleaseError} when the table keeps no journal, or AWS refuses the window
   */
  start(request: ExportRequest, signal?: AbortSignal): Promise<string>;
  /**
   * Waits until it is complete. AWS takes some minutes at least, and promises nothing.
   *
   * @throws {ReleaseError} when it failed (no such bucket, no right to write there), or is not complete in time: it goes on then, and can be
   *   waited for again
   */
  finished(
    arn: string,
    options?: { readonly signal?: AbortSignal; readonly withinMs?: number },
  ): Promise<FinishedExport>;
  /**
   * All changes, in no order, one at a time. Every file is held against the manifests before the first change is told.
   *
   * @throws {ReleaseError} that names the file, when one is missing, damaged, or has more or less in it than the manifest says
   */
  changes(finished: FinishedExport, signal?: AbortSignal): AsyncIterable<ExportedChange>;
}
