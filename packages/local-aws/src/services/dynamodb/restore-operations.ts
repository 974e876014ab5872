import type { TableDescription } from "@aws-sdk/client-dynamodb";
import { AwsError } from "../../core/aws-error.ts";
import type { InputOf } from "../../core/service.ts";
import { findBackup } from "./backup-operations.ts";
import { checkName, required } from "./backup-requests.ts";
import {
  type ControlOperations,
  type ControlPlane,
  type DynamoDbModule,
  invalidValues,
  refuseMembers,
} from "./control-plane.ts";
import { describeTable } from "./describe-table.ts";
import { requiredRecoveryWindow, wholeSecond } from "./recovery-window.ts";
import { type RestoreOverrides, restoredRecord } from "./restored-record.ts";
import type { RestoreSource, Table, TableRecord } from "./table.ts";

/** Restores of any kind that an account can have under way. */
const MOST_RESTORES = 50;

/**
 * RestoreTableFromBackup and RestoreTableToPointInTime: both make a new table that is `CREATING` until it has all its items.
 *
 * A restore to a second has what was written before that second: AWS documents for exports that a point in time is the table's
 * state just before it, and for restores only that a second is chosen. Fractions of the second that is asked for do not count.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_IncrementalExportSpecification.html
 */
export function restoreOperations(plane: ControlPlane): ControlOperations {
  return {
    RestoreTableFromBackup: (input) => {
      refuseMembers("RestoreTableFromBackup", input, ["VectorIndexOverride"]);
      const backup = findBackup(plane, input.BackupArn);
      const name = targetName(plane, input.TargetTableName);
      return start(plane, backup.table, name, input, {
        sourceTableArn: plane.tables.arnOf(backup.table.name),
        sourceBackupArn: backup.arn,
        at: backup.createdAt,
        pending: { kind: "backup", storeId: backup.storeId },
      });
    },

    RestoreTableToPointInTime: (input) => {
      refuseMembers("RestoreTableToPointInTime", input, ["VectorIndexOverride"]);
      const { record } = sourceTable(plane, input);
      const name = targetName(plane, input.TargetTableName);
      const at = momentOf(plane, record, input);
      const { restore: _, ...kept } = record;
      return start(plane, record, name, input, {
        sourceTableArn: plane.tables.arnOf(record.name),
        at,
        pending: { kind: "table", record: kept, at },
      });
    },
  };
}

function start(
  plane: ControlPlane,
  source: TableRecord,
  name: string,
  overrides: RestoreOverrides,
  restore: NonNullable<TableRecord["restore"]> & { readonly pending: RestoreSource },
): { TableDescription: TableDescription } {
  const record = restoredRecord(plane, source, name, overrides, restore);
  if (plane.tables.restoring().length >= MOST_RESTORES) {
    throw new AwsError(
      "LimitExceededException",
      `Subscriber limit exceeded: At most ${MOST_RESTORES} restores can run at the same time`,
    );
  }
  const table = plane.restorer.start(record, restore.pending);
  const observer = { store: plane.store, clock: plane.clock, arnOf: (each: string) => plane.tables.arnOf(each) };
  return { TableDescription: describeTable(table, observer) };
}

function targetName(plane: ControlPlane, given: string | undefined): string {
  const name = checkName(given, "targetTableName");
  if (plane.tables.find(name) !== undefined) {
    throw new AwsError("TableAlreadyExistsException", `Table already exists: ${name}`);
  }
  return name;
}

type PointInTimeInput = InputOf<DynamoDbModule, "RestoreTableToPointInTime">;

function sourceTable(plane: ControlPlane, { SourceTableName, SourceTableArn }: PointInTimeInput): Table {
  const given = SourceTableName ?? SourceTableArn;
  if (given === undefined) {
    throw invalidValues("One of SourceTableName and SourceTableArn must be specified");
  }
  if (SourceTableArn !== undefined && plane.tables.nameOf(SourceTableArn) !== plane.tables.nameOf(given)) {
    throw invalidValues(
      `SourceTableName ${SourceTableName} and SourceTableArn ${SourceTableArn} name different tables`,
    );
  }
  return plane.tables.forBackup(required(given, "sourceTableName"));
}

/** The moment to restore to, in milliseconds since the epoch. */
function momentOf(
  plane: ControlPlane,
  record: TableRecord,
  { RestoreDateTime, UseLatestRestorableTime }: PointInTimeInput,
): number {
  if ((RestoreDateTime === undefined) === !(UseLatestRestorableTime ?? false)) {
    throw invalidValues("Either RestoreDateTime or UseLatestRestorableTime must be specified, and not both");
  }
  const window = requiredRecoveryWindow(record, plane.clock.now());
  if (RestoreDateTime === undefined) {
    return window.latest;
  }
  const at = wholeSecond(RestoreDateTime.getTime());
  if (!(at >= window.earliest && at <= window.latest)) {
    throw new AwsError(
      "InvalidRestoreTimeException",
      `RestoreDateTime must be between EarliestRestorableDateTime ${new Date(window.earliest).toISOString()} and LatestRestorableDateTime ${new Date(window.latest).toISOString()}`,
    );
  }
  return at;
}
