import type { IncidentSignal } from "@slipway/contracts";
import type { IncidentMeasurements, LockMeasurement } from "./incident-measurements.ts";
import { known, type SignalContext, signalOf } from "./signal-context.ts";

const MINUTE_MS = 60_000;
/** Nobody works on a state for so long without the environment's lease. */
const LONG_LOCKED_MS = 30 * MINUTE_MS;
/** Who goes on with a release takes the lease again within this time. */
const ABANDONED_MS = 5 * MINUTE_MS;
/** A release that stands still in the middle of its traffic, for no approval. */
const LONG_PAUSED_MS = 60 * MINUTE_MS;

/** Signals of what somebody has begun, and nobody goes on with. */
export function operationsSignals({ measurements }: SignalContext): IncidentSignal[] {
  const lock = known(measurements.lock);
  return [
    ...(lock === undefined || lock === null ? [] : (lockSignal(measurements, lock) ?? [])),
    ...unfinishedSignals(measurements),
  ];
}

function lockSignal({ at, operations }: IncidentMeasurements, lock: LockMeasurement): IncidentSignal[] {
  const { location, who, operation, since, abandoned } = lock;
  const isHeld = operations.lease?.state === "held";
  const minutes = Math.floor((at - since) / MINUTE_MS);
  if (abandoned !== true && (abandoned === false || isHeld || at - since < LONG_LOCKED_MS)) {
    return [];
  }
  const because =
    abandoned === true
      ? "its process is known to be dead"
      : "nobody has the environment's lease, and no change takes so long";
  return [
    signalOf("operations", { type: "state", name: location }, Math.min(since, at), {
      what: `the Terraform state ${location} is locked by ${who} (${operation}) for ${minutes} minutes, and ${because}`,
    }),
  ];
}

function unfinishedSignals({ at, operations }: IncidentMeasurements): IncidentSignal[] {
  const { lease, unfinished } = operations;
  const isHeld = lease?.state === "held";
  const signals: IncidentSignal[] = [];
  if (lease !== null && !isHeld && (lease.state === "dead" || at - lease.expiresAt >= ABANDONED_MS)) {
    signals.push(
      signalOf("operations", { type: "lease", name: "lease" }, Math.min(lease.takenAt, at), {
        what: `the environment's lease is still that of ${lease.who}, which ${lease.state === "dead" ? "is dead" : "has not renewed it"}`,
        ...(unfinished === null ? { aside: "nobody waits for it: whoever comes next takes it" } : {}),
      }),
    );
  }
  if (unfinished === null || isHeld) {
    return signals;
  }
  const { release, state, lastAt, step, waitsForPeople } = unfinished;
  const idleMs = at - lastAt;
  const limit = state === "paused" ? LONG_PAUSED_MS : lease?.state === "dead" ? MINUTE_MS : ABANDONED_MS;
  if (idleMs >= limit) {
    signals.push(
      signalOf("operations", { type: "environment", name: release }, lastAt, {
        detail: "unfinished",
        what: `${release} is ${state} at ${step} for ${Math.floor(idleMs / MINUTE_MS)} minutes, and nobody goes on with it`,
        ...(state === "paused" && waitsForPeople ? { aside: "it waits for somebody's word, as it should" } : {}),
      }),
    );
  }
  return signals;
}
