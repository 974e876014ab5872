import {
  DescribeExportCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type ExportDescription,
  ExportTableToPointInTimeCommand,
} from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import {
  assertNotInterrupted,
  type Clock,
  type ExportedChange,
  type ExportRequest,
  type FailureKind,
  type FinishedExport,
  ReleaseError,
  systemClock,
  type TableExports,
} from "@slipway/release-engine";
import { dynamoCall } from "./dynamo-call.ts";
import { type CheckedFile, checkDataFile, readDataFile } from "./export-data-files.ts";
import { readManifests } from "./export-manifests.ts";
import { ExportObjects } from "./export-objects.ts";

/** How exports are waited for. */
export interface DynamoTableExportsOptions {
  /** The machine's own unless another is given: AWS is waited for, and not a release's declared time. */
  readonly clock?: Clock;
  /** A body of S3 that brings nothing for so long is given up. */
  readonly idleMs?: number;
}

/** AWS promises nothing; a large table takes its time. */
const WITHIN_MS = 2 * 60 * 60_000;
const FIRST_POLL_MS = 1_000;
const LONGEST_POLL_MS = 20_000;
/** Looks that may fail one after the other: the export goes on meanwhile. */
const FAILED_LOOKS = 5;
/** Exports of one name that may have failed before. */
const MOST_FAILED = 20;

/** Exports of tables on AWS: DynamoDB writes them to S3, from where they are read. */
export class DynamoTableExports implements TableExports {
  readonly #dynamodb: DynamoDBClient;
  readonly #objects: ExportObjects;
  readonly #clock: Clock;

  constructor(
    clients: { readonly dynamodb: DynamoDBClient; readonly s3: Pick<S3Client, "send"> },
    { clock = systemClock, idleMs }: DynamoTableExportsOptions = {},
  ) {
    this.#dynamodb = clients.dynamodb;
    this.#objects = new ExportObjects(clients.s3, idleMs);
    this.#clock = clock;
  }

  async start(request: ExportRequest, signal?: AbortSignal): Promise<string> {
    const { from, to, table } = request;
    if (from % 1000 !== 0 || to % 1000 !== 0) {
      throw new RangeError(`Exports count in whole seconds: got ${from} to ${to}.`);
    }
    const { Table } = await dynamoCall("DescribeTable", table, signal, (options) =>
      this.#dynamodb.send(new DescribeTableCommand({ TableName: table }), options),
    );
    const TableArn = Table?.TableArn ?? table;
    for (let failed = 0; failed <= MOST_FAILED; failed += 1) {
      // A name that belongs to an export that failed would bring back the failure for eight hours.
      const token = failed === 0 ? request.token : `${request.token}-${failed + 1}`;
      const { ExportArn, ExportStatus } = await this.#begin(request, TableArn, token, signal);
      if (ExportArn !== undefined && ExportStatus !== "FAILED") {
        return ExportArn;
      }
    }
    throw new ReleaseError({
      kind: "failed",
      what: `The changes of ${table} could not be exported`,
      why: `${MOST_FAILED + 1} exports of this name have failed in the past eight hours`,
      next: `aws dynamodb list-exports --table-arn ${TableArn}`,
    });
  }

  async finished(
    arn: string,
    { signal, withinMs = WITHIN_MS }: { readonly signal?: AbortSignal; readonly withinMs?: number } = {},
  ): Promise<FinishedExport> {
    const deadline = this.#clock.now() + withinMs;
    let failedLooks = 0;
    for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 1.5, LONGEST_POLL_MS)) {
      const description = await this.#describe(arn, signal).catch((error: unknown) => {
        failedLooks += 1;
        if (!isPassing(error) || failedLooks > FAILED_LOOKS) {
          throw error;
        }
        return undefined;
      });
      if (description?.ExportStatus === "COMPLETED") {
        return finishedExport(arn, description);
      }
      if (description?.ExportStatus === "FAILED") {
        throw failedExport(arn, description);
      }
      failedLooks = description === undefined ? failedLooks : 0;
      if (this.#clock.now() >= deadline) {
        throw new ReleaseError({
          kind: "timeout",
          what: "The export is not complete",
          why: `${arn} is still under way after ${Math.round(withinMs / 60_000)} minutes; it goes on by itself`,
          next: "type the same command again: it waits for the same export",
        });
      }
      await this.#clock.sleep(Math.max(0, Math.min(pause, deadline - this.#clock.now())), signal);
      assertNotInterrupted(
        signal,
        "while the changes were exported",
        "type the same command again: the export goes on by itself, and is found",
      );
    }
  }

  async *changes(finished: FinishedExport, signal?: AbortSignal): AsyncGenerator<ExportedChange> {
    const checked: CheckedFile[] = [];
    for (const file of await readManifests(this.#objects, finished, signal)) {
      checked.push(await checkDataFile(this.#objects, file, signal));
    }
    for (const file of checked) {
      yield* readDataFile(this.#objects, file, signal);
    }
  }

  async #begin(
    { table, from, to, bucket, prefix, kmsKeyId }: ExportRequest,
    TableArn: string,
    ClientToken: string,
    signal: AbortSignal | undefined,
  ): Promise<ExportDescription> {
    const command = new ExportTableToPointInTimeCommand({
      ...{ TableArn, ClientToken, S3Bucket: bucket, ExportFormat: "DYNAMODB_JSON", ExportType: "INCREMENTAL_EXPORT" },
      ...(prefix === undefined ? {} : { S3Prefix: prefix }),
      ...(kmsKeyId === undefined ? {} : { S3SseAlgorithm: "KMS", S3SseKmsKeyId: kmsKeyId }),
      IncrementalExportSpecification: {
        ExportFromTime: new Date(from),
        ExportToTime: new Date(to),
        ExportViewType: "NEW_AND_OLD_IMAGES",
      },
    });
    return dynamoCall("ExportTableToPointInTime", table, signal, async (options) => {
      try {
        const { ExportDescription } = await this.#dynamodb.send(command, options);
        return ExportDescription ?? {};
      } catch (error) {
        throw refusedExport(error, table, from, to) ?? error;
      }
    });
  }

  #describe(ExportArn: string, signal: AbortSignal | undefined): Promise<ExportDescription> {
    return dynamoCall("DescribeExport", ExportArn, signal, async (options) => {
      const { ExportDescription } = await this.#dynamodb.send(new DescribeExportCommand({ ExportArn }), options);
      return ExportDescription ?? {};
    });
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof ReleaseError && ["throttled", "unreachable"].includes(error.kind);
}

function finishedExport(arn: string, description: ExportDescription): FinishedExport {
  const { S3Bucket, ExportManifest, ItemCount, IncrementalExportSpecification: window } = description;
  const [from, to] = [window?.ExportFromTime?.getTime(), window?.ExportToTime?.getTime()];
  if (
    S3Bucket === undefined ||
    ExportManifest === undefined ||
    ItemCount === undefined ||
    from === undefined ||
    to === undefined
  ) {
    throw new ReleaseError({
      kind: "failed",
      what: "The export is complete, but AWS does not say what it has",
      why: `${arn} has no manifest, no count or no window: ${JSON.stringify(description)}`,
      next: `aws dynamodb describe-export --export-arn ${arn}`,
    });
  }
  return { arn, bucket: S3Bucket, manifest: ExportManifest, from, to, items: ItemCount };
}

const FAILURES: Readonly<Record<string, { readonly kind: FailureKind; readonly next: string }>> = {
  S3NoSuchBucket: {
    kind: "not-found",
    next: "make the bucket (it belongs to the bootstrap), then type the same command again",
  },
  S3AccessDenied: {
    kind: "denied",
    next: "allow s3:PutObject, s3:PutObjectAcl and s3:AbortMultipartUpload on the bucket's objects to whoever starts the export, then type the same command again",
  },
};

function failedExport(arn: string, { S3Bucket, FailureCode = "UNKNOWN", FailureMessage = "" }: ExportDescription) {
  const known = FAILURES[FailureCode];
  return new ReleaseError({
    kind: known?.kind ?? "failed",
    what: `The export to ${S3Bucket} failed`,
    why: `${FailureCode}: ${FailureMessage} (${arn})`,
    next: known?.next ?? "correct what AWS names, then type the same command again: a new export is begun",
  });
}

/** What AWS refuses for reasons that have a remedy of their own. */
function refusedExport(error: unknown, table: string, from: number, to: number): ReleaseError | undefined {
  const name = error instanceof Error ? error.name : "";
  const why = error instanceof Error ? `${name}: ${error.message}` : "";
  if (name === "PointInTimeRecoveryUnavailableException") {
    return new ReleaseError(
      {
        kind: "usage",
        what: `The changes of ${table} cannot be told: AWS has kept none`,
        why,
        next: "enable point-in-time recovery of the table for the next time; for now, restore it from a backup",
      },
      { cause: error },
    );
  }
  if (name === "InvalidExportTimeException") {
    const window = `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;
    return new ReleaseError(
      {
        kind: "usage",
        what: `AWS does not export the changes of ${table} from ${window}`,
        why,
        next: "choose a window of 15 minutes to 24 hours, not before point-in-time recovery was enabled and not beyond now",
      },
      { cause: error },
    );
  }
  return undefined;
}
