import type { Investigation } from "@slipway/contracts";
import type { AlarmsReader } from "../../ports/alarms.ts";

/** Alarms whose history is read. */
const MOST_ALARMS = 12;

/**
 * Reads what the alarms of an environment went through since a time, oldest first.
 *
 * @throws {ReleaseError} when they cannot be read
 */
export async function readAlarmEvents(
  alarms: AlarmsReader,
  names: readonly string[],
  since: number,
  signal?: AbortSignal,
): Promise<Investigation["alarms"]> {
  const observed = names.length === 0 ? [] : await alarms.describe(names, signal);
  const moved = observed
    .filter((each) => each.state === "ALARM" || each.since >= since)
    .sort((left, right) => Number(right.state === "ALARM") - Number(left.state === "ALARM") || right.since - left.since)
    .slice(0, MOST_ALARMS);
  const histories = await Promise.all(moved.map(({ name }) => alarms.history(name, since, signal)));
  return histories
    .flat()
    .flatMap(({ alarm, at, kind, to, detail, summary }) =>
      kind === "state" && to !== undefined ? [{ at, alarm, to, reason: detail ?? summary }] : [],
    )
    .sort((left, right) => left.at - right.at)
    .map(({ at, ...event }) => ({ at: new Date(at).toISOString(), ...event }));
}
