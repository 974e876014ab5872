import { ReleaseError } from "../../release-error.ts";
import { changeIncident, type IncidentLedger, type IncidentRequest, type IncidentWrite } from "./write-incident.ts";

/**
 * Says that the paper is done, too.
 *
 * @returns without an entry where it is closed already
 * @throws {ReleaseError} `conflict` when it is not resolved; when there is no such incident, or the ledger cannot be read or written
 */
export function closeIncident(
  ledger: IncidentLedger,
  request: IncidentRequest & { readonly reason: string },
): Promise<IncidentWrite> {
  const { incident, reason, flags = "" } = request;
  return changeIncident(ledger, request, ({ state }) => {
    if (state === "closed") {
      return undefined;
    }
    if (state !== "resolved") {
      throw new ReleaseError({
        kind: "conflict",
        what: `${incident} cannot be closed`,
        why: "it is not resolved yet",
        next: `type slipway incident resolve ${ledger.environment} ${incident}${flags} first`,
      });
    }
    return { type: "incident.closed", incident, reason };
  });
}
