import { S3Client } from "@aws-sdk/client-s3";
import type { ResourceType } from "@slipway/contracts";
import type { ResourceScanner, ResourceUseReader, StateSource } from "@slipway/release-engine";
import { otherS3States, type SendCall, s3State } from "../state/state-sources.ts";
import { ScanContext, type ScanContextOptions } from "./scan-context.ts";

/** Everything that a scan of an account needs of AWS. */
export interface Inventory {
  readonly account: string;
  readonly scanners: readonly ResourceScanner[];
  readonly usage: ResourceUseReader;
  /** A state in a bucket, read at the scan's own pace. */
  s3State(name: string, bucket: string, key: string): StateSource;
  /** All other states in a bucket, as one. */
  otherS3States(bucket: string, known: readonly string[]): StateSource;
  /** Closes all connections. */
  destroy(): void;
}

type MakeScanner = (context: ScanContext) => ResourceScanner;

/** A file for each type, loaded when it is asked for: each brings the SDK of its service. */
const scannerOf: Readonly<Record<ResourceType, () => Promise<MakeScanner>>> = {
  "lambda-function": async () => (await import("./scanners/lambda-functions.ts")).lambdaFunctions,
  "dynamodb-table": async () => (await import("./scanners/dynamodb-tables.ts")).dynamodbTables,
  "dynamodb-backup": async () => (await import("./scanners/dynamodb-backups.ts")).dynamodbBackups,
  "s3-bucket": async () => (await import("./scanners/s3-buckets.ts")).s3Buckets,
  "log-group": async () => (await import("./scanners/log-groups.ts")).logGroups,
  "rest-api": async () => (await import("./scanners/rest-apis.ts")).restApis,
  "api-key": async () => (await import("./scanners/api-keys.ts")).apiKeys,
  "usage-plan": async () => (await import("./scanners/usage-plans.ts")).usagePlans,
  "iam-role": async () => (await import("./scanners/iam-roles.ts")).iamRoles,
  "iam-policy": async () => (await import("./scanners/iam-policies.ts")).iamPolicies,
  "oidc-provider": async () => (await import("./scanners/oidc-providers.ts")).oidcProviders,
  "kms-key": async () => (await import("./scanners/kms-keys.ts")).kmsKeys,
  "kms-alias": async () => (await import("./scanners/kms-aliases.ts")).kmsAliases,
  "sns-topic": async () => (await import("./scanners/sns-topics.ts")).snsTopics,
  "sqs-queue": async () => (await import("./scanners/sqs-queues.ts")).sqsQueues,
  schedule: async () => (await import("./scanners/schedules.ts")).schedules,
  "schedule-group": async () => (await import("./scanners/schedules.ts")).scheduleGroups,
  "metric-alarm": async () => (await import("./scanners/alarms.ts")).metricAlarms,
  "composite-alarm": async () => (await import("./scanners/alarms.ts")).compositeAlarms,
  dashboard: async () => (await import("./scanners/dashboards.ts")).dashboards,
  "query-definition": async () => (await import("./scanners/query-definitions.ts")).queryDefinitions,
};

/**
 * Opens an account for a scan.
 *
 * @param types what to make scanners for
 * @throws ReleaseError when AWS does not say whose credentials these are
 */
export async function createInventory(options: ScanContextOptions, types: Iterable<ResourceType>): Promise<Inventory> {
  const context = new ScanContext(options);
  try {
    const [makers, { metricUsageReader }] = await Promise.all([
      Promise.all([...types].map((type) => scannerOf[type]())),
      import("./metric-usage-reader.ts"),
      context.identify(),
    ]);
    const call: SendCall = (action, subject, send) => context.call(action, subject, send);
    const s3 = () => context.client(S3Client);
    return {
      account: context.account,
      scanners: makers.map((make) => make(context)),
      usage: metricUsageReader(context),
      s3State: (name, bucket, key) => s3State(s3(), name, { bucket, key }, call),
      otherS3States: (bucket, known) => otherS3States(s3(), bucket, known, call),
      destroy: () => context.destroy(),
    };
  } catch (error) {
    context.destroy();
    throw error;
  }
}
