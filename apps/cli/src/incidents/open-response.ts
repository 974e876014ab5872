import type { Actor } from "@slipway/contracts";
import { type IncidentRecord, InvestigationMemory, type Responded, respondToIncidents } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import type { CommandLedger } from "../ledger/command-ledger.ts";
import { openInvestigation, resourcesOf } from "./open-investigation.ts";
import type { OpenLook } from "./open-look.ts";
import { actionRunner } from "./run-action.ts";

/** What is done about the incidents that are under way. */
export interface IncidentResponder {
  /**
   * @param options.automatic whether anything may be done without a person, as far as the configuration lets it
   * @param options.seen the incidents, as the look before this has left them
   */
  respond(options: {
    readonly by: Actor;
    readonly automatic: boolean;
    readonly seen: readonly IncidentRecord[];
  }): Promise<readonly Responded[]>;
}

/** Opens what finds out about incidents, and does what may be done without a person. */
export function openResponse(place: {
  readonly opened: CommandLedger;
  readonly looking: OpenLook;
  readonly environment: string;
  readonly io: CommandIo;
}): IncidentResponder {
  const { opened, looking, io } = place;
  const { ledger, target, clock } = opened;
  // As they are by now: whoever watches reads them anew before each look.
  const resources = () => resourcesOf(looking.subject);
  const investigation = openInvestigation({ ...place, ports: looking.ports, resources });
  const ports = {
    ...{ ledger, runner: actionRunner(io, target), now: () => clock.now() },
    investigate: (record: IncidentRecord) => investigation.investigate(record),
  };
  const { config } = looking.subject;
  const common = {
    flags: target.flags,
    config: config.incidents,
    memory: new InvestigationMemory(),
    signal: io.signal,
  };
  return { respond: (options) => respondToIncidents(ports, { ...common, ...options }) };
}

/** One line for each incident about which something was done, or could not be. */
export function responseLines(responded: readonly Responded[]): string[] {
  return responded.flatMap(({ incident, mitigated, why }) => {
    if (why !== undefined) {
      return [`${incident}: ${why}; it is tried again with the next look`];
    }
    if (mitigated === undefined) {
      return [];
    }
    const { kind, state, found = "", command } = mitigated.action;
    return [`${incident}: ${kind} ${state}: ${found} (${command})`];
  });
}
