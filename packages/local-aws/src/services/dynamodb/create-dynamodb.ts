import { join } from "node:path";
import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { KeyDirectory, MetricSink, ObjectWriter, TagSource } from "../../core/ports.ts";
import { defineService, type Service } from "../../core/service.ts";
import { absentFeatures } from "./absent-features.ts";
import { dynamoDbAccess } from "./access.ts";
import { backupOperations } from "./backup-operations.ts";
import { Backups, backupType } from "./backups.ts";
import { batchOperations } from "./batch-operations.ts";
import { continuousBackupOperations } from "./continuous-backup-operations.ts";
import type { ControlPlane, DynamoDbModule } from "./control-plane.ts";
import type { Body, DataOperation, DataPlane } from "./data-plane.ts";
import { ExpirySweeper } from "./expiry-sweeper.ts";
import { exportOperations } from "./export-operations.ts";
import { Exports } from "./export-records.ts";
import { ExportRunner } from "./export-runner.ts";
import { Filler } from "./filler.ts";
import { itemOperations } from "./item-operations.ts";
import { ItemStore } from "./item-store.ts";
import { Journal } from "./journal.ts";
import { queryOperations } from "./query-operations.ts";
import { Remains } from "./remains.ts";
import { resourcePolicyOperations } from "./resource-policy-operations.ts";
import { restoreOperations } from "./restore-operations.ts";
import { Restorer } from "./restorer.ts";
import { Retention } from "./retention.ts";
import { tableOperations } from "./table-operations.ts";
import { Tables } from "./tables.ts";
import { tagOperations } from "./tag-operations.ts";
import { timeToLiveOperations } from "./time-to-live-operations.ts";
import { Traffic } from "./traffic.ts";
import { transactionOperations } from "./transaction-operations.ts";
import { TransactionTokens } from "./transaction-tokens.ts";
import { updateTableOperation } from "./update-table.ts";
import { WritePath } from "./write-path.ts";

/** What DynamoDB needs of other services. */
export interface DynamoDbDependencies {
  readonly metrics: MetricSink;
  /** Finds the keys that tables are encrypted with; without it, ARNs are taken as they are given. */
  readonly keys?: KeyDirectory;
  /** Writes exports to S3; without it, no bucket is there. */
  readonly objects?: ObjectWriter;
}

/** DynamoDB and its ports. */
export interface DynamoDb {
  readonly service: Service;
  readonly tags: TagSource;
}

/**
 * Starts DynamoDB: control plane in the store's records, items in LevelDB below the store's folder.
 *
 * @throws Error of LevelDB when the folder is damaged or in use by another process
 */
export async function createDynamoDb(core: Core, dependencies: DynamoDbDependencies): Promise<DynamoDb> {
  const store = await ItemStore.open(join(core.store.directory, "dynamodb"));
  const tables = new Tables(core);
  const traffic = new Traffic(dependencies.metrics, core.clock);
  const journal = await Journal.load(store, tables.all());
  const writes = new WritePath(store, journal, core.clock, (seconds) => sweeper.note(seconds));
  const data: DataPlane = { tables, store, writes, journal, traffic, clock: core.clock };
  const sweeper = new ExpirySweeper(data, core.log);
  const filler = new Filler(data, (seconds) => sweeper.note(seconds), core.log);
  const backups = new Backups(core);
  const remains = new Remains(store, tables, backups, core.log);
  const exports = new Exports(core);
  const keeping = { ...data, backups, exports, remains, log: core.log };
  const [restorer, retention] = [new Restorer(keeping), new Retention(keeping)];
  const control: ControlPlane = {
    ...data,
    core,
    filler,
    restorer,
    remains,
    retention,
    backups,
    keys: dependencies.keys,
  };
  const objects = dependencies.objects ?? NO_BUCKETS;
  const exporting = new ExportRunner({ plane: data, exports, objects, log: core.log });
  const tokens = await TransactionTokens.load(store, core.clock);
  await remains.removeAll();
  filler.resume();
  restorer.resume();
  exporting.resume();
  void retention.review();
  void sweeper.sweep();

  const service = defineService<DynamoDbModule>({
    id: "dynamodb",
    signingNames: ["dynamodb"],
    load: () => import("@aws-sdk/client-dynamodb"),
    client: "DynamoDBClient",
    targetPrefixes: ["DynamoDB_20120810"],
    operations: {
      ...tableOperations(control),
      ...updateTableOperation(control),
      ...timeToLiveOperations(control),
      ...absentFeatures(control),
      ...continuousBackupOperations(control),
      ...backupOperations(control),
      ...restoreOperations(control),
      ...exportOperations(control, exports, exporting),
      ...resourcePolicyOperations(control),
      ...tagOperations(control),
    },
    rawJsonOperations: measured(traffic, {
      ...itemOperations(data),
      ...queryOperations(data),
      ...batchOperations(data),
      ...transactionOperations(data, tokens),
    }),
    access: dynamoDbAccess({ core, tables, backups, keys: dependencies.keys }),
    inventory: () => [
      ...tables.all().map(({ name }) => `AWS::DynamoDB::Table ${name}`),
      // AWS's own backups of deleted tables are nobody's to remove.
      ...backups
        .all()
        .filter((backup) => backupType(backup) === "USER")
        .map(({ table, name }) => `AWS::DynamoDB::Backup ${name} of ${table.name}`),
    ],
    onFault: (operation, input, { code, status }) => traffic.failed(tableNameOf(input), operation, code, status),
    close: async () => {
      await Promise.all([sweeper.stop(), filler.stop(), restorer.stop(), retention.stop(), exporting.stop()]);
      await remains.stop();
      traffic.flush();
      await store.close();
    },
  });
  return {
    service,
    tags: {
      taggedResources: () =>
        tables.all().map(({ name, record }) => ({
          arn: tables.arnOf(name),
          type: "dynamodb:table",
          tags: record.tags,
        })),
    },
  };
}

const NO_BUCKETS: ObjectWriter = { put: refuseBucket, upload: refuseBucket };

async function refuseBucket(): Promise<never> {
  throw new AwsError("NoSuchBucket", "The specified bucket does not exist", { status: 404 });
}

/** Counts how requests end and how long they take. */
function measured(
  traffic: Traffic,
  operations: Readonly<Record<string, DataOperation>>,
): Record<string, DataOperation> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]): [string, DataOperation] => [
      name,
      async (body, context) => {
        const started = performance.now();
        try {
          const answer = await operation(body, context);
          const table = tableNameOf(body);
          if (table !== undefined) {
            traffic.succeeded(table, name, performance.now() - started);
          }
          return answer;
        } catch (error) {
          if (error instanceof AwsError) {
            traffic.failed(tableNameOf(body), name, error.code, error.options.status ?? 400);
          }
          throw error;
        }
      },
    ]),
  );
}

/** The table that a request is for; none for those that are for several. */
function tableNameOf(body: Body): string | undefined {
  const name = body.TableName;
  return typeof name === "string" && !name.startsWith("arn:") ? name : undefined;
}
