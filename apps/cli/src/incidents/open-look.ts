import {
  AwsAlarmsReader,
  AwsLogsReader,
  AwsMetricsReader,
  apiUrlAt,
  createAwsClients,
  stateLockFile,
} from "@slipway/aws";
import {
  fetchHttpClient,
  type IncidentPorts,
  type IncidentSubject,
  redactedLogs,
  systemClock,
} from "@slipway/release-engine";
import type { CommandLedger } from "../ledger/command-ledger.ts";
import { holderIsGone } from "../release/this-holder.ts";
import { environmentAccess, environmentView } from "../target/environment-view.ts";

/** With what an environment is looked at for what is not well, and what there is to look at. */
export interface OpenLook {
  readonly ports: IncidentPorts;
  readonly subject: Omit<IncidentSubject, "entries" | "head" | "memory" | "signal">;
  close(): void;
}

/**
 * Opens the look at an environment, as who changes nothing.
 *
 * @throws UserError when nothing is deployed, or the configuration does not say where states lie
 * @throws ReleaseError when the state cannot be read, or a role cannot be assumed
 */
export async function openLook(
  { config, target, clock, redactor }: CommandLedger,
  environment: string,
  signal: AbortSignal,
): Promise<OpenLook> {
  const place = { config, environment, target, signal };
  const [view, { bucket }] = await Promise.all([environmentView(place), environmentAccess(place)]);
  const settings = config.environments[environment];
  if (settings === undefined) {
    throw new Error(`${environment} was in the configuration a moment ago`);
  }
  const { region, endpoint } = target;
  const { credentials } = view;
  const client = { region, ...(endpoint === undefined ? {} : { endpoint }), ...(credentials && { credentials }) };
  const clients = createAwsClients(client);
  const readers = {
    metrics: new AwsMetricsReader(client),
    logs: new AwsLogsReader(client),
    alarms: new AwsAlarmsReader(client),
  };
  const key = settings.terraform.stateKey;
  const url = view.state.outputs[settings.api.urlOutput];
  return {
    ports: {
      ...readers,
      // What lines say is shown, and written down.
      logs: redactedLogs(readers.logs, redactor),
      ...{ http: fetchHttpClient, clock, leaseClock: systemClock, isGone: holderIsGone },
      stateLock: {
        location: `s3://${bucket}/${key}`,
        read: (stop) => stateLockFile(clients.s3, { bucket, key }, stop),
        // A lock names no process: whether its holder is dead, only the folder that it ran in can tell.
        isAbandoned: async () => undefined,
      },
    },
    subject: {
      ...{ state: view.state, resources: view.resources, config: settings },
      apiUrl: typeof url !== "string" || endpoint === undefined ? textOf(url) : apiUrlAt(url, endpoint),
    },
    close() {
      clients.destroy();
      readers.metrics.close();
      readers.logs.close();
      readers.alarms.close();
    },
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
