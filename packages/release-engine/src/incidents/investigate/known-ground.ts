import type { EnvironmentConfig, LedgerEntry } from "@slipway/contracts";
import type { MonitoredResources } from "../../monitoring/monitored-resources.ts";
import { ReleaseError } from "../../release-error.ts";
import { resourcesInLedger } from "../resources-in-ledger.ts";
import type { SourceDesk } from "./source-desk.ts";

/** What there is to ask for in an environment. */
export interface KnownGround {
  readonly resources: MonitoredResources;
  /** Whose names these are, where the Terraform state does not say it. */
  readonly namedBy?: "the ledger" | "the copy of the ledger on this machine" | "nobody";
}

export interface GroundQuestion {
  readonly desk: SourceDesk;
  readonly withinMs: number;
  readonly config: Pick<EnvironmentConfig, "functions" | "api" | "data">;
  readResources(signal: AbortSignal): Promise<MonitoredResources>;
  /** Undefined where the ledger does not answer. */
  readonly entries: Promise<readonly LedgerEntry[] | undefined>;
  readCopy?(): readonly LedgerEntry[] | undefined;
}

const NOTHING: MonitoredResources = {
  ...{ functions: [], stages: [], tables: [], queues: [], logGroups: [], alarms: [], dashboards: [], queries: [] },
};

/** What the Terraform state says that there is; where it does not answer, what the ledger knows by name, or its copy on this machine. */
export async function knownGround(question: GroundQuestion): Promise<KnownGround> {
  const { desk, withinMs, config, entries, readCopy } = question;
  const resources = await desk.ask("Terraform state", (stop) => question.readResources(stop), { withinMs });
  if (resources !== undefined) {
    return { resources };
  }
  const read = await entries;
  if (read !== undefined) {
    return { resources: resourcesInLedger(read, config).resources, namedBy: "the ledger" };
  }
  // Names are old for long; who is to blame is not said by a copy that may lack the last release.
  const copied = await desk.ask("copy of the ledger", async () => readCopy?.() ?? noCopy());
  return copied === undefined
    ? { resources: NOTHING, namedBy: "nobody" }
    : { resources: resourcesInLedger(copied, config).resources, namedBy: "the copy of the ledger on this machine" };
}

function noCopy(): never {
  throw new ReleaseError({
    ...{ kind: "not-found", what: "There is no copy of the ledger on this machine" },
    ...{ why: "nobody has read the ledger here before", next: "slipway doctor" },
  });
}

/** What a source is asked for: names of resources, and what of them only the state has. */
export interface Subject {
  readonly names: readonly string[];
  /** What cannot be asked for where the state is not there, whatever is known by name. */
  readonly missing: string;
}

/** Asks a source for what is known to be there; where that is nothing, it is `unknown`, and where it is a part, it is told so. */
export function askGround<T>(
  desk: SourceDesk,
  { resources, namedBy }: KnownGround,
  source: string,
  subject: (resources: MonitoredResources) => Subject,
  look: (resources: MonitoredResources, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  if (namedBy === undefined) {
    return desk.ask(source, (stop) => look(resources, stop));
  }
  const { names, missing } = subject(resources);
  if (names.length === 0) {
    const who =
      namedBy === "nobody" ? "neither the Terraform state nor the ledger can be read" : `${namedBy} names none`;
    return Promise.resolve(desk.leave(source, `nobody knows ${missing} without the Terraform state: ${who}`));
  }
  const without = `without the Terraform state it was asked for what ${namedBy} names: ${names.join(", ")}; others are not known`;
  return desk.ask(source, (stop) => look(resources, stop), { without });
}

export const functionsOf = ({ functions }: MonitoredResources): Subject => ({
  names: functions.map(({ name }) => name),
  missing: "the functions and where they log",
});

export const measuredOf = ({ functions, stages, tables }: MonitoredResources): Subject => ({
  names: [
    ...functions.map(({ name }) => name),
    ...stages.map(({ apiName, stage }) => `${apiName}/${stage}`),
    ...tables.map(({ name }) => name),
  ],
  missing: "what has metrics",
});

export const callsOf = ({ functions, stages }: MonitoredResources): Subject => ({
  names: measuredOf({ ...NOTHING, functions, stages }).names,
  missing: "which functions are called",
});

export const alarmsOf = ({ alarms }: MonitoredResources): Subject => ({
  names: alarms,
  missing: "which alarms there are",
});

/** Of what the state alone knows: nothing of it is named anywhere else. */
export const onlyInState = (missing: string) => (): Subject => ({ names: [], missing });
