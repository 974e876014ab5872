import { join } from "node:path";
import { AwsAlarmsReader, AwsMetricsReader, createAwsClients, isAbandonedLock, stateLockFile } from "@slipway/aws";
import { AwsLogsReader } from "@slipway/aws/logs";
import type { EnvironmentConfig, LedgerEntry } from "@slipway/contracts";
import {
  fetchHttpClient,
  type IncidentPorts,
  type IncidentSubject,
  ReleaseError,
  redactedLogs,
  resourcesInLedger,
  SourceDesk,
  systemClock,
} from "@slipway/release-engine";
import type { CommandLedger } from "../ledger/command-ledger.ts";
import { lockRehearsal } from "../rehearsal/rehearsal-lock.ts";
import { holderIsGone } from "../release/this-holder.ts";
import { thisMachine } from "../release/this-machine.ts";
import { apiUrlOf } from "../target/api-url-of.ts";
import { type EnvironmentView, environmentAccess, environmentView } from "../target/environment-view.ts";
import { UserError } from "../user-error.ts";

/** A state that has not been read by then cannot be read. */
const STATE_MS = 15_000;

export type LookSubject = Omit<IncidentSubject, "entries" | "head" | "memory" | "signal">;

/** With what an environment is looked at for what is not well. Opening it asks nobody. */
export interface LookPorts {
  readonly ports: IncidentPorts;
  /**
   * Reads what there is to look at.
   *
   * @throws {ReleaseError} when the state cannot be read, whatever the reason
   */
  view(signal: AbortSignal): Promise<LookSubject>;
  close(): void;
}

/** With what an environment is looked at, and what there is to look at. */
export interface OpenLook extends Pick<LookPorts, "ports" | "close"> {
  /** What there is to look at, as it was read last; what the ledger names, where it could not be read yet. */
  readonly subject: LookSubject;
  /** Reads anew what there is to look at: a release may have changed it. @throws {ReleaseError} when the state cannot be read */
  again(): Promise<LookSubject>;
}

/** Opens what looks at an environment, as who changes nothing. */
export function openLookPorts(opened: CommandLedger, environment: string, signal: AbortSignal): LookPorts {
  const { repository, config, target, clock, redactor, credentials } = opened;
  const place = { config, environment, target, signal };
  const settings = settingsOf(opened, environment);
  const { region, endpoint } = target;
  const client = { region, endpoint, credentials };
  const clients = createAwsClients(client);
  const readers = {
    metrics: new AwsMetricsReader(client),
    logs: new AwsLogsReader(client),
    alarms: new AwsAlarmsReader(client),
  };
  const key = settings.terraform.stateKey;
  let bucket: Promise<string> | undefined;
  let location = `the state ${key}`;
  const findBucket = async () => {
    bucket ??= environmentAccess(place).then((access) => access.bucket);
    // Asked again with the next look, where it could not be found.
    bucket.catch(() => {
      bucket = undefined;
    });
    const found = await bucket;
    location = `s3://${found}/${key}`;
    return found;
  };
  return {
    ports: {
      ...readers,
      // What lines say is shown, and written down.
      logs: redactedLogs(readers.logs, redactor),
      ...{ http: fetchHttpClient, clock, leaseClock: systemClock, isGone: holderIsGone },
      stateLock: {
        get location() {
          return location;
        },
        read: async (stop) =>
          stateLockFile(clients.s3, { bucket: await findBucket().catch(orReleaseError(environment)), key }, stop),
        // A lock names no process: whether its holder is dead, only the folder that it ran in can tell.
        isAbandoned: async (lock) =>
          target.isLocal && target.localDataDir !== undefined
            ? isFree(target.localDataDir)
            : isAbandonedLock(lock, join(repository, settings.terraform.directory), thisMachine()),
      },
    },
    async view(stop) {
      const view = await environmentView({ ...place, signal: stop }).catch(orReleaseError(environment));
      return subjectOf(view, settings, endpoint);
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
 * Opens the look at an environment. Where its state cannot be read, what the ledger knows by name is looked at, and the look says so.
 *
 * @throws UserError when nothing is deployed, as far as the ledger knows, too
 * @throws ReleaseError when neither the state can be read, nor the ledger names anything; `interrupted` when asked to stop
 */
export async function openLook(opened: CommandLedger, environment: string, signal: AbortSignal): Promise<OpenLook> {
  const { ports, view, close } = openLookPorts(opened, environment, signal);
  const settings = settingsOf(opened, environment);
  const { endpoint } = opened.target;
  const read = () => inTime(view, signal);
  try {
    let subject = await read().catch(async (error: unknown) => {
      if (!(error instanceof ReleaseError) || error.kind === "interrupted") {
        throw error;
      }
      return subjectInLedger(error, settings, endpoint, await opened.ledger.read(signal));
    });
    return {
      ports,
      close,
      get subject() {
        return subject;
      },
      async again() {
        subject = await read();
        return subject;
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

function settingsOf({ config }: Pick<CommandLedger, "config">, environment: string): EnvironmentConfig {
  const settings = config.environments[environment];
  if (settings === undefined) {
    throw new Error(`${environment} was in the configuration a moment ago`);
  }
  return settings;
}

async function inTime(view: LookPorts["view"], signal: AbortSignal): Promise<LookSubject> {
  const desk = new SourceDesk(STATE_MS, signal);
  let failure: unknown;
  const subject = await desk.ask("Terraform state", (stop) =>
    view(stop).catch((error: unknown) => {
      failure = error;
      throw error;
    }),
  );
  if (subject === undefined) {
    throw failure instanceof ReleaseError ? failure : unread(desk.answers[0]?.why ?? "it does not answer");
  }
  return subject;
}

function subjectOf(
  { state, resources }: Pick<EnvironmentView, "state" | "resources">,
  settings: EnvironmentConfig,
  endpoint: string | undefined,
): LookSubject {
  const apiUrl = apiUrlOf({ outputs: state.outputs, urlOutput: settings.api.urlOutput, endpoint });
  return { state, resources, config: settings, apiUrl };
}

/** What is looked at without a state. @throws {ReleaseError} why there is none, or UserError, where the ledger names nothing either */
function subjectInLedger(
  error: ReleaseError,
  settings: EnvironmentConfig,
  endpoint: string | undefined,
  entries: readonly LedgerEntry[],
): LookSubject {
  const { resources, dependencies, apiUrl } = resourcesInLedger(entries, settings);
  if (resources.functions.length === 0 && apiUrl === undefined) {
    throw error.cause instanceof UserError ? error.cause : error;
  }
  return {
    ...{ state: { serial: 0, resources: [], outputs: {} }, resources, config: settings },
    withoutState: { unknown: `${error.what}: ${error.why}`, next: error.next, dependencies },
    apiUrl: apiUrlOf({ outputs: { [settings.api.urlOutput]: apiUrl }, urlOutput: settings.api.urlOutput, endpoint }),
  };
}

function unread(why: string, cause?: unknown): ReleaseError {
  return new ReleaseError(
    {
      ...{ kind: "unreachable", what: "The Terraform state cannot be read", why },
      next: "slipway doctor says who may read it, and what it takes",
    },
    { cause },
  );
}

/** Whatever keeps a state from being read: it is a source like all others, and that no bucket is named, or no role, is no other case. */
function orReleaseError(environment: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof ReleaseError) {
      throw error;
    }
    const why =
      error instanceof UserError
        ? error.message
        : `a fault of Slipway's own while ${environment} was looked at: ${error}`;
    throw unread(why, error);
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
