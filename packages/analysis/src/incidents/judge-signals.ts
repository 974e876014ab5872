import type { IncidentSignal } from "@slipway/contracts";
import { alarmSignals } from "./alarm-signals.ts";
import { earlierDaysSignals } from "./earlier-days-signals.ts";
import type { IncidentMeasurements } from "./incident-measurements.ts";
import { logSignals } from "./log-signals.ts";
import { operationsSignals } from "./operations-signals.ts";
import { probeSignals } from "./probe-signals.ts";
import type { SignalConfig } from "./signal-context.ts";
import { trafficSignals } from "./traffic-signals.ts";

/**
 * What is not as it should be, by what was measured, each with its numbers and limits. A source that could not be read makes no signal, and
 * says nothing against one: what is unknown is told by `unknownSources`.
 *
 * A signal with `aside` opens no incident by itself: something else explains it, such as a canary that is being judged.
 */
export function judgeSignals(measurements: IncidentMeasurements, config: SignalConfig): IncidentSignal[] {
  const context = { measurements, config };
  return [
    ...trafficSignals(context),
    ...earlierDaysSignals(context),
    ...probeSignals(context),
    ...alarmSignals(context),
    ...logSignals(context),
    ...operationsSignals(context),
  ];
}
