import { validationError } from "../cloudwatch-state.ts";
import type { AlarmsState, CompositeAlarm } from "./alarm.ts";
import { alarmNameOf } from "./alarm-reference.ts";
import { writeAlarms } from "./change-state.ts";
import { parentsOf } from "./select-alarms.ts";
import { recordConfiguration } from "./store-alarm.ts";

const MAX_DELETED = 100;

/**
 * Deletes alarms; names without an alarm are passed over.
 *
 * AWS says that an alarm cannot be deleted while a composite alarm depends on it; local AWS takes it that the alarm whose actions it
 * suppresses is one that depends on it, too.
 *
 * @throws AwsError `ValidationError` for more than one composite alarm, and for an alarm that others depend on; none is deleted then
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html
 */
export function deleteAlarms(state: AlarmsState, names: readonly string[]): void {
  if (names.length > MAX_DELETED) {
    throw validationError(`The collection AlarmNames must not have a size greater than ${MAX_DELETED}.`);
  }
  const doomed = [...new Set(names)].flatMap((name) => state.alarms.get(name) ?? []);
  if (doomed.filter(({ kind }) => kind === "CompositeAlarm").length > 1) {
    throw validationError("No more than one composite alarm can be deleted in one operation.");
  }
  const staying = state.alarms.values().filter(({ name }) => !names.includes(name));
  for (const { name } of doomed) {
    const suppressed = staying.filter(
      (alarm): alarm is CompositeAlarm =>
        alarm.kind === "CompositeAlarm" &&
        alarm.suppressor !== undefined &&
        alarmNameOf(alarm.suppressor.alarm) === name,
    );
    const parents = new Set([...parentsOf(staying, name), ...suppressed].map((parent) => parent.name));
    if (parents.size > 0) {
      throw validationError(
        `Cannot delete ${name} as there are composite alarm(s) depending on it. Alarm(s): [${[...parents].join(", ")}]`,
      );
    }
  }
  writeAlarms(state, () => {
    for (const alarm of doomed) {
      state.alarms.delete(alarm.name);
      recordConfiguration(state, alarm, "deleted");
    }
  });
}
