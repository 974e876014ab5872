import type { EnvironmentConfig, IncidentSummary, LedgerEntry } from "@slipway/contracts";
import {
  type AlarmsReader,
  type FunctionReader,
  incidents,
  type Ledger,
  type LedgerHead,
  leaseIsHeld,
  outputText,
  ReleaseError,
  type ReleaseRecord,
  releaseWithTraffic,
  systemClock,
  unfinishedRelease,
  WINDOWS,
} from "@slipway/release-engine";
import { incidentSummary } from "../incidents/incident-summary.ts";
import { latestReleases } from "../ledger/latest-releases.ts";
import { holderIsGone } from "../release/this-holder.ts";
import { apiUrlOf } from "../target/api-url-of.ts";
import type { EnvironmentView } from "../target/environment-view.ts";
import { UserError } from "../user-error.ts";
import type {
  StatusApi,
  StatusCheckpoint,
  StatusFunction,
  StatusHealth,
  StatusReport,
  Unknown,
} from "./status-report.ts";

export interface StatusPorts {
  readonly ledger: Ledger;
  /** What there is to look at. */
  readonly view: () => Promise<Pick<EnvironmentView, "state" | "resources">>;
  readonly functions: Pick<FunctionReader, "readAlias">;
  readonly alarms: AlarmsReader;
}

export interface StatusPlace {
  readonly environment: string;
  readonly config: EnvironmentConfig;
  readonly target: string;
  /** Of another AWS than Amazon's. */
  readonly endpoint: string | undefined;
  /** What commands to type next need: ` --local`. */
  readonly flags: string;
  /** The time on the target. */
  readonly now: number;
  readonly signal: AbortSignal;
}

/** A checkpoint that nobody has judged this long after it could be is overdue. */
const OVERDUE_AFTER_MS = 15 * 60_000;

/**
 * Looks at where an environment stands: at its ledger, and at Lambda and CloudWatch at the same time. What cannot be looked at is said to be
 * unknown, and holds up nothing else.
 *
 * @throws ReleaseError when the ledger cannot be read
 */
export async function lookAtStatus(ports: StatusPorts, place: StatusPlace): Promise<StatusReport> {
  const { ledger } = ports;
  const { environment, target, now, signal } = place;
  const reading = ledger.head();
  const [{ records, entries }, head, openIncidents, deployed] = await Promise.all([
    latestReleases(ledger, (some) => releaseWithTraffic(some) !== undefined, signal),
    reading,
    reading.then((read) => openIncidentsOf(ledger, read, place)),
    lookAtDeployed(ports, place),
  ]);
  const current = releaseWithTraffic(records);
  const unfinished = unfinishedRelease(records);
  return {
    ...{ version: 1, environment, target, now: new Date(now).toISOString() },
    functions: "unknown" in deployed.functions ? deployed.functions : expect(deployed.functions, current, unfinished),
    api: deployed.api,
    release: current === undefined ? null : releaseOf(current, entries),
    health: deployed.health,
    checkpoints: current === undefined ? [] : checkpointsOf(current, now),
    lease: leaseOf(head),
    unfinished: unfinished === undefined ? null : unfinishedOf(unfinished, place),
    ...{ openIncidents, lastIncident: head?.incidents?.last ?? null },
  };
}

/** Read from where the oldest of them was opened, which is rarely long ago; nothing is read where none is open. */
async function openIncidentsOf(
  ledger: Ledger,
  head: LedgerHead | undefined,
  { config, now, signal }: StatusPlace,
): Promise<readonly IncidentSummary[]> {
  const open = head?.incidents?.open ?? {};
  const from = Math.min(...Object.values(open));
  if (head === undefined || !Number.isFinite(from)) {
    return [];
  }
  let entries = await ledger.readLatest(head.sequence - from + 1, signal);
  // More may have been written since the head was read, just when something happens.
  for (let [first] = entries; first !== undefined && first.sequence > from; [first] = entries) {
    const last = entries.at(-1)?.sequence ?? first.sequence;
    entries = await ledger.readLatest(last - from + 1, signal);
  }
  return incidents(entries)
    .filter(({ id }) => open[id] !== undefined)
    .map((record) => incidentSummary(record, config.incidents, now));
}

interface Deployed {
  readonly functions: readonly StatusFunction[] | Unknown;
  readonly api: StatusApi | Unknown;
  readonly health: StatusHealth | Unknown;
}

async function lookAtDeployed(ports: StatusPorts, place: StatusPlace): Promise<Deployed> {
  const { config, environment, signal } = place;
  const view = await orUnknown(ports.view());
  if ("unknown" in view) {
    return { functions: view, api: view, health: view };
  }
  const [functions, health] = await Promise.all([
    orUnknown(functionsOf(ports.functions, view.state.outputs, config, environment)),
    orUnknown(healthOf(ports.alarms, view.resources.alarms, signal)),
  ]);
  return { functions, api: apiOf(view.state.outputs, place), health };
}

/** As the state says it, which has just been read: nothing is asked for it. */
function apiOf(
  outputs: Readonly<Record<string, unknown>>,
  { config, environment, endpoint }: StatusPlace,
): StatusApi | Unknown {
  const { urlOutput } = config.api;
  const url = apiUrlOf({ outputs, urlOutput, endpoint });
  const what = urlOutput in outputs ? "is no URL" : "is not there, or is sensitive";
  return url === undefined
    ? { unknown: `the output ${urlOutput} of its Terraform state ${what} (environments.${environment}.api.urlOutput)` }
    : { url };
}

async function functionsOf(
  reader: Pick<FunctionReader, "readAlias">,
  values: Readonly<Record<string, unknown>>,
  { functions }: EnvironmentConfig,
  environment: string,
): Promise<readonly StatusFunction[]> {
  return Promise.all(
    functions.map(async ({ name, outputs }, index): Promise<StatusFunction> => {
      const key = `environments.${environment}.functions[${index}].outputs`;
      const functionName = outputText(values, outputs.functionName, `${key}.functionName`);
      const alias = outputText(values, outputs.alias, `${key}.alias`);
      const { version, weights } = await reader.readAlias(functionName, alias);
      const others = Object.entries(weights).map(([other, weight]) => ({ version: other, percent: percentOf(weight) }));
      const rest = percentOf(1 - Object.values(weights).reduce((sum, weight) => sum + weight, 0));
      const versions = [{ version, percent: rest }, ...others].sort((left, right) => right.percent - left.percent);
      return { name, functionName, alias, versions };
    }),
  );
}

async function healthOf(
  reader: AlarmsReader,
  names: readonly string[],
  signal: AbortSignal,
): Promise<StatusHealth | Unknown> {
  if (names.length === 0) {
    return { unknown: "its Terraform state has no alarms, so nobody is told when it fails" };
  }
  const alarms = await reader.describe(names, signal);
  const known = new Set(alarms.map(({ name }) => name));
  const count = (wanted: string) => alarms.filter(({ state }) => state === wanted).length;
  return {
    counts: { OK: count("OK"), ALARM: count("ALARM"), INSUFFICIENT_DATA: count("INSUFFICIENT_DATA") },
    alarming: alarms
      .filter(({ state }) => state === "ALARM")
      .map(({ name, since }) => ({ name, since: new Date(since).toISOString() })),
    missing: names.filter((name) => !known.has(name)),
  };
}

/** A failure that can be expected is what is not known; a bug stays one. */
async function orUnknown<T extends object>(work: Promise<T>): Promise<T | Unknown> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof UserError) {
      return { unknown: error.message };
    }
    if (error instanceof ReleaseError && error.kind !== "interrupted") {
      return { unknown: `${error.what}: ${error.why}` };
    }
    throw error;
  }
}

/** Says where an alias is not where the ledger has put it; while a release is under way it moves, and says nothing. */
function expect(
  functions: readonly StatusFunction[],
  current: ReleaseRecord | undefined,
  unfinished: ReleaseRecord | undefined,
): readonly StatusFunction[] {
  return functions.map((each) => {
    const expected = current?.functions.find(({ name }) => name === each.name)?.version;
    const [only, ...others] = each.versions;
    const isAsExpected = others.length === 0 && only?.version === expected;
    return expected === undefined || unfinished !== undefined || isAsExpected ? each : { ...each, expected };
  });
}

/** Since when its versions have the traffic: it may have it again, after a later one was put back. */
function releaseOf(current: ReleaseRecord, entries: readonly LedgerEntry[]): StatusReport["release"] {
  const { id, plan, liveAt, endedAt, startedAt, startedBy } = current;
  const number = Number(id.slice(1));
  const again = entries.findLast(
    ({ release, body }) =>
      body.type === "release.ended" &&
      body.outcome === "put-back" &&
      release !== null &&
      Number(release.slice(1)) > number,
  );
  const since = again?.at ?? liveAt ?? endedAt ?? startedAt;
  return { release: id, source: plan.source, since, by: startedBy };
}

function checkpointsOf(release: ReleaseRecord, now: number): StatusCheckpoint[] {
  const { state, plan, steps, liveAt, overtakenBy, checkpoints } = release;
  // What another release has moved is not its work any more, and is not judged as such.
  const isPending = state === "live" && overtakenBy === undefined;
  if (liveAt === undefined) {
    return [];
  }
  return plan.steps.flatMap(({ id, window }): StatusCheckpoint[] => {
    if (window === undefined) {
      return [];
    }
    const judged = checkpoints[window];
    const step = steps.get(id)?.state;
    const isOver = judged !== undefined && (judged.verdict !== "unknown" || step === "done");
    if (isOver || (judged !== undefined && !isPending)) {
      return [{ window, state: judged.verdict, at: judged.at }];
    }
    const dueAt = Date.parse(liveAt) + WINDOWS[window].lengthMs;
    const word = now < dueAt ? "to-come" : now < dueAt + OVERDUE_AFTER_MS ? "due" : "overdue";
    return isPending ? [{ window, state: word, at: new Date(dueAt).toISOString() }] : [];
  });
}

function leaseOf(head: LedgerHead | undefined): StatusReport["lease"] {
  const lease = head?.lease ?? null;
  if (lease === null) {
    return null;
  }
  const isHeld = leaseIsHeld(lease, systemClock.now()) && !holderIsGone(lease.holder);
  return { ...lease, state: isHeld ? "held" : "over" };
}

function unfinishedOf(release: ReleaseRecord, { environment, flags }: StatusPlace): StatusReport["unfinished"] {
  const { id, plan, state, steps, startedAt, reason, next, puttingBack } = release;
  const open = [...steps.values()].findLast((step) => step.state !== "done" && step.state !== "nothing-to-do");
  const step = open ?? [...steps.values()].at(-1);
  return {
    ...{ release: id, source: plan.source, state, since: startedAt },
    at: step === undefined ? null : (plan.steps.find((planned) => planned.id === step.id)?.title ?? step.id),
    reason: puttingBack ?? reason ?? null,
    next: next ?? `slipway resume ${environment}${flags}, or slipway rollback ${environment}${flags}`,
  };
}

/** `10` for 0.1, without what binary fractions add. */
function percentOf(share: number): number {
  return Number((share * 100).toFixed(4));
}
