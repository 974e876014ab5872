import { join } from "node:path";
import {
  AwsAlarmsReader,
  AwsLogsReader,
  AwsMetricsReader,
  createAwsClients,
  isAbandonedLock,
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
import { lockRehearsal } from "../rehearsal/rehearsal-lock.ts";
import { holderIsGone } from "../release/this-holder.ts";
import { thisMachine } from "../release/this-machine.ts";
import { apiUrlOf } from "../target/api-url-of.ts";
import { type EnvironmentView, environmentAccess, environmentView } from "../target/environment-view.ts";
import { UserError } from "../user-error.ts";

export type LookSubject = Omit<IncidentSubject, "entries" | "head" | "memory" | "signal">;

/** With what an environment is looked at for what is not well, and what there is to look at. */
export interface OpenLook {
  readonly ports: IncidentPorts;
  /** What there is to look at, as it was read last. */
  readonly subject: LookSubject;
  /** Reads anew what there is to look at: a release may have changed it. @throws as opening it does */
  again(): Promise<LookSubject>;
  close(): void;
}

/**
 * Opens the look at an environment, as who changes nothing.
 *
 * @throws UserError when nothing is deployed, or the configuration does not say where states lie
 * @throws ReleaseError when the state cannot be read, or a role cannot be assumed
 */
export async function openLook(
  { repository, config, target, clock, redactor }: CommandLedger,
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
  const subjectOf = ({ state, resources }: EnvironmentView): LookSubject => {
    const apiUrl = apiUrlOf({ outputs: state.outputs, urlOutput: settings.api.urlOutput, endpoint });
    return { state, resources, config: settings, apiUrl };
  };
  let subject = subjectOf(view);
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
        isAbandoned: async (lock) =>
          target.isLocal && target.localDataDir !== undefined
            ? isFree(target.localDataDir)
            : isAbandonedLock(lock, join(repository, settings.terraform.directory), thisMachine()),
      },
    },
    get subject() {
      return subject;
    },
    async again() {
      subject = subjectOf(await environmentView(place));
      return subject;
    },
    close() {
      clients.destroy();
      readers.metrics.close();
      readers.logs.close();
      readers.alarms.close();
    },
  };
}

/**
 * Whether nobody rehearses on a local AWS: one rehearsal at a time works on it, so a lock that is there then is a dead one's.
 *
 * @returns undefined while one is at work
 */
async function isFree(dataDir: string): Promise<true | undefined> {
  try {
    lockRehearsal(dataDir)();
    return true;
  } catch (error) {
    if (error instanceof UserError) {
      return undefined;
    }
    throw error;
  }
}
