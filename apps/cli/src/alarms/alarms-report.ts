import type { AlarmEvent, AlarmState, AlarmsReader, ObservedAlarm } from "@slipway/release-engine";
import { nearestNames } from "../terminal/nearest-names.ts";
import { UserError } from "../user-error.ts";

/** An alarm with the states of those that it looks at. */
export interface SeenAlarm extends ObservedAlarm {
  /** `undefined`: there is no such alarm. */
  readonly childStates: readonly { readonly name: string; readonly state: AlarmState | undefined }[];
}

/** The alarms of an environment. Times are milliseconds since the epoch. */
export interface AlarmsReport {
  readonly environment: string;
  readonly target: string;
  /** The time on the target. */
  readonly now: number;
  /** The worst first; those of one state only where that was asked for. */
  readonly alarms: readonly SeenAlarm[];
  /** How many there are in each state, of the one that was named or of all; whichever state was asked for. */
  readonly counts: Readonly<Record<AlarmState, number>>;
  /** Names that the state has and AWS has not: what they should watch, nobody watches. */
  readonly missing: readonly string[];
  /** The newest first; absent where it was not asked for. */
  readonly history?: readonly AlarmEvent[];
}

/** Which alarms, and what of them. */
export interface AlarmsQuestion {
  readonly environment: string;
  readonly target: string;
  readonly now: number;
  /** Of the environment. */
  readonly names: readonly string[];
  /** One of them, or a part of several. */
  readonly name?: string;
  readonly state?: AlarmState;
  readonly historySince?: number;
}

const RANKS: Readonly<Record<AlarmState, number>> = { ALARM: 0, INSUFFICIENT_DATA: 1, OK: 2 };

/**
 * Looks at alarms.
 *
 * @throws UserError when the environment has none, or none of that name
 * @throws ReleaseError when they cannot be read
 */
export async function reportAlarms(
  reader: AlarmsReader,
  { environment, target, now, names, name, state, historySince }: AlarmsQuestion,
  signal: AbortSignal,
): Promise<AlarmsReport> {
  const wanted = name === undefined ? names : alarmsNamed(name, names, environment);
  if (wanted.length === 0) {
    throw new UserError(
      `${environment} has no alarms: its Terraform state names none, so nobody is told when it fails.`,
    );
  }
  const found = await reader.describe(wanted, signal);
  const known = new Map(found.map((alarm) => [alarm.name, alarm]));
  const others = found.flatMap(({ children }) => children).filter((child) => !known.has(child));
  for (const alarm of await reader.describe(others, signal)) {
    known.set(alarm.name, alarm);
  }
  const alarms = found
    .filter((alarm) => state === undefined || alarm.state === state)
    .map(
      (alarm): SeenAlarm => ({
        ...alarm,
        childStates: alarm.children.map((child) => ({ name: child, state: known.get(child)?.state })),
      }),
    )
    .toSorted(worstFirst);
  const history =
    historySince === undefined
      ? undefined
      : (await Promise.all(alarms.map((alarm) => reader.history(alarm.name, historySince, signal)))).flat();
  const count = (wantedState: AlarmState) => found.filter((alarm) => alarm.state === wantedState).length;
  return {
    ...{ environment, target, now, alarms },
    counts: { ALARM: count("ALARM"), INSUFFICIENT_DATA: count("INSUFFICIENT_DATA"), OK: count("OK") },
    missing: wanted.filter((each) => !known.has(each)),
    ...(history === undefined ? {} : { history: history.toSorted((left, right) => right.at - left.at) }),
  };
}

function alarmsNamed(name: string, names: readonly string[], environment: string): readonly string[] {
  const found = names.includes(name) ? [name] : names.filter((each) => each.toLowerCase().includes(name.toLowerCase()));
  if (found.length === 0 && names.length > 0) {
    throw new UserError(`name: ${environment} has no alarm '${name}'. It has ${nearestNames(name, names).join(", ")}.`);
  }
  return found;
}

function worstFirst(left: SeenAlarm, right: SeenAlarm): number {
  const composite = ({ kind }: SeenAlarm) => (kind === "composite" ? 0 : 1);
  return (
    RANKS[left.state] - RANKS[right.state] ||
    composite(left) - composite(right) ||
    right.since - left.since ||
    (left.name < right.name ? -1 : 1)
  );
}
