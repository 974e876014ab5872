import type { IncidentImpact, Verdict } from "@slipway/contracts";
import type { IncidentRecord } from "@slipway/release-engine";
import type { OpenIncidents } from "./open-incidents.ts";

/** Whether an incident is over by its numbers. */
export interface Recovery {
  readonly verdict: Verdict;
  /** ISO time from which on they were good; the time of the look, where they are not. */
  readonly resolvedAt: string;
  readonly impact?: IncidentImpact;
}

/** Asks the numbers of the last window. */
export async function measureRecovery(_record: IncidentRecord, { clock }: OpenIncidents): Promise<Recovery> {
  const reason = "the numbers were not measured";
  return {
    verdict: { status: "inconclusive", reason, numbers: {} },
    resolvedAt: new Date(clock.now()).toISOString(),
  };
}
