import { createHash, randomBytes } from "node:crypto";
import type { ExportDescription, ExportSummary } from "@aws-sdk/client-dynamodb";
import { AwsError } from "../../core/aws-error.ts";
import type { InputOf } from "../../core/service.ts";
import { type ControlOperations, type ControlPlane, type DynamoDbModule, invalid } from "./control-plane.ts";
import type { ExportContent, ExportRecord, Exports } from "./export-records.ts";
import { checkExportRequest, type ExportInput, exportContent } from "./export-request.ts";
import type { ExportRunner } from "./export-runner.ts";
import { wholeSecond } from "./recovery-window.ts";
import type { Table } from "./table.ts";

/** A token is remembered for so long. */
const REMEMBERED_MS = 8 * 60 * 60 * 1000;
/** Exports that an account may have under way. */
const MOST_UNDER_WAY = 300;
const MOST_LISTED = 25;

/**
 * ExportTableToPointInTime, DescribeExport and ListExports. What S3 refuses (a bucket that is not there, a caller who may not write to it)
 * makes an export fail after it has started, as on AWS.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.HowItWorks.html
 */
export function exportOperations(plane: ControlPlane, exports: Exports, runner: ExportRunner): ControlOperations {
  return {
    ExportTableToPointInTime: (input, { principal }) => {
      const target = checkExportRequest(input);
      const now = plane.clock.now();
      const digest = digestOf(input);
      const known = exports
        .recent()
        .find(({ clientToken, startedAt }) => clientToken === input.ClientToken && startedAt > now - REMEMBERED_MS);
      if (known !== undefined && input.ClientToken !== undefined) {
        if (known.digest !== digest) {
          throw new AwsError(
            "ExportConflictException",
            `Duplicate request detected: the client token ${input.ClientToken} was used with other parameters in the past 8 hours`,
          );
        }
        return { ExportDescription: describe(plane, known) };
      }
      const table = tableOf(plane, input.TableArn);
      const content = exportContent(input, table.record, now);
      if (exports.underWay().length >= MOST_UNDER_WAY) {
        throw new AwsError(
          "LimitExceededException",
          `Subscriber limit exceeded: At most ${MOST_UNDER_WAY} exports can run at the same time`,
        );
      }
      // Incremental exports begin at whole seconds.
      const startedAt = content.type === "FULL_EXPORT" ? now : wholeSecond(now);
      const id = `${String(startedAt).padStart(14, "0")}-${randomBytes(4).toString("hex")}`;
      const record: ExportRecord = {
        ...{ arn: `${plane.tables.arnOf(table.name)}/export/${id}`, id, startedAt, content, target, digest, principal },
        table: { name: table.name, id: table.record.id, journal: table.record.pointInTimeRecovery?.journal ?? "" },
        clientToken: input.ClientToken,
      };
      exports.put(record);
      runner.start(record);
      return { ExportDescription: describe(plane, record) };
    },

    DescribeExport: ({ ExportArn }) => {
      const arn = ExportArn ?? "";
      if (!/^arn:[^:]+:dynamodb:[^:]*:\d{12}:table\/[^/]+\/export\/[^/]+$/.test(arn)) {
        throw invalid("Invalid Export ARN");
      }
      const record = exports.find(arn);
      if (record === undefined) {
        throw new AwsError("ExportNotFoundException", `Export not found: ${arn}`);
      }
      return { ExportDescription: describe(plane, record) };
    },

    ListExports: (input) => list(exports, input),
  };
}

/** Exports want an ARN. */
function tableOf(plane: ControlPlane, arn: string | undefined): Table {
  const name = plane.tables.nameOf(arn ?? "");
  if (name === arn) {
    throw invalid(`Invalid table ARN: ${arn}`);
  }
  return plane.tables.forBackup(arn ?? "");
}

/** Names all that was asked for, in whatever order the members came. */
function digestOf({ ClientToken: _, ...input }: ExportInput): string {
  const text = JSON.stringify(input, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  );
  return createHash("sha256").update(text).digest("base64");
}

function list(
  exports: Exports,
  { TableArn, MaxResults, NextToken }: InputOf<DynamoDbModule, "ListExports">,
): { ExportSummaries: ExportSummary[]; NextToken?: string } {
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > MOST_LISTED)) {
    throw invalid(
      `1 validation error detected: Value '${MaxResults}' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and ${MOST_LISTED}`,
    );
  }
  const matching = exports
    .recent()
    .filter(({ arn }) => TableArn === undefined || arn.startsWith(`${TableArn}/export/`))
    .filter(({ arn }) => NextToken === undefined || arn > NextToken);
  const page = matching.slice(0, MaxResults ?? MOST_LISTED);
  return {
    ExportSummaries: page.map(({ arn, content, outcome }) => ({
      ExportArn: arn,
      ExportStatus: outcome?.status ?? "IN_PROGRESS",
      ExportType: content.type,
    })),
    ...(page.length < matching.length ? { NextToken: page.at(-1)?.arn } : {}),
  };
}

function describe(plane: ControlPlane, record: ExportRecord): ExportDescription {
  const { arn, startedAt, table, target, clientToken, outcome } = record;
  return {
    ExportArn: arn,
    ExportStatus: outcome?.status ?? "IN_PROGRESS",
    StartTime: new Date(startedAt),
    TableArn: plane.tables.arnOf(table.name),
    TableId: table.id,
    ...describeContent(record.content),
    ...(clientToken === undefined ? {} : { ClientToken: clientToken }),
    S3Bucket: target.bucket,
    ...(target.bucketOwner === undefined ? {} : { S3BucketOwner: target.bucketOwner }),
    ...(target.prefix === undefined ? {} : { S3Prefix: target.prefix }),
    S3SseAlgorithm: target.encryption.algorithm,
    ...(target.encryption.kmsKeyId === undefined ? {} : { S3SseKmsKeyId: target.encryption.kmsKeyId }),
    ExportFormat: "DYNAMODB_JSON",
    ...describeOutcome(record),
  };
}

function describeContent(content: ExportContent): ExportDescription {
  return content.type === "FULL_EXPORT"
    ? { ExportType: content.type, ExportTime: new Date(content.at) }
    : {
        ExportType: content.type,
        IncrementalExportSpecification: {
          ExportFromTime: new Date(content.from),
          ExportToTime: new Date(content.to),
          ExportViewType: content.view,
        },
      };
}

function describeOutcome({ outcome }: ExportRecord): ExportDescription {
  if (outcome === undefined) {
    return {};
  }
  const EndTime = new Date(outcome.endedAt);
  return outcome.status === "FAILED"
    ? { EndTime, FailureCode: outcome.code, FailureMessage: outcome.message }
    : {
        EndTime,
        ExportManifest: outcome.manifest,
        ItemCount: outcome.items,
        BilledSizeBytes: outcome.billedBytes,
      };
}
