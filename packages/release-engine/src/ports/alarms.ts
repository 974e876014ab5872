/** States of alarms. */
export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** An alarm as it is now. Times are milliseconds since the epoch. */
export interface ObservedAlarm {
  readonly name: string;
  readonly arn: string;
  readonly kind: "metric" | "composite";
  readonly description?: string;
  readonly state: AlarmState;
  readonly reason: string;
  /** When it came into its state. */
  readonly since: number;
  readonly actionsEnabled: boolean;
  /** ARNs of what is told when it comes into the state ALARM, and OK. */
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
  /** What it looks at, in words: `p99 of AWS/Lambda Duration > 9500 for 1 of 1 periods of 300 s`, or a composite alarm's rule. */
  readonly condition: string;
  /** Names of the alarms that a composite one looks at; empty for others. */
  readonly children: readonly string[];
  /** What periods without data are to it: `missing`, `ignore`, `breaching` or `notBreaching`; absent for a composite one. */
  readonly missingData?: string;
  /** The alarm during which a composite one tells nobody, and why it tells nobody now, where that is so. */
  readonly suppressor?: { readonly alarm: string; readonly suppressedBecause?: string };
}

/** What happened to an alarm. */
export interface AlarmEvent {
  readonly alarm: string;
  readonly at: number;
  readonly kind: "state" | "action" | "configuration";
  /** As CloudWatch says it: `Alarm updated from OK to ALARM`. */
  readonly summary: string;
  /** For a change of state. */
  readonly from?: AlarmState;
  readonly to?: AlarmState;
  /** For an action: whether it was done. */
  readonly succeeded?: boolean;
  /** The reason of a change of state; the topic of an action, or why it failed. */
  readonly detail?: string;
}

/** Reads alarms. */
export interface AlarmsReader {
  /** The alarms of these names that exist. @throws {ReleaseError} when they cannot be read */
  describe(names: readonly string[], signal?: AbortSignal): Promise<readonly ObservedAlarm[]>;
  /** What happened to one since a time, the newest first. @throws {ReleaseError} when it cannot be read */
  history(name: string, since: number, signal?: AbortSignal): Promise<readonly AlarmEvent[]>;
}

/** What became of an alarm that was exercised. */
export interface AlarmDrill {
  readonly alarm: string;
  /** Whether it goes off for data that should make it, and is quiet for data that should not. */
  readonly goesOff: boolean;
  readonly recovers: boolean;
  /** Whether each action was carried out when it went off; empty for an alarm without any. */
  readonly actions: readonly { readonly action: string; readonly succeeded: boolean; readonly detail?: string }[];
  /** One line on what was done and seen. */
  readonly found: string;
}

/** Exercises alarms; only where nobody is woken by it. */
export interface AlarmExerciser {
  /** @throws {ReleaseError} when it cannot be exercised at all */
  exercise(name: string, signal?: AbortSignal): Promise<AlarmDrill>;
}
