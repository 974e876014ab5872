import type { AlarmMeasurement } from "@slipway/analysis";
import type { AlarmEvent, AlarmsReader, ObservedAlarm } from "../../ports/alarms.ts";
import type { WatchedAlarm } from "./watched-alarms.ts";

const DAY_MS = 86_400_000;

/**
 * Looks at the alarms of an environment, and at the last day of those that are in ALARM, or were a moment ago.
 *
 * @param recent since when a change of state is recent
 * @throws {ReleaseError} when they cannot be read
 */
export async function measureAlarmStates(
  reader: AlarmsReader,
  watched: readonly WatchedAlarm[],
  { now, recent, signal }: { readonly now: number; readonly recent: number; readonly signal?: AbortSignal },
): Promise<readonly AlarmMeasurement[]> {
  if (watched.length === 0) {
    return [];
  }
  const described = await reader.describe(
    watched.map(({ name }) => name),
    signal,
  );
  const observed = new Map(described.map((alarm) => [alarm.name, alarm]));
  return Promise.all(
    watched.map(async (alarm): Promise<AlarmMeasurement> => {
      const seen = observed.get(alarm.name);
      const isNews = seen !== undefined && (seen.state === "ALARM" || seen.since >= recent);
      const history = isNews ? await reader.history(alarm.name, now - DAY_MS, signal) : undefined;
      return {
        ...alarm,
        observed: seen === undefined ? null : factsOf(seen),
        wentOff: history === undefined ? null : history.filter(({ to }) => to === "ALARM").length,
        failedActions: failedActions(history ?? []),
      };
    }),
  );
}

function factsOf(alarm: ObservedAlarm): NonNullable<AlarmMeasurement["observed"]> {
  const { state, reason, since, actionsEnabled, alarmActions, description = "" } = alarm;
  const [, severity] = /\bSeverity ([1-4])\b/.exec(description) ?? [];
  return {
    ...{ state, reason, since, actionsEnabled, actions: alarmActions.length },
    ...(severity === undefined ? {} : { severity: Number(severity) as 1 | 2 | 3 | 4 }),
  };
}

/** Those since it last went off: what failed before may have been repaired. */
function failedActions(history: readonly AlarmEvent[]): AlarmMeasurement["failedActions"] {
  const last = history.find(({ to }) => to === "ALARM");
  return last === undefined
    ? []
    : history
        .filter(({ kind, succeeded, at }) => kind === "action" && succeeded === false && at >= last.at)
        .map(({ at, detail, summary }) => ({ at, why: detail ?? summary }));
}
