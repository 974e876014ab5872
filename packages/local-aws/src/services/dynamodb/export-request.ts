import { AwsError } from "../../core/aws-error.ts";
import type { InputOf } from "../../core/service.ts";
import { type DynamoDbModule, invalid, refuseMembers } from "./control-plane.ts";
import type { ExportContent, ExportTarget } from "./export-records.ts";
import { requiredRecoveryWindow, wholeSecond } from "./recovery-window.ts";
import type { TableRecord } from "./table.ts";

/** A request for an export. */
export type ExportInput = InputOf<DynamoDbModule, "ExportTableToPointInTime">;

const MINUTE_MS = 60 * 1000;
const SHORTEST_WINDOW_MS = 15 * MINUTE_MS;
const LONGEST_WINDOW_MS = 24 * 60 * MINUTE_MS;
const VIEWS = ["NEW_IMAGE", "NEW_AND_OLD_IMAGES"] as const;

/**
 * Checks what can be told of a request without the table.
 *
 * @throws AwsError `ValidationException`; `NotImplemented` for what local AWS does not have (Amazon Ion, filters)
 */
export function checkExportRequest(input: ExportInput): ExportTarget {
  refuseMembers("ExportTableToPointInTime", input, ["FilterSpecification"]);
  const { ExportType, ExportFormat, ExportTime, S3SseAlgorithm, S3SseKmsKeyId, S3Prefix, S3BucketOwner } = input;
  checkText("tableArn", input.TableArn ?? "", /^.{1,1024}$/s, "have length between 1 and 1024");
  const bucket = input.S3Bucket ?? "";
  checkText(
    "s3Bucket",
    bucket,
    /^(?=.{1,255}$)[a-z0-9A-Z]+[.\-\w]*[a-z0-9A-Z]+$/,
    `satisfy regular expression pattern: ^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$`,
  );
  checkText("s3Prefix", S3Prefix, /^.{1,1024}$/s, "have length between 1 and 1024");
  checkText("s3BucketOwner", S3BucketOwner, /^[0-9]{12}$/, "satisfy regular expression pattern: [0-9]{12}");
  checkText("s3SseKmsKeyId", S3SseKmsKeyId, /^.{1,2048}$/s, "have length between 1 and 2048");
  checkText("clientToken", input.ClientToken, /^[^$]+$/, "satisfy regular expression pattern: ^[^\\$]+$");
  checkChoice("s3SseAlgorithm", S3SseAlgorithm, ["AES256", "KMS"]);
  checkChoice("exportFormat", ExportFormat, ["DYNAMODB_JSON", "ION"]);
  checkChoice("exportType", ExportType, ["FULL_EXPORT", "INCREMENTAL_EXPORT"]);
  checkChoice(
    "incrementalExportSpecification.exportViewType",
    input.IncrementalExportSpecification?.ExportViewType,
    VIEWS,
  );
  if (ExportFormat === "ION") {
    throw new AwsError(
      "NotImplemented",
      "Local AWS does not implement ExportFormat ION of ExportTableToPointInTime: leave it out, or ask for DYNAMODB_JSON.",
    );
  }
  const isIncremental = ExportType === "INCREMENTAL_EXPORT";
  if (isIncremental !== (input.IncrementalExportSpecification !== undefined)) {
    throw invalid(
      isIncremental
        ? "IncrementalExportSpecification must be specified for ExportType INCREMENTAL_EXPORT"
        : "IncrementalExportSpecification can be specified only for ExportType INCREMENTAL_EXPORT",
    );
  }
  if (isIncremental && ExportTime !== undefined) {
    throw invalid("ExportTime can be specified only for ExportType FULL_EXPORT");
  }
  if (isIncremental && input.IncrementalExportSpecification?.ExportFromTime === undefined) {
    throw invalid("ExportFromTime must be specified for ExportType INCREMENTAL_EXPORT");
  }
  if (S3SseKmsKeyId !== undefined && S3SseAlgorithm !== "KMS") {
    throw invalid("S3SseKmsKeyId can be specified only when S3SseAlgorithm is KMS");
  }
  return {
    bucket,
    encryption: {
      algorithm: S3SseAlgorithm ?? "AES256",
      ...(S3SseKmsKeyId === undefined ? {} : { kmsKeyId: S3SseKmsKeyId }),
    },
    ...(S3Prefix === undefined ? {} : { prefix: S3Prefix }),
    ...(S3BucketOwner === undefined ? {} : { bucketOwner: S3BucketOwner }),
  };
}

/**
 * What an export is to have. Times count in whole seconds, as AWS documents them; they must lie in what is kept for point-in-time recovery, and a window be 15 minutes to 24 hours long.
 *
 * @throws AwsError `PointInTimeRecoveryUnavailableException`, `InvalidExportTimeException`
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html
 */
export function exportContent(input: ExportInput, record: TableRecord, now: number): ExportContent {
  const window = requiredRecoveryWindow(record, now);
  const isKept = (at: number) => at >= window.earliest && at <= now;
  const specification = input.IncrementalExportSpecification;
  if (specification === undefined && input.ExportTime === undefined) {
    // All that was written up to now, in this very millisecond, too.
    return { type: "FULL_EXPORT", at: now, before: now + 1 };
  }
  if (specification === undefined) {
    const at = wholeSecond(input.ExportTime?.getTime() ?? Number.NaN);
    if (!isKept(at)) {
      throw invalidTime("Export Time is invalid");
    }
    return { type: "FULL_EXPORT", at, before: at };
  }
  const from = wholeSecond(specification.ExportFromTime?.getTime() ?? Number.NaN);
  const to = wholeSecond(specification.ExportToTime?.getTime() ?? now);
  if (!isKept(from)) {
    throw invalidTime("Export From Time is invalid");
  }
  if (!isKept(to)) {
    throw invalidTime("Export To Time is invalid");
  }
  if (to - from < SHORTEST_WINDOW_MS) {
    throw invalidTime("Difference between export period from time and to time is less than 15 minutes");
  }
  if (to - from > LONGEST_WINDOW_MS) {
    throw invalidTime("Difference between export period from time and to time is greater than 24 hours");
  }
  return { type: "INCREMENTAL_EXPORT", from, to, view: specification.ExportViewType ?? "NEW_AND_OLD_IMAGES" };
}

function invalidTime(message: string): AwsError {
  return new AwsError("InvalidExportTimeException", message);
}

function checkText(member: string, value: string | undefined, pattern: RegExp, constraint: string): void {
  if (value !== undefined && !pattern.test(value)) {
    throw invalid(
      `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${constraint}`,
    );
  }
}

function checkChoice(member: string, value: string | undefined, choices: readonly string[]): void {
  if (value !== undefined && !choices.includes(value)) {
    throw invalid(
      `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${choices.join(", ")}]`,
    );
  }
}
