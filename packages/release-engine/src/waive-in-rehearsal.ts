import type { Evidence } from "@slipway/contracts";
import { waive } from "./waive.ts";

/** What stops a release to AWS and no rehearsal. It holds on the day of the look only: the next rehearsal has to say so again. */
export function waiveInRehearsal(evidence: Evidence, reason: string): Evidence {
  return waive(evidence, { by: "rehearsal", reason, expires: evidence.at.slice(0, 10) });
}
