import type { MeasuredValue, ValidationAlarm } from "@slipway/contracts";
import type { AlarmExerciser, AlarmsReader, ObservedAlarm } from "../ports/alarms.ts";
import { attempt } from "./attempt.ts";

const DAY_MS = 86_400_000;
/** CloudWatch keeps the history of an alarm for 30 days. */
const HISTORY_DAYS = 30;

/** With what alarms are looked at. */
export interface AlarmPorts {
  readonly alarms: AlarmsReader;
  /** Absent where alarms wake people: there, they are only looked at. */
  readonly exerciser?: AlarmExerciser;
}

/**
 * Looks at each alarm as it is, and then exercises it, where that can be done.
 *
 * @throws {ReleaseError} when alarms cannot be read; that one cannot be exercised is part of what was measured
 */
export async function measureAlarms(
  { alarms, exerciser }: AlarmPorts,
  names: readonly string[],
  now: number,
  signal: AbortSignal | undefined,
): Promise<ValidationAlarm[]> {
  const observed = new Map((await alarms.describe(names, signal)).map((alarm) => [alarm.name, alarm]));
  const measured: ValidationAlarm[] = [];
  for (const name of names) {
    const alarm = observed.get(name);
    const history = alarm === undefined ? [] : await alarms.history(name, now - HISTORY_DAYS * DAY_MS, signal);
    const last = history.find(({ kind }) => kind === "state");
    measured.push({
      name,
      observed: alarm === undefined ? null : factsOf(alarm),
      lastTransition: last === undefined ? null : { at: new Date(last.at).toISOString(), summary: last.summary },
      drill: null,
    });
  }
  if (exerciser === undefined) {
    return measured;
  }
  // One after the other: a drill moves the alarm, and with it those that look at it.
  for (const [index, each] of measured.entries()) {
    if (each.observed !== null) {
      measured[index] = { ...each, drill: await exercise(exerciser, each.name, signal) };
    }
  }
  return measured;
}

function factsOf(alarm: ObservedAlarm): NonNullable<ValidationAlarm["observed"]> {
  const { kind, state, reason, since, actionsEnabled, alarmActions, children } = alarm;
  return {
    ...{ kind, state, reason, actionsEnabled },
    since: new Date(since).toISOString(),
    alarmActions: [...alarmActions],
    children: [...children],
  };
}

type Drill = Extract<NonNullable<ValidationAlarm["drill"]>, { value: unknown }>["value"];

function exercise(
  exerciser: AlarmExerciser,
  name: string,
  signal: AbortSignal | undefined,
): Promise<MeasuredValue<Drill>> {
  return attempt(async () => {
    const { goesOff, recovers, actions, found } = await exerciser.exercise(name, signal);
    return {
      ...{ goesOff, recovers, found },
      actions: actions.map(({ action, succeeded, detail }) => ({
        ...{ action, succeeded },
        ...(detail === undefined ? {} : { detail }),
      })),
    };
  }, signal);
}
