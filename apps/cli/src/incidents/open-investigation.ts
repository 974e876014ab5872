import { GitSourceHistory } from "@slipway/aws";
import type { Investigation, LedgerEntry } from "@slipway/contracts";
import {
  type IncidentPorts,
  type InvestigationRequest,
  investigateIncident,
  type MonitoredResources,
  ReleaseError,
} from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import type { CommandLedger } from "../ledger/command-ledger.ts";
import { LedgerCopy } from "../ledger/ledger-copy.ts";
import { localLedgerFolder } from "../ledger/local-folder.ts";
import type { LookSubject } from "./open-look.ts";

/** Finds out what is to blame for incidents of an environment. */
export interface OpenInvestigation {
  /** @param entries of the ledger, where it was read a moment ago, or could not be */
  investigate(
    incident: InvestigationRequest["incident"],
    entries?: readonly LedgerEntry[] | ReleaseError,
  ): Promise<Investigation>;
}

/** Puts together what an investigation asks. */
export function openInvestigation({
  opened,
  ports,
  resources,
  environment,
  io,
}: {
  readonly opened: Pick<CommandLedger, "ledger" | "repository" | "config" | "target" | "clock" | "redactor">;
  readonly ports: Pick<IncidentPorts, "metrics" | "logs" | "alarms">;
  /** What there is, as it is by now. @throws {ReleaseError} when nobody knows */
  resources(signal: AbortSignal): Promise<MonitoredResources>;
  readonly environment: string;
  readonly io: Pick<CommandIo, "env" | "signal">;
}): OpenInvestigation {
  const { ledger, repository, config, target, clock, redactor } = opened;
  const { metrics, logs, alarms } = ports;
  const source = new GitSourceHistory(repository, io.env);
  const settings = config.environments[environment];
  if (settings === undefined) {
    throw new Error(`${environment} was in the configuration a moment ago`);
  }
  return {
    async investigate(incident, entries) {
      const found = await investigateIncident(
        {
          ...{ metrics, logs, alarms, source, clock, readResources: resources },
          readEntries: async (signal) => {
            if (entries instanceof ReleaseError) {
              throw entries;
            }
            return entries ?? (await ledger.read(signal));
          },
          readCopy: () => new LedgerCopy(localLedgerFolder(repository, target), environment).load(),
        },
        { environment, flags: target.flags, config: settings, incident, signal: io.signal },
      );
      // What is said of it, such as the subjects of commits, is shown and written down.
      return redactor.json(found);
    },
  };
}

/** What there is, by the subject of the last look. */
export async function resourcesOf({ resources, withoutState }: LookSubject): Promise<MonitoredResources> {
  if (withoutState !== undefined) {
    const { unknown, next = "slipway doctor" } = withoutState;
    throw new ReleaseError({ kind: "unreachable", what: "It is not known what there is", why: unknown, next });
  }
  return resources;
}
