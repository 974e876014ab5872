import type { IncidentSignal } from "@slipway/contracts";
import type { IncidentMeasurements } from "./incident-measurements.ts";
import { looksBack } from "./looks-back.ts";
import { sourceOf } from "./why-out-of-sight.ts";

/**
 * Whether a look tells of the whole window that it judges if a signal fired in it. Otherwise it tells of its own moment only, as of most alarms'
 * states, and what was between two looks nobody knows.
 */
export function isSeenOverWindow(
  signal: Pick<IncidentSignal, "kind" | "resource" | "unit" | "fingerprint">,
  measurements: IncidentMeasurements,
): boolean {
  const source = sourceOf(signal);
  return (
    looksBack(signal, measurements) ||
    (source !== undefined && ["stages", "functions", "tables", "logs", "memory"].includes(source))
  );
}
