import type { IncidentSignal } from "@slipway/contracts";
import type { IncidentMeasurements } from "./incident-measurements.ts";

type Source = Exclude<keyof IncidentMeasurements, "at" | "window" | "read" | "operations" | "dependencies">;

/**
 * Whether nobody knows if a signal still fires, because what tells it could not be read: it is neither there any more nor gone then.
 */
export function isOutOfSight(
  signal: Pick<IncidentSignal, "kind" | "resource" | "unit" | "fingerprint">,
  measurements: IncidentMeasurements,
): boolean {
  const source = sourceOf(signal);
  const measured = source === undefined ? null : measurements[source];
  return measured !== null && "unknown" in measured;
}

/** What tells a signal; undefined where that is the ledger, without which nothing is looked for. */
function sourceOf({
  kind,
  resource,
  unit,
  fingerprint,
}: Pick<IncidentSignal, "kind" | "resource" | "unit" | "fingerprint">): Source | undefined {
  switch (kind) {
    case "alarm":
    case "monitoring":
      return "alarms";
    case "probe":
      return "probes";
    case "operations":
      return resource.type === "state" ? "lock" : undefined;
    case "log-errors":
    case "security":
    case "data":
      return "logs";
    case "resources":
      return fingerprint !== undefined ? "logs" : unit === "MB" ? "memory" : "functions";
    default:
      return resource.type === "function" ? "functions" : resource.type === "table" ? "tables" : "stages";
  }
}
