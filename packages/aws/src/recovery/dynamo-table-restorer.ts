import {
  DescribeTableCommand,
  type DynamoDBClient,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
} from "@aws-sdk/client-dynamodb";
import type { RecoveryWindow, TableRestorer } from "@slipway/release-engine";
import { awsCall } from "../aws-call.ts";
import { errorName } from "../error-name.ts";
import { translateAwsError } from "../translate-aws-error.ts";
import { DynamoBackups } from "./dynamo-backups.ts";

/** What DynamoDB says of a name that a restore has taken already. */
const TAKEN = ["TableAlreadyExistsException", "TableInUseException"];

/** Restores DynamoDB tables to tables of a name that is nobody else's. */
export class DynamoTableRestorer implements TableRestorer {
  readonly #client: DynamoDBClient;
  readonly #remover: DynamoBackups;

  /** @param remover deletes what was restored, for who may */
  constructor(client: DynamoDBClient, remover: DynamoDBClient = client) {
    this.#client = client;
    this.#remover = new DynamoBackups(remover);
  }

  window(table: string, signal?: AbortSignal): Promise<RecoveryWindow | undefined> {
    return new DynamoBackups(this.#client).pointInTime(table, signal);
  }

  async begin(
    SourceTableName: string,
    to: { readonly time: string } | { readonly backup: string },
    TargetTableName: string,
  ): Promise<void> {
    const [action, send] =
      "time" in to
        ? ([
            "dynamodb:RestoreTableToPointInTime",
            () =>
              this.#client.send(
                new RestoreTableToPointInTimeCommand({
                  ...{ SourceTableName, TargetTableName, RestoreDateTime: new Date(to.time) },
                }),
              ),
          ] as const)
        : ([
            "dynamodb:RestoreTableFromBackup",
            () => this.#client.send(new RestoreTableFromBackupCommand({ BackupArn: to.backup, TargetTableName })),
          ] as const);
    try {
      await send();
    } catch (error) {
      // The answer was lost, and the SDK has sent it again.
      if (!TAKEN.includes(errorName(error))) {
        throw translateAwsError(error, { action, subject: SourceTableName });
      }
    }
  }

  state(table: string): Promise<"restoring" | "ready" | "deleting" | "none"> {
    return new DynamoBackups(this.#client).state(table);
  }

  async roughCount(TableName: string, signal?: AbortSignal): Promise<number> {
    const { Table } = await awsCall("dynamodb:DescribeTable", TableName, signal, (options) =>
      this.#client.send(new DescribeTableCommand({ TableName }), options),
    );
    return Table?.ItemCount ?? 0;
  }

  remove(table: string): Promise<void> {
    return this.#remover.removeTable(table);
  }
}
