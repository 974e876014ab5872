import type { IncidentConfig, Investigation, LedgerEntry, SourceAnswer } from "@slipway/contracts";
import { ReleaseError } from "../../release-error.ts";
import { isUnderWay } from "../detect/incident-for.ts";
import type { IncidentRecord } from "../incident-record.ts";
import { incidents } from "../incidents.ts";
import { changeIncident, type IncidentLedger, type IncidentRequest } from "../records/write-incident.ts";
import { automaticAction } from "./automatic-action.ts";
import type { InvestigationMemory } from "./investigation-memory.ts";
import { type ActionRunner, type Mitigated, mitigateIncident } from "./mitigate-incident.ts";

/** What was found out about an incident, as far as it is kept. */
export type Findings = Pick<Investigation, "suspects" | "proposal" | "sources">;

export interface ResponsePorts {
  readonly ledger: IncidentLedger;
  readonly runner: ActionRunner;
  /** Finds out what is to blame, and what to do. */
  investigate(record: IncidentRecord): Promise<Findings>;
  /** The target's clock. */
  now(): number;
}

export interface ResponseRequest extends Omit<IncidentRequest, "incident"> {
  readonly config: Pick<IncidentConfig, "automatic">;
  /** Whether anything may be done without a person at all. */
  readonly automatic: boolean;
  /** As the look before this has left them: where none of them needs an answer, nothing is read. */
  readonly seen: readonly IncidentRecord[];
  /** Of the process that looks again and again. */
  readonly memory: InvestigationMemory;
}

/** What was done about the incidents that are under way. */
export interface Responded {
  readonly incident: string;
  readonly mitigated?: Mitigated;
  /** Why it could not be investigated, or nothing could be done just now. */
  readonly why?: string;
}

/**
 * Finds out about each incident that is under way what is to blame and what to do, where there may be something new to find out, writes down
 * what has changed of that, and does it where that may be done without a person. One that cannot be investigated is tried again with the
 * next look.
 *
 * @throws {ReleaseError} when the ledger cannot be read or written; `interrupted` when asked to stop
 */
export async function respondToIncidents(
  ports: ResponsePorts,
  request: ResponseRequest,
): Promise<readonly Responded[]> {
  const { ledger } = ports;
  const { seen, signal } = request;
  const responded: Responded[] = [];
  const entries = seen.some(needsAnswer) ? await ledger.read(signal) : [];
  for (const record of incidents(entries).filter(needsAnswer)) {
    responded.push({ incident: record.id, ...(await respond(ports, request, record, entries)) });
  }
  return responded;
}

/** What does not fire any more is on its way to be resolved: nothing is to be done about it, and nobody to blame anew. */
function needsAnswer(record: IncidentRecord): boolean {
  return isUnderWay(record) && record.signals.some(({ clearedAt }) => clearedAt === undefined);
}

async function respond(
  ports: ResponsePorts,
  request: ResponseRequest,
  record: IncidentRecord,
  entries: readonly LedgerEntry[],
): Promise<Omit<Responded, "incident">> {
  const { ledger, runner } = ports;
  const { memory, automatic, config, by, flags, signal } = request;
  const about = { by, incident: record.id, ...(flags !== undefined && { flags }), ...(signal && { signal }) };
  const actionFor = (of: IncidentRecord) => (automatic ? automaticAction(of, config, ports.now()) : undefined);
  try {
    // Nothing is done on what was found out a while ago.
    if (!memory.isDue(record, entries, ports.now()) && actionFor(record) === undefined) {
      return {};
    }
    const found = await ports.investigate(record);
    memory.keep(record, entries, ports.now());
    const { record: known } = await keepFindings(ledger, about, found);
    const proposal = actionFor(known);
    return proposal === undefined
      ? {}
      : { mitigated: await mitigateIncident(ledger, runner, { ...about, proposal, automatic: true }) };
  } catch (error) {
    if (error instanceof ReleaseError && error.kind !== "interrupted") {
      return { why: `${error.what}: ${error.why}` };
    }
    throw error;
  }
}

/**
 * Writes down what was found out about an incident, where that is another than before: a look each minute would fill the ledger.
 *
 * @throws {ReleaseError} when there is no such incident, or the ledger cannot be read or written
 */
export function keepFindings(
  ledger: IncidentLedger,
  about: IncidentRequest,
  { suspects, proposal, sources }: Findings,
) {
  return changeIncident(ledger, about, (record) => {
    const isSame =
      record.proposal?.kind === proposal.kind &&
      record.proposal.command === proposal.command &&
      record.proposal.safe === proposal.safe &&
      record.suspects[0]?.release === suspects[0]?.release;
    return isSame
      ? undefined
      : {
          ...{ type: "incident.investigated", incident: about.incident, suspects: [...suspects], proposal },
          withoutSources: sources.filter(isSilent).map(({ source, state, why = state }) => ({ source, why })),
        };
  });
}

function isSilent({ state }: SourceAnswer): boolean {
  return state !== "answered";
}
