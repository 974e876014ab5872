import type { IncidentSignal } from "@slipway/contracts";
import type { IncidentMeasurements } from "./incident-measurements.ts";
import { known } from "./signal-context.ts";

/** Whether a signal is an alarm on numbers that are judged by themselves, too. It looks back further than those that judge a window. */
export function looksBack(
  { kind, resource }: Pick<IncidentSignal, "kind" | "resource">,
  { alarms }: IncidentMeasurements,
): boolean {
  if (kind !== "alarm") {
    return false;
  }
  const alarm = known(alarms)?.find(({ name }) => name === resource.name);
  return alarm !== undefined && (alarm.metric !== "other" || alarm.children.length > 0);
}
