import type { Actor, LedgerBody, LedgerEntry } from "@slipway/contracts";
import type { Ledger } from "../../ledger/ledger.ts";
import { ReleaseError } from "../../release-error.ts";
import type { IncidentRecord } from "../incident-record.ts";
import { incidents } from "../incidents.ts";

/** What incidents are written to: the ledger, without its lease, which a release may hold. */
export type IncidentLedger = Pick<Ledger, "environment" | "read" | "appendAfter">;

/** Who writes about which incident. */
export interface IncidentRequest {
  readonly by: Actor;
  /** `i3`. */
  readonly incident: string;
  /** What commands to type next need after the environment's name: ` --local`. */
  readonly flags?: string;
  readonly signal?: AbortSignal;
}

/** What came of it. */
export interface IncidentWrite {
  /** As it is now. */
  readonly record: IncidentRecord;
  /** What was written down; undefined where the ledger said it already, or somebody else was faster. */
  readonly entry: LedgerEntry | undefined;
}

/** What to write of an incident, decided on what the ledger says; without a body, it says it already. */
export interface IncidentDecision {
  readonly incident: string;
  readonly body?: Extract<LedgerBody, { readonly type: `incident.${string}` }>;
}

/**
 * Writes about an incident what was decided on what the ledger says, and decides again where somebody else has written meanwhile: so two
 * processes that see the same do it once, and one that was killed is gone on with by typing the same again.
 *
 * @param decide throws to refuse; may be called several times
 * @throws {ReleaseError} when the ledger cannot be read or written
 */
export async function writeIncident(
  ledger: IncidentLedger,
  { by, signal }: Pick<IncidentRequest, "by" | "signal">,
  decide: (records: readonly IncidentRecord[], entries: readonly LedgerEntry[]) => IncidentDecision,
): Promise<IncidentWrite> {
  for (;;) {
    const entries = await ledger.read(signal);
    const records = incidents(entries);
    const { incident, body } = decide(records, entries);
    if (body === undefined) {
      return { record: recordOf(records, incident), entry: undefined };
    }
    const entry = await ledger.appendAfter(entries.at(-1)?.sequence ?? 0, { by, release: null, body });
    if (entry !== undefined) {
      return { record: recordOf(incidents([...entries, entry]), incident), entry };
    }
  }
}

/** The same for an incident that has to be there, whose id the body gets by itself. */
export function changeIncident(
  ledger: IncidentLedger,
  request: IncidentRequest,
  decide: (record: IncidentRecord) => IncidentDecision["body"],
): Promise<IncidentWrite> {
  const { incident, flags = "" } = request;
  return writeIncident(ledger, request, (records) => {
    const record = records.find(({ id }) => id === incident);
    if (record === undefined) {
      throw new ReleaseError({
        kind: "usage",
        what: `${ledger.environment} has no incident ${incident}`,
        why: records.length === 0 ? "none was ever opened there" : `its last one is ${records.at(-1)?.id}`,
        next: `look at what there is: slipway incident list ${ledger.environment}${flags}`,
      });
    }
    const body = decide(record);
    return { incident, ...(body && { body }) };
  });
}

function recordOf(records: readonly IncidentRecord[], incident: string): IncidentRecord {
  const record = records.find(({ id }) => id === incident);
  if (record === undefined) {
    throw new Error(`the incident ${incident} that was written about is not in the ledger`);
  }
  return record;
}
