import { GitSourceHistory } from "@slipway/aws";
import type { Investigation, LedgerEntry } from "@slipway/contracts";
import { type InvestigationRequest, investigateIncident } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import type { CommandLedger } from "../ledger/command-ledger.ts";
import type { OpenLook } from "./open-look.ts";

/** Finds out what is to blame for incidents of an environment. */
export interface OpenInvestigation {
  /** @param entries of the ledger, where it was read a moment ago */
  investigate(incident: InvestigationRequest["incident"], entries?: readonly LedgerEntry[]): Promise<Investigation>;
}

/** Puts together what an investigation asks, of what was opened to look at an environment. */
export function openInvestigation({
  opened,
  looking,
  environment,
  io,
}: {
  readonly opened: Pick<CommandLedger, "ledger" | "repository" | "target" | "clock" | "redactor">;
  readonly looking: Pick<OpenLook, "ports" | "subject">;
  readonly environment: string;
  readonly io: Pick<CommandIo, "env" | "signal">;
}): OpenInvestigation {
  const { ledger, repository, target, clock, redactor } = opened;
  const { metrics, logs, alarms } = looking.ports;
  const source = new GitSourceHistory(repository, io.env);
  return {
    async investigate(incident, entries) {
      // As they are by now: whoever watches reads them anew before each look.
      const { resources, config } = looking.subject;
      const found = await investigateIncident(
        {
          ...{ metrics, logs, alarms, source, clock },
          readEntries: async (signal) => entries ?? (await ledger.read(signal)),
        },
        { environment, flags: target.flags, resources, config, incident, signal: io.signal },
      );
      // What is said of it, such as the subjects of commits, is shown and written down.
      return redactor.json(found);
    },
  };
}
