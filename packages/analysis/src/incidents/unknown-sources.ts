import type { IncidentMeasurements } from "./incident-measurements.ts";
import { whyProbesSayNothing } from "./probe-signals.ts";
import type { SignalConfig } from "./signal-context.ts";

/** Where something was to be looked up, and why it was not. */
export interface UnknownSource {
  readonly source: string;
  readonly why: string;
  readonly next?: string;
}

/** The sources that say nothing about the environment now: neither that it is well, nor that it is not. */
export function unknownSources(measurements: IncidentMeasurements, config: SignalConfig): UnknownSource[] {
  const { withoutState, earlier, stages, functions, tables, alarms, probes, logs, memory, lock } = measurements;
  const named = {
    "Terraform state": withoutState ?? null,
    "earlier days of the API": earlier ?? null,
    ...{ "metrics of the API": stages, "metrics of the functions": functions, "metrics of the tables": tables },
    ...{ alarms, "our own requests": probes, "logs of the functions": logs, "memory of the functions": memory },
    "lock of the Terraform state": lock,
  };
  const silent = whyProbesSayNothing({ measurements, config });
  return together([
    ...Object.entries(named).flatMap(([source, measured]) =>
      measured !== null && "unknown" in measured
        ? { source, why: measured.unknown, ...(measured.next === undefined ? {} : { next: measured.next }) }
        : [],
    ),
    ...("value" in stages ? stages.value : []).flatMap(({ name, refused }) =>
      refused !== null && "unknown" in refused ? { source: `access log of ${name}`, why: refused.unknown } : [],
    ),
    ...(silent === undefined ? [] : [{ source: "our own requests", why: silent }]),
  ]);
}

/** What was read in one go has one reason. */
function together(unknown: readonly UnknownSource[]): UnknownSource[] {
  return [...Map.groupBy(unknown, ({ why }) => why).values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : { ...first, source: same.map(({ source }) => source).join(", ") };
  });
}
