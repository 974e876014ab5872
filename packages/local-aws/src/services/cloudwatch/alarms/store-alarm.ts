import type { RequestContext } from "../../../core/service.ts";
import { missing, validationError } from "../cloudwatch-state.ts";
import { checkTags, tagRecord } from "../tags.ts";
import type { Alarm, AlarmsState } from "./alarm.ts";
import { alarmNameOf } from "./alarm-reference.ts";
import { writeAlarms } from "./change-state.ts";
import { describeCompositeAlarm, describeMetricAlarm } from "./describe-alarm.ts";
import { formatDate } from "./format-date.ts";
import type { AlarmConfiguration } from "./put-common.ts";

/**
 * Makes an alarm, or gives one that exists a new configuration: it keeps its state and its tags.
 *
 * @returns its name, and which of the two it was
 * @throws AwsError `ValidationError` when the name is one of an alarm of another kind
 */
export function putAlarm<A extends Alarm>(
  state: AlarmsState,
  configuration: AlarmConfiguration<A>,
  tags: readonly { Key?: string; Value?: string }[] | undefined,
  { region, accountId }: RequestContext,
): { name: string; what: "created" | "updated" } {
  const now = state.core.clock.now();
  const { name, kind } = configuration as { name: string; kind: Alarm["kind"] };
  const existing = state.alarms.get(name);
  if (existing !== undefined && existing.kind !== kind) {
    throw validationError(`An alarm with the name ${name} exists and is of the type ${existing.kind}.`);
  }
  const given = tagRecord(tags ?? []);
  checkTags(given);
  const kept =
    existing === undefined
      ? {
          state: "INSUFFICIENT_DATA" as const,
          stateReason: "Unchecked: Initial alarm creation",
          stateUpdatedAt: now,
          stateTransitionedAt: now,
          tags: given,
        }
      : {
          state: existing.state,
          stateReason: existing.stateReason,
          stateReasonData: existing.stateReasonData,
          stateUpdatedAt: existing.stateUpdatedAt,
          stateTransitionedAt: existing.stateTransitionedAt,
          tags: existing.tags,
        };
  const arn = `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`;
  // A new moment for each configuration, since what is derived from it is remembered by it.
  const configuredAt = Math.max(now, (existing?.configuredAt ?? 0) + 1);
  const alarm = keepSuppression({ ...configuration, ...kept, arn, configuredAt } as unknown as Alarm, existing);
  const what = existing === undefined ? "created" : "updated";
  writeAlarms(state, () => {
    state.alarms.put(name, alarm);
    recordConfiguration(state, alarm, what);
  });
  return { name, what };
}

/** A suppression goes on as long as the suppressor is the same; replacing it discards what it had begun, as AWS says. */
function keepSuppression(alarm: Alarm, existing: Alarm | undefined): Alarm {
  if (alarm.kind === "MetricAlarm" || existing?.kind !== "CompositeAlarm") {
    return alarm;
  }
  const [before, after] = [existing, alarm].map(({ suppressor }) => suppressor && alarmNameOf(suppressor.alarm));
  return before === undefined || before !== after ? alarm : { ...alarm, suppression: existing.suppression };
}

/** Switches the actions of alarms; names without an alarm are passed over. */
export function switchActions(state: AlarmsState, names: readonly string[], enabled: boolean): void {
  if (names.length === 0) {
    throw missing("AlarmNames");
  }
  const now = state.core.clock.now();
  writeAlarms(state, () => {
    for (const alarm of names.flatMap((name) => state.alarms.get(name) ?? [])) {
      const changed = { ...alarm, actionsEnabled: enabled, configuredAt: Math.max(now, alarm.configuredAt + 1) };
      state.alarms.put(alarm.name, changed);
      recordConfiguration(state, changed, "updated");
    }
  });
}

/** Writes into the history what became of an alarm's configuration. */
export function recordConfiguration(state: AlarmsState, alarm: Alarm, what: "created" | "updated" | "deleted"): void {
  const described = alarm.kind === "MetricAlarm" ? describeMetricAlarm(alarm) : describeCompositeAlarm(alarm);
  state.history.add({
    alarm: alarm.name,
    kind: alarm.kind,
    time: state.core.clock.now(),
    type: "ConfigurationUpdate",
    summary: `Alarm "${alarm.name}" ${what}`,
    data: JSON.stringify({
      version: "1.0",
      type: { created: "Create", updated: "Update", deleted: "Delete" }[what],
      [`${what}Alarm`]: inSmallLetters(described),
    }),
  });
}

/** Members as AWS's history names them, which is with a small letter: `alarmName`, `okActions`; dates as text. */
function inSmallLetters(value: unknown): unknown {
  if (value instanceof Date) {
    return formatDate(value.getTime());
  }
  if (Array.isArray(value)) {
    return value.map(inSmallLetters);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => [
      member === "OKActions" ? "okActions" : member.replace(/^./, (first) => first.toLowerCase()),
      inSmallLetters(inner),
    ]),
  );
}
