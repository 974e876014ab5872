import type { ActionKind, Proposal } from "@slipway/contracts";
import { ReleaseError } from "../../release-error.ts";
import type { IncidentAction, IncidentRecord } from "../incident-record.ts";
import { endAction } from "../records/end-action.ts";
import { startAction } from "../records/start-action.ts";
import type { IncidentLedger, IncidentRequest } from "../records/write-incident.ts";
import { endInLedger } from "./end-in-ledger.ts";

/** What became of an action. */
export interface ActionEnd {
  readonly outcome: "done" | "failed" | "waits";
  readonly found: string;
  /** The release that it was done by. */
  readonly release?: string;
}

/** Does what a command does, by the same code. */
export interface ActionRunner {
  /** @throws {ReleaseError} `busy` where somebody else changes the environment; `interrupted` when asked to stop */
  run(action: { readonly kind: ActionKind; readonly command: string; readonly because: string }): Promise<ActionEnd>;
}

export interface MitigateRequest extends IncidentRequest {
  readonly proposal: Pick<Proposal, "kind" | "because" | "command">;
  /** Whether no person has asked for it. */
  readonly automatic: boolean;
}

export interface Mitigated {
  readonly record: IncidentRecord;
  readonly action: IncidentAction;
}

/**
 * Does something about an incident, and writes down that it is begun and what came of it. What was begun by a process that was killed is
 * done again under its own number: every action looks at what is there first, and leaves what is done as it is.
 *
 * @throws {ReleaseError} `busy` or `interrupted`: then the action stays begun, and typing the same again goes on with it; when there is no
 *   such incident, or the ledger cannot be read or written
 */
export async function mitigateIncident(
  ledger: IncidentLedger,
  runner: ActionRunner,
  request: MitigateRequest,
): Promise<Mitigated> {
  const { proposal, automatic } = request;
  const { action, entry } = await startAction(ledger, { ...request, ...proposal, automatic });
  const known = entry === undefined ? endInLedger(action, await ledger.read(request.signal)) : undefined;
  const running = known === undefined ? runner.run(action) : Promise.resolve(known);
  const end = await running.catch((error: unknown): ActionEnd => {
    if (error instanceof ReleaseError && error.kind !== "busy" && error.kind !== "interrupted") {
      return { outcome: "failed", found: `${error.what}: ${error.why}` };
    }
    throw error;
  });
  const { record } = await endAction(ledger, { ...request, action: action.id, ...end });
  return { record, action: record.actions.find(({ id }) => id === action.id) ?? action };
}
