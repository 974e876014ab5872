import type { IncidentImpact, Verdict } from "@slipway/contracts";
import { ReleaseError } from "../../release-error.ts";
import { changeIncident, type IncidentLedger, type IncidentRequest, type IncidentWrite } from "./write-incident.ts";

export interface ResolveRequest extends IncidentRequest {
  /** What the numbers of the last window say: `judgeRecovery`. */
  readonly verdict: Verdict;
  /** ISO time from which on they were good again; where an override says so, the time at which it was said. */
  readonly resolvedAt: string;
  readonly impact?: IncidentImpact;
  /** Why it is over all the same: whoever writes it down answers for it. */
  readonly override?: string;
}

/**
 * Says that an incident is over: that takes a verdict of the numbers that is `successful`, or somebody's word and reason. No data is no
 * good data.
 *
 * @returns without an entry where it is over already
 * @throws {ReleaseError} `conflict` when the numbers do not say so; when there is no such incident, or the ledger cannot be read or written
 */
export function resolveIncident(ledger: IncidentLedger, request: ResolveRequest): Promise<IncidentWrite> {
  const { incident, verdict, resolvedAt, impact, override, flags = "" } = request;
  return changeIncident(ledger, request, ({ state }) => {
    if (state === "resolved" || state === "closed") {
      return undefined;
    }
    if (verdict.status !== "successful" && override === undefined) {
      const next = `slipway incident resolve ${ledger.environment} ${incident}${flags}`;
      throw new ReleaseError({
        kind: "conflict",
        what: `${incident} is not over by its numbers`,
        why: `they are ${verdict.status}: ${verdict.reason}`,
        next: `wait until they were good for a while and type ${next} again; or, where you know better, ${next} --override 'WHY', which stays with your name`,
      });
    }
    // Where the numbers say so, nobody's word is needed.
    const word = verdict.status === "successful" ? {} : { override: override?.trim() };
    return { type: "incident.resolved", incident, resolvedAt, verdict, ...(impact && { impact }), ...word };
  });
}
