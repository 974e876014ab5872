import type { FunctionConfiguration, LogFormat, Runtime } from "@aws-sdk/client-lambda";
import { runtimeVersionArn } from "../../runtime/environment-log.ts";
import { functionArn, type Place } from "./function-names.ts";
import type { VersionRecord } from "./function-records.ts";

/**
 * A version as the API shows it.
 *
 * @param qualifier - ends the ARN; the function's own ARN has none
 */
export function toConfiguration(
  place: Place,
  name: string,
  record: VersionRecord,
  qualifier: string | undefined,
): FunctionConfiguration {
  const { settings, code } = record;
  const { logging } = settings;
  const pending = record.state === "Pending";
  return {
    FunctionName: name,
    FunctionArn: functionArn(place, name, qualifier),
    Runtime: settings.runtime as Runtime,
    Role: settings.role,
    Handler: settings.handler,
    CodeSize: code.size,
    CodeSha256: code.sha256,
    Description: settings.description,
    Timeout: settings.timeoutSeconds,
    MemorySize: settings.memorySizeMb,
    LastModified: new Date(record.lastModified).toISOString().replace("Z", "+0000"),
    Version: record.version,
    ...(Object.keys(settings.variables).length === 0 ? {} : { Environment: { Variables: { ...settings.variables } } }),
    ...(settings.kmsKeyArn === undefined ? {} : { KMSKeyArn: settings.kmsKeyArn }),
    ...(settings.deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: settings.deadLetterArn } }),
    TracingConfig: { Mode: settings.tracingMode },
    RevisionId: record.revisionId,
    State: record.state,
    ...(pending ? { StateReason: "The function is being created.", StateReasonCode: "Creating" as const } : {}),
    ...(pending ? {} : { LastUpdateStatus: record.lastUpdateStatus }),
    ...(record.lastUpdateStatus === "InProgress" ? { LastUpdateStatusReason: "The function is being updated." } : {}),
    PackageType: "Zip",
    Architectures: [code.architecture],
    EphemeralStorage: { Size: settings.ephemeralStorageMb },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(place.region, settings.runtime) },
    LoggingConfig: {
      LogFormat: logging.format as LogFormat,
      LogGroup: logging.group,
      ...(logging.applicationLevel === undefined ? {} : { ApplicationLogLevel: logging.applicationLevel as "INFO" }),
      ...(logging.systemLevel === undefined ? {} : { SystemLogLevel: logging.systemLevel as "INFO" }),
    },
  };
}
