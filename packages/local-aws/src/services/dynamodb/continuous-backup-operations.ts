import type { ContinuousBackupsDescription } from "@aws-sdk/client-dynamodb";
import { AwsError } from "../../core/aws-error.ts";
import type { Clock } from "../../core/clock.ts";
import { type ControlOperations, type ControlPlane, invalid, invalidValues } from "./control-plane.ts";
import { Journal } from "./journal.ts";
import { recordedSince, recoveryWindow } from "./recovery-window.ts";
import { readsJournalOf, type Table, type TableRecord } from "./table.ts";

const LONGEST_PERIOD_DAYS = 35;

/**
 * UpdateContinuousBackups and DescribeContinuousBackups: whether a table can be restored to a point in time, and to which.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
 */
export function continuousBackupOperations(plane: ControlPlane): ControlOperations {
  return {
    UpdateContinuousBackups: ({ TableName, PointInTimeRecoverySpecification: specification }) => {
      const table = plane.tables.forControl(TableName);
      const enabled = specification?.PointInTimeRecoveryEnabled;
      if (enabled === undefined) {
        throw invalid(
          "1 validation error detected: Value null at 'pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled' failed to satisfy constraint: Member must not be null",
        );
      }
      const days = specification?.RecoveryPeriodInDays;
      if (days !== undefined && (!enabled || days < 1 || days > LONGEST_PERIOD_DAYS)) {
        throw invalidValues(
          enabled
            ? `RecoveryPeriodInDays must be between 1 and ${LONGEST_PERIOD_DAYS}`
            : "RecoveryPeriodInDays can be specified only when PointInTimeRecoveryEnabled is true",
        );
      }
      if (table.record.restore?.pending !== undefined) {
        throw new AwsError(
          "ContinuousBackupsUnavailableException",
          `Backups are being enabled for the table: ${table.name}. Please retry later`,
        );
      }
      if (!enabled) {
        checkNotRead(plane, table);
      }
      const current = table.record.pointInTimeRecovery;
      const now = plane.clock.now();
      const record: TableRecord = {
        ...table.record,
        pointInTimeRecovery: enabled
          ? {
              // What a shorter period has let go does not come back with a longer one.
              since: current === undefined ? now : recordedSince(current, now),
              journal: current?.journal ?? Journal.newId(),
              periodDays: days ?? current?.periodDays ?? LONGEST_PERIOD_DAYS,
            }
          : undefined,
      };
      plane.tables.put(record);
      void plane.retention.review();
      if (!enabled) {
        plane.remains.remove(table.storeId);
      }
      return { ContinuousBackupsDescription: describe(record, plane.clock) };
    },

    DescribeContinuousBackups: ({ TableName }) => ({
      ContinuousBackupsDescription: describe(plane.tables.forControl(TableName).record, plane.clock),
    }),
  };
}

/**
 * A restore reads the items where they are, and what they were from the journal: what is written without one would be in it.
 *
 * @throws AwsError `ContinuousBackupsUnavailableException`
 */
function checkNotRead({ tables }: ControlPlane, table: Table): void {
  const reader = tables.restoring().find(({ source }) => readsJournalOf(source, table));
  if (reader !== undefined) {
    throw new AwsError(
      "ContinuousBackupsUnavailableException",
      `Backups of the table ${table.name} are being restored to the table ${reader.table.name}. Please retry when it is ACTIVE, or delete it when its restore failed`,
    );
  }
}

function describe(record: TableRecord, clock: Clock): ContinuousBackupsDescription {
  const window = recoveryWindow(record, clock.now());
  if (window === undefined) {
    return {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "DISABLED" },
    };
  }
  return {
    ContinuousBackupsStatus: "ENABLED",
    PointInTimeRecoveryDescription: {
      PointInTimeRecoveryStatus: "ENABLED",
      RecoveryPeriodInDays: record.pointInTimeRecovery?.periodDays,
      EarliestRestorableDateTime: new Date(window.earliest),
      LatestRestorableDateTime: new Date(window.latest),
    },
  };
}
