import type { IncidentSignal } from "@slipway/contracts";
import type { IncidentMeasurements } from "./incident-measurements.ts";
import { known } from "./signal-context.ts";

/** What is down to less than a third of what it was is on its way out. */
const MOST_TIMES_LESS = 3;

/**
 * Whether the error that a signal was about is logged on. What goes on at the same rate is soon no more than in the hour before, and makes no
 * new signal; it is not over by that.
 */
export function isStillLogged(
  { resource, fingerprint, value = 0 }: Pick<IncidentSignal, "resource" | "fingerprint" | "value">,
  { logs }: IncidentMeasurements,
): boolean {
  const error = known(logs)?.errors.find((each) => each.function === resource.name && each.fingerprint === fingerprint);
  return error !== undefined && error.count > 0 && error.count * MOST_TIMES_LESS >= value;
}
