import {
  type EnvironmentChange,
  rankSuspects,
  type Suspicion,
  type Symptoms,
  type TimeWindow,
} from "@slipway/analysis";
import type { EnvironmentConfig, IncidentSignal, Investigation, LedgerEntry, Suspect } from "@slipway/contracts";
import type { MonitoredResources } from "../../monitoring/monitored-resources.ts";
import { isNotAboutReleases, NO_RELEASE_TO_BLAME } from "../../monitoring/not-about-releases.ts";
import type { AlarmsReader } from "../../ports/alarms.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LogsReader } from "../../ports/logs.ts";
import type { MetricsReader } from "../../ports/metrics.ts";
import type { SourceHistory } from "../../ports/source-history.ts";
import type { IncidentRecord } from "../incident-record.ts";
import { changesOf, type LedgerChanges } from "./changes-of.ts";
import { dependenciesIn } from "./dependencies-in.ts";
import {
  type Subject as AskedFor,
  alarmsOf,
  askGround,
  callsOf,
  functionsOf,
  knownGround,
  measuredOf,
  onlyInState,
} from "./known-ground.ts";
import { proposeAction } from "./propose-action.ts";
import { readAlarmEvents } from "./read-alarm-events.ts";
import { readCallers } from "./read-callers.ts";
import { NEAR_MS, type ReadCalls, readCalls } from "./read-calls.ts";
import { type ReadErrors, readErrors, togetherErrors } from "./read-errors.ts";
import { readGrowth } from "./read-growth.ts";
import { readNumbers } from "./read-numbers.ts";
import { SourceDesk } from "./source-desk.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What all sources have together; with git's part after them, and the ranking, it stays below five seconds. */
const ANSWER_MS = 4_200;
/** What has to be known before others can be asked has no more of it than this. */
const LOOK_UP_MS = 1_500;
const GIT_MS = 500;
/** How far the beginning of an incident may be off, by whole minutes and by who looks at them. */
const ONSET_ERROR_MS = 2 * MINUTE_MS;
/** Of the releases before it, so many are asked for the files that they changed. */
const LATEST_RELEASES = 6;
const MOST_FILES = 40;
const MOST_ERRORS = 20;
const MOST_CHANGES = 40;
/** Errors are looked for since it began, and not longer than this. */
const LONGEST_MS = 2 * HOUR_MS;
/** So long at its beginning, and at its end, lines are gone through; and three times as long before. */
const LOOK_MS = 5 * MINUTE_MS;

/** With what is looked. */
export interface InvestigationPorts {
  readonly metrics: MetricsReader;
  /** With what is secret taken out of its lines. */
  readonly logs: LogsReader;
  readonly alarms: AlarmsReader;
  readonly source: SourceHistory;
  /** All entries of the ledger. */
  readEntries(signal: AbortSignal): Promise<readonly LedgerEntry[]>;
  /** What there is in the environment, by its Terraform state. */
  readResources(signal: AbortSignal): Promise<MonitoredResources>;
  /** The copy of the ledger on this machine, which may be older; undefined where there is none. */
  readCopy?(): readonly LedgerEntry[] | undefined;
  /** The target's clock. */
  readonly clock: Pick<Clock, "now">;
}

/** What is looked at. */
export interface InvestigationRequest {
  readonly environment: string;
  /** What commands need after the environment's name: ` --local`. */
  readonly flags: string;
  readonly config: Pick<EnvironmentConfig, "validation" | "release" | "functions" | "api" | "data">;
  /** The incident; without one it is looked at what went on since a time. */
  readonly incident:
    | Pick<IncidentRecord, "id" | "startedAt" | "signals" | "actions" | "resolvedAt">
    | { readonly since: number };
  readonly signal?: AbortSignal;
  /** Milliseconds that all sources have to answer. */
  readonly answerMs?: number;
}

/**
 * Gathers what tells the cause of an incident, from all sources side by side, ranks the releases that may be it, and proposes what to do.
 * A source that is down, or late, is named as such; whatever the others have told is judged without it. What there is to ask for, the
 * Terraform state says; where that is down, too, it is asked for what the ledger knows by name.
 *
 * @throws {ReleaseError} `interrupted` when asked to stop
 */
export async function investigateIncident(
  ports: InvestigationPorts,
  request: InvestigationRequest,
): Promise<Investigation> {
  const { environment, flags, config, incident, signal, answerMs = ANSWER_MS } = request;
  const { metrics, logs, alarms } = ports;
  const at = ports.clock.now();
  const subject = subjectOf(incident, at);
  const { onset, to, signals } = subject;
  const desk = new SourceDesk(answerMs, signal);
  const withinMs = Math.min(LOOK_UP_MS, answerMs / 2);
  const slowFromMs = slowFrom(signals, config.validation.responseTime.limitMs);
  const memoryMatters = signals.some(({ kind }) => kind === "resources");
  const errorsFrom = onset - ONSET_ERROR_MS;
  const errorsTo = Math.min(to, onset + LONGEST_MS);
  // Of what goes on for long the first minutes and the last tell all there is to tell, however many lines there are between.
  const first = { from: errorsFrom, to: Math.min(errorsTo, errorsFrom + ONSET_ERROR_MS + LOOK_MS) };
  const last = { from: Math.max(first.to, errorsTo - LOOK_MS), to: errorsTo };
  const baseline = { from: onset - 10 * MINUTE_MS - 3 * LOOK_MS, to: onset - 10 * MINUTE_MS };
  const entries = desk.ask("ledger", (stop) => ports.readEntries(stop), { withinMs });
  const ledger = entries.then((told) => (told === undefined ? undefined : changesOf(told)));
  const { readCopy } = ports;
  const ground = knownGround({
    ...{ desk, withinMs, config, entries, readResources: (stop) => ports.readResources(stop) },
    ...(readCopy && { readCopy }),
  });
  const ask = async <T>(
    source: string,
    of: (resources: MonitoredResources) => AskedFor,
    look: (resources: MonitoredResources, stop: AbortSignal) => Promise<T>,
  ) => askGround(desk, await ground, source, of, look);
  const errorsIn = (source: string, window: TimeWindow) =>
    ask(source, functionsOf, ({ functions }, stop) => readErrors(logs, functions, window, stop));
  const [known, calls, errors, errorsBefore, callers, growth, events, read, files] = await Promise.all([
    ledger,
    ledger.then((found) =>
      ask("calls", callsOf, (resources, stop) =>
        readCalls(metrics, { onset, now: to, resources, config, versions: inSight(found, onset), slowFromMs }, stop),
      ),
    ),
    Promise.all([errorsIn("errors at first", first), errorsIn("errors at last", last)]).then((found) =>
      togetherErrors(found, Math.max(1, (errorsTo - errorsFrom) / (first.to - first.from + last.to - last.from))),
    ),
    errorsIn("errors before", baseline),
    ask("callers", onlyInState("which access logs there are"), ({ stages }, stop) =>
      readCallers(logs, stages, { from: errorsFrom, to: errorsTo }, stop),
    ),
    memoryMatters
      ? ask("memory", onlyInState("how much memory the functions have"), ({ functions }, stop) =>
          readGrowth(logs, functions, { from: onset - 24 * HOUR_MS, to }, stop),
        )
      : undefined,
    ask("alarms", alarmsOf, (resources, stop) => readAlarmEvents(alarms, resources.alarms, onset - NEAR_MS, stop)),
    ask("numbers", measuredOf, (resources, stop) => readNumbers(metrics, resources, { onset, now: to }, stop)),
    ledger.then((found) => found && touched(desk, ports.source, found, onset)),
  ]);
  const symptoms: Symptoms = {
    ...{ now: to, lastSeenAt: to, onset: { at: onset, errorMs: subject.errorMs }, signals },
    versions: calls?.versions ?? [],
    errors: seenErrors(errors, errorsBefore),
    ...(calls === undefined ? {} : callFacts(calls)),
    ...(errorsBefore === undefined || calls === undefined
      ? {}
      : { baseline: { ...baseline, calls: calls.callsIn(baseline) } }),
    ...(callers && { callers }),
    ...(growth && { growth }),
  };
  const blameless = whyBlameless(subject.record === undefined ? [] : signals, config.validation);
  const suspicion: Suspicion =
    blameless === undefined
      ? rankSuspects(withPlaces(known?.changes ?? [], files), symptoms)
      : { suspects: [], outside: [], withoutSuspect: blameless };
  const suspect = suspicion.suspects[0];
  const outside = known === undefined ? [] : suspicion.outside;
  const changes =
    known === undefined || suspect === undefined ? null : await changesBy(desk, ports.source, known, suspect);
  return {
    ...{ version: 1, environment, incident: subject.record?.id ?? null, at: iso(at) },
    ...{ from: iso(onset - NEAR_MS), to: iso(to), startedAt: iso(onset) },
    sources: inOrder(desk.answers),
    suspects: [...suspicion.suspects],
    ...(blameless === undefined ? whyNobody(suspicion, known) : { withoutSuspect: blameless }),
    changes,
    errors: investigatedErrors(errors, errorsBefore),
    numbers: read?.numbers ?? [],
    alarms: events ?? [],
    dependencies: dependenciesIn(errors?.errors ?? []),
    costs: read?.costs ?? [],
    proposal: proposeAction({
      // Without the ledger nobody knows that it is no release: what else it might be is no reason to act.
      ...{ environment, flags, suspects: suspicion.suspects, outside },
      record: subject.record ?? { id: "i0", startedAt: iso(onset), signals: [], actions: [] },
      releases: known?.records ?? [],
      isBlameless: blameless !== undefined,
    }),
    details: {
      ...(errors && { lines: { looked: errors.scanned, matched: errors.matched, areAllRead: errors.isWhole } }),
      outside: outside.slice(0, 3).map(({ cause, likelihood, reasons }) => ({
        ...{ cause, likelihood: Number(likelihood.toFixed(4)), reasons: [...reasons] },
      })),
    },
  };
}

interface Subject {
  readonly record: Exclude<InvestigationRequest["incident"], { since: number }> | undefined;
  readonly onset: number;
  readonly errorMs: number;
  readonly to: number;
  readonly signals: readonly IncidentSignal[];
}

function subjectOf(incident: InvestigationRequest["incident"], now: number): Subject {
  if ("since" in incident) {
    // Nobody has said when it began: it may be anywhere in the time that is looked at.
    const errorMs = Math.max(ONSET_ERROR_MS, (now - incident.since) / 4);
    return { record: undefined, onset: incident.since, errorMs, to: now, signals: [] };
  }
  const firing = incident.signals.filter(({ clearedAt }) => clearedAt === undefined);
  return {
    record: incident,
    onset: Date.parse(incident.startedAt),
    errorMs: ONSET_ERROR_MS,
    to: incident.resolvedAt === undefined ? now : Date.parse(incident.resolvedAt),
    signals: firing.length > 0 ? firing : incident.signals,
  };
}

/** What is slow where that is what hurts: above the limit, or above what was usual on earlier days; undefined where it is no matter. */
function slowFrom(signals: readonly IncidentSignal[], limitMs: number): number | undefined {
  const slow = signals.filter(({ kind }) => kind === "latency");
  const limits = slow.map(({ unit, limit }) => (unit === "ms" && limit !== undefined ? limit : limitMs));
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** Of the last days, and the ones before them. */
function inSight(known: LedgerChanges | undefined, onset: number): LedgerChanges["versions"] {
  const since = onset - 25 * HOUR_MS;
  const recent = new Set(
    (known?.changes ?? [])
      .filter(({ moments }) => (moments.at(-1)?.at ?? 0) >= since)
      .flatMap(({ functions = [] }) => functions.map(({ name, version }) => `${name} ${version}`)),
  );
  const counted = new Map<string, number>();
  return (known?.versions ?? []).filter(({ functionName, version }) => {
    if (recent.has(`${functionName} ${version}`)) {
      return true;
    }
    // What had the traffic before the first of them.
    const count = (counted.get(functionName) ?? 0) + 1;
    counted.set(functionName, count);
    return count <= 2;
  });
}

function callFacts({ requests, traffic }: ReadCalls): Pick<Symptoms, "requests" | "traffic"> {
  return { traffic, ...(requests === undefined ? {} : { requests }) };
}

function seenErrors(now: ReadErrors | undefined, before: ReadErrors | undefined): Symptoms["errors"] {
  return (now?.errors ?? []).map(({ fingerprint, group, count, versions }) => {
    const earlier = before?.errors.find((each) => each.fingerprint.id === fingerprint.id && each.group === group);
    const { id, errorClass, message, place } = fingerprint;
    return {
      ...{ id, errorClass, message, count, versions, before: earlier?.count ?? 0 },
      ...(place === undefined ? {} : { place }),
      ...(earlier === undefined ? {} : { versionsBefore: earlier.versions }),
    };
  });
}

function investigatedErrors(now: ReadErrors | undefined, before: ReadErrors | undefined): Investigation["errors"] {
  return (now?.errors ?? []).slice(0, MOST_ERRORS).map(({ fingerprint, firstAt, lastAt, requestId, ...error }) => {
    const earlier = before?.errors.find((each) => each.fingerprint.id === fingerprint.id && each.group === error.group);
    return {
      ...{ fingerprint: fingerprint.id, count: error.count, before: earlier?.count ?? 0 },
      ...{ firstAt: iso(firstAt), lastAt: iso(lastAt), group: error.group, versions: [...error.versions] },
      ...{ sample: error.sample, ...(requestId === undefined ? {} : { requestId }) },
    };
  });
}

/** Paths of the files that each of the last releases before it has changed; of those that git knows, where it lacks commits of others. */
async function touched(
  desk: SourceDesk,
  source: SourceHistory,
  { changes, records }: LedgerChanges,
  onset: number,
): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const recent = changes.filter(
    ({ part, moments }) => part === "code" && (moments[0]?.at ?? 0) <= onset + 15 * MINUTE_MS,
  );
  const ranges = recent.slice(-LATEST_RELEASES).flatMap(({ release }) => {
    const range = rangeOf(records, release);
    return range === undefined ? [] : [{ release, range }];
  });
  const known = new Map<string, readonly string[]>();
  await desk.ask(
    "code",
    async (stop) => {
      const asked = await Promise.allSettled(
        ranges.map(async ({ release, range }) => {
          known.set(release, (await source.between(range, stop)).files);
        }),
      );
      const failed = asked.find((each) => each.status === "rejected");
      if (failed !== undefined) {
        throw failed.reason;
      }
    },
    { withinMs: GIT_MS },
  );
  return known.size === 0 ? undefined : new Map(known);
}

function withPlaces(
  changes: readonly EnvironmentChange[],
  files: ReadonlyMap<string, readonly string[]> | undefined,
): readonly EnvironmentChange[] {
  return changes.map((change) => {
    const places = change.part === "code" ? files?.get(change.release) : undefined;
    // A bundle has one name for all sources: it tells none of them.
    return places === undefined ? change : { ...change, places };
  });
}

function rangeOf(
  records: LedgerChanges["records"],
  release: string,
): { readonly since: string; readonly until: string } | undefined {
  const commitOf = (id: string | null | undefined) => records.find((each) => each.id === id)?.plan.source.commit;
  const record = records.find(({ id }) => id === release);
  const [since, until] = [commitOf(record?.plan.previous), record?.plan.source.commit];
  return typeof since === "string" && typeof until === "string" ? { since, until } : undefined;
}

/** What the first suspect has changed, by git and by its plan. */
async function changesBy(
  desk: SourceDesk,
  source: SourceHistory,
  { records, plans }: LedgerChanges,
  { release }: Suspect,
): Promise<Investigation["changes"]> {
  const range = rangeOf(records, release);
  const brought =
    range && (await desk.ask(`git of ${release}`, (stop) => source.between(range, stop), { withinMs: GIT_MS }));
  const files = brought?.files ?? [];
  return {
    commits: (brought?.commits ?? []).slice(0, MOST_CHANGES).map(({ commit, subject, author }) => {
      return { commit, subject, author };
    }),
    files: files.slice(0, MOST_FILES),
    moreFiles: Math.max(0, files.length - MOST_FILES),
    infrastructure: (plans.get(release)?.resources ?? []).slice(0, MOST_CHANGES).map(({ address, action }) => {
      return { address, action };
    }),
  };
}

/** Why no release can be to blame, by what it is about alone; undefined where one can. */
function whyBlameless(
  signals: readonly IncidentSignal[],
  validation: InvestigationRequest["config"]["validation"],
): string | undefined {
  const isBlameless = ({ kind, resource }: IncidentSignal) =>
    kind === "backup" || (kind === "alarm" && isNotAboutReleases(resource.name, validation));
  const [first] = signals;
  if (first === undefined || !signals.every(isBlameless)) {
    return undefined;
  }
  return first.kind === "backup"
    ? "no release is put back for a backup that was not made: who has changed the schedule or its role, slipway plan shows"
    : `${first.resource.name} rings, and ${NO_RELEASE_TO_BLAME}`;
}

function whyNobody(
  { withoutSuspect }: Suspicion,
  known: LedgerChanges | undefined,
): Pick<Investigation, "withoutSuspect"> {
  return known === undefined
    ? { withoutSuspect: "the ledger does not answer: which releases there were is not known" }
    : withoutSuspect === undefined
      ? {}
      : { withoutSuspect };
}

/** As they are told, whichever could be asked first. */
const ORDER = [
  ...["ledger", "Terraform state", "copy of the ledger", "errors at first", "errors at last", "errors before"],
  ...["callers", "memory", "alarms", "numbers", "calls", "code"],
];

function inOrder(answers: SourceDesk["answers"]): Investigation["sources"] {
  const place = (source: string) => (ORDER.includes(source) ? ORDER.indexOf(source) : ORDER.length);
  return answers.toSorted((left, right) => place(left.source) - place(right.source));
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
