import type { Alarm, CompositeAlarm } from "./alarm.ts";
import { formatDate } from "./format-date.ts";

/** Why a composite alarm is looked at: itself was made or changed, or alarms that it looks at changed their states. */
export type CompositeCause = "created" | "updated" | "children";

/**
 * The reason for a state of a composite alarm, in AWS's words, with the alarms that made it so.
 *
 * @param children - all that it looks at when itself was made or changed, else those that changed; the latest decides the sentence
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function explainComposite(
  alarm: CompositeAlarm,
  state: "OK" | "ALARM",
  cause: CompositeCause,
  children: readonly Alarm[],
): { reason: string; reasonData: string } {
  const latest = children.toSorted((left, right) => right.stateTransitionedAt - left.stateTransitionedAt)[0];
  const reason =
    cause === "children" && latest !== undefined
      ? `${latest.arn} transitioned to ${latest.state} at ${longDate(latest.stateTransitionedAt)}`
      : `${alarm.arn} was ${cause === "created" ? "created" : "updated"} and its alarm rule evaluates to ${state}`;
  const reasonData = JSON.stringify({
    triggeringAlarms: children.map(({ arn, state: value, stateTransitionedAt }) => ({
      arn,
      state: { value, timestamp: formatDate(stateTransitionedAt) },
    })),
  });
  return { reason, reasonData };
}

/** `Friday 22 July, 2022 15:57:45 UTC`. */
function longDate(ms: number): string {
  const date = new Date(ms);
  const part = (options: Intl.DateTimeFormatOptions): string =>
    date.toLocaleDateString("en-US", { ...options, timeZone: "UTC" });
  const day = String(date.getUTCDate()).padStart(2, "0");
  return `${part({ weekday: "long" })} ${day} ${part({ month: "long" })}, ${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)} UTC`;
}
