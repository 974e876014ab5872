import type { StateValue } from "./alarm.ts";

/** Which alarm keeps a composite alarm from acting, and how long it waits for that one; times are in seconds. */
export interface SuppressorSettings {
  /** Name or ARN, as it was given. */
  readonly alarm: string;
  /** How long it waits for the suppressor to go into ALARM before it acts. */
  readonly waitPeriod: number;
  /** How long it holds still after the suppressor has left ALARM. */
  readonly extensionPeriod: number;
}

/** What keeps a composite alarm from acting now. */
export interface Suppression {
  readonly by: "WaitPeriod" | "ExtensionPeriod" | "Alarm";
  /** When the period ends, in milliseconds since the epoch; absent while the suppressor is in ALARM. */
  readonly until?: number;
  /** The state that the alarm last left without having acted; absent when it has nothing to make up for. */
  readonly withheldFrom?: StateValue;
}

/** What can change a suppression. */
export type SuppressionEvent =
  | { readonly kind: "transition"; readonly from: StateValue; readonly suppressorInAlarm: boolean }
  | { readonly kind: "suppressor-in-alarm" }
  | { readonly kind: "suppressor-left-alarm" }
  | { readonly kind: "period-over" };

/** A suppression after an event, and whether the alarm acts now, for the state that it is in. */
export interface SuppressionStep {
  readonly suppression: Suppression | undefined;
  readonly act: boolean;
}

/**
 * Carries a suppression on.
 *
 * ```text
 *   alarm changes its state --> [WaitPeriod] --------------- over --> acts
 *                                    | suppressor goes into ALARM
 *                                    v
 *                               [ Alarm ] -- suppressor leaves --> [ExtensionPeriod] -- over --> acts
 * ```
 *
 * A change of state during either period starts a new WaitPeriod; during `Alarm` it is kept back. When a period ends the alarm acts
 * for the state that it is in by then. AWS does not say what happens when it has changed its state neither during the suppression
 * nor before it without acting; local AWS takes it that there is nothing to act for.
 *
 * @param now - milliseconds since the epoch
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html
 */
export function carrySuppressionOn(
  current: Suppression | undefined,
  event: SuppressionEvent,
  { waitPeriod, extensionPeriod }: SuppressorSettings,
  now: number,
): SuppressionStep {
  const withheld = current?.withheldFrom === undefined ? {} : { withheldFrom: current.withheldFrom };
  switch (event.kind) {
    case "transition": {
      const withheldFrom = event.from;
      if (event.suppressorInAlarm) {
        return { suppression: { by: "Alarm", withheldFrom }, act: false };
      }
      return waitPeriod > 0
        ? { suppression: { by: "WaitPeriod", until: now + waitPeriod * 1000, withheldFrom }, act: false }
        : { suppression: undefined, act: true };
    }
    case "suppressor-in-alarm":
      return { suppression: { by: "Alarm", ...withheld }, act: false };
    case "suppressor-left-alarm":
      if (current?.by !== "Alarm") {
        return { suppression: current, act: false };
      }
      return extensionPeriod > 0
        ? { suppression: { by: "ExtensionPeriod", until: now + extensionPeriod * 1000, ...withheld }, act: false }
        : { suppression: undefined, act: current.withheldFrom !== undefined };
    case "period-over":
      return { suppression: undefined, act: current?.withheldFrom !== undefined };
  }
}
