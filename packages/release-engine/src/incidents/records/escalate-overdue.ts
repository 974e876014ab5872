import type { IncidentConfig } from "@slipway/contracts";
import { incidents } from "../incidents.ts";
import { responseClock } from "./response-clock.ts";
import { changeIncident, type IncidentLedger, type IncidentRequest, type IncidentWrite } from "./write-incident.ts";

export interface EscalateRequest extends Omit<IncidentRequest, "incident"> {
  readonly config: Pick<IncidentConfig, "respondWithinMinutes">;
  /** Milliseconds since the epoch, on the target's clock. */
  readonly now: number;
}

/**
 * Writes down which clocks have run out since the last look, for all incidents that nobody has acknowledged. Where several periods went by
 * while nobody looked, the last of them counts: people are told once.
 *
 * @returns what was written; nothing where all clocks are in time
 * @throws {ReleaseError} when the ledger cannot be read or written
 */
export async function escalateOverdue(ledger: IncidentLedger, request: EscalateRequest): Promise<IncidentWrite[]> {
  const { config, now, signal } = request;
  const open = incidents(await ledger.read(signal)).filter(({ state }) => state === "open");
  const written: IncidentWrite[] = [];
  for (const { id: incident } of open) {
    const write = await changeIncident(ledger, { ...request, incident }, (record) => {
      const { escalationsDue, escalationDueAt, dueAt } = responseClock(record, config, now);
      const { escalatedDueAt = "" } = record;
      // By when they were due, not by how many: what is milder now has longer periods, and had more of them.
      if (record.state !== "open" || escalationDueAt === undefined || escalationDueAt <= escalatedDueAt) {
        return undefined;
      }
      const level = Math.max(escalationsDue, record.escalations + 1);
      const minutes = Math.floor((now - Date.parse(dueAt)) / 60_000);
      const late = minutes === 0 ? "just now" : `${minutes.toLocaleString("en-US")} min ago`;
      const reason = `nobody has acknowledged it; it was due ${late}, at ${dueAt}`;
      return { type: "incident.escalated", incident, level, dueAt: escalationDueAt, reason };
    });
    if (write.entry !== undefined) {
      written.push(write);
    }
  }
  return written;
}
