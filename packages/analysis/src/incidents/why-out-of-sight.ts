import type { IncidentSignal } from "@slipway/contracts";
import type { IncidentMeasurements } from "./incident-measurements.ts";
import { known } from "./signal-context.ts";

type Source = Exclude<
  keyof IncidentMeasurements,
  "at" | "window" | "read" | "operations" | "dependencies" | "withoutState" | "earlier"
>;

/** What of a signal says where it comes from. */
type SignalOrigin = Pick<IncidentSignal, "kind" | "resource" | "unit" | "fingerprint">;

/**
 * Why nobody knows whether a signal still fires: what tells it could not be read, and it is neither there any more nor gone then; undefined
 * where it could.
 */
export function whyOutOfSight(signal: SignalOrigin, measurements: IncidentMeasurements): string | undefined {
  const source = sourceOf(signal);
  const read = [
    source === undefined ? null : measurements[source],
    refusedOf(signal, measurements),
    signal.kind === "traffic" || (signal.kind === "latency" && signal.unit === "ms")
      ? (measurements.earlier ?? null)
      : null,
    // Timeouts, access logs and whole resources are known by the state alone: what is not seen without it may be there all the same.
    source === undefined ? null : (measurements.withoutState ?? null),
  ];
  return read.flatMap((measured) => (measured !== null && "unknown" in measured ? [measured.unknown] : []))[0];
}

/** What a stage has refused is not among its metrics: the access log tells, by itself. */
function refusedOf({ kind, resource }: SignalOrigin, { stages }: IncidentMeasurements) {
  const isRefused = kind === "throttling" && resource.type === "api";
  return (isRefused && known(stages)?.find(({ name }) => name === resource.name)?.refused) || null;
}

/** What tells a signal; undefined where that is the ledger, without which nothing is looked for. */
export function sourceOf({ kind, resource, unit, fingerprint }: SignalOrigin): Source | undefined {
  switch (kind) {
    case "alarm":
    case "backup":
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
