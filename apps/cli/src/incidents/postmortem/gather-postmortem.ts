import type { TimeWindow } from "@slipway/analysis";
import type { ContributingChange, EnvironmentConfig, IncidentMark, LedgerEntry, Postmortem } from "@slipway/contracts";
import {
  type AlarmEvent,
  type AlarmsReader,
  type IncidentRecord,
  incidentChecklist,
  incidentTimeline,
  incidentTimes,
  type LogsReader,
  lookAtImpact,
  type MetricsReader,
  type MonitoredResources,
  measureErrorBudget,
  type Redactor,
  ReleaseError,
  type ReleaseRecord,
  releases,
} from "@slipway/release-engine";
import { readSeries } from "./read-series.ts";

const MINUTE_MS = 60_000;
/** What changed so long before it began may be why, and alarms may have gone off before it hurt. */
const BEFORE_MS = 60 * MINUTE_MS;
/** What went live so long before it began is named, suspected or not. */
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Commits of a suspect that are listed. */
const MOST_COMMITS = 20;

/** A commit of a release. */
export type ReleasedCommit = ContributingChange["commits"][number];

/** With what a post-mortem is made. */
export interface PostmortemPorts {
  readonly metrics: MetricsReader;
  readonly logs: LogsReader;
  readonly alarms: AlarmsReader;
  /** What is written of it has been through this: commits, alarms and logs were not when they came. */
  readonly redactor: Redactor;
  /**
   * What a release brought, the newest first.
   *
   * @param since the commit that ran before
   * @throws {ReleaseError} when git does not have these commits
   */
  commits(since: string, until: string, signal?: AbortSignal): Promise<readonly ReleasedCommit[]>;
}

/** Of which incident. */
export interface PostmortemQuestion {
  readonly environment: string;
  readonly target: string;
  /** What commands to type need after the environment's name: empty, or with a space before it. */
  readonly flags: string;
  readonly record: IncidentRecord;
  /** Of the ledger, those of all releases among them. */
  readonly entries: readonly LedgerEntry[];
  readonly resources: Pick<MonitoredResources, "stages" | "alarms">;
  /** Why nobody knows which resources there are, where that is so: then there is nothing to ask metrics and alarms about. */
  readonly resourcesUnknown?: string;
  readonly config: Pick<EnvironmentConfig, "incidents" | "validation">;
  /** On the target's clock. */
  readonly now: number;
  readonly signal?: AbortSignal;
}

/**
 * Gathers what a post-mortem is written from. What one source does not tell is a gap that is named; the others are there all the same.
 */
export async function gatherPostmortem(ports: PostmortemPorts, question: PostmortemQuestion): Promise<Postmortem> {
  const { environment, target, flags, record, entries, resourcesUnknown, config, now } = question;
  const times = incidentTimes(record, entries);
  const hurt = { from: Date.parse(times.startedAt), to: Date.parse(times.resolvedAt ?? new Date(now).toISOString()) };
  const gaps: string[] = resourcesUnknown === undefined ? [] : [`metrics and alarms: ${resourcesUnknown}`];
  const [impact, series, alarms, changes] = await Promise.all([
    impactOf(ports, question, hurt, gaps),
    resourcesUnknown === undefined
      ? sourceOf("metrics", () => readSeries(ports.metrics, { ...question, window: chartWindow(hurt, now) }), gaps)
      : null,
    alarmsOf(ports, question, hurt.from - BEFORE_MS, gaps),
    Promise.all(record.suspects.map((suspect) => changeOf(ports, question, suspect))),
  ]);
  const until = Math.max(
    hurt.to,
    ...[times.closedAt, times.mitigatedAt].map((at) => (at === null ? 0 : Date.parse(at))),
  );
  const { title, severity, reasons, state, openedBy, roles, reopened } = record;
  const lines = incidentTimeline({
    ...{ record, entries, alarms },
    from: Math.min(hurt.from - BEFORE_MS, ...record.suspects.map(({ changedAt }) => Date.parse(changedAt))),
    to: until,
  });
  const rootCause = record.notes.findLast(({ about }) => about === "root-cause");
  const postmortem: Postmortem = {
    ...{ version: 1, environment, target, incident: record.id, madeAt: new Date(now).toISOString() },
    ...{ title, severity, reasons: [...reasons], state, openedBy, roles, reopened, times },
    ...impact,
    ...{ slowMs: config.validation.responseTime.limitMs, series: series ?? null },
    marks: marksOf(record, entries, times),
    // The same source may have said the same twice, and they answer in no order.
    gaps: [...new Set(gaps)].toSorted(),
    signals: record.signals.map(({ what, since, clearedAt }) => ({ what, since, clearedAt: clearedAt ?? null })),
    timeline: [...lines],
    ...{ changes, otherReleases: otherReleases(record, entries, hurt) },
    actions: record.actions.map(({ id: _, endedAt, ...action }) => ({ ...action, endedAt: endedAt ?? null })),
    resolution: resolutionOf(record),
    rootCause: rootCause === undefined ? null : wordOf(rootCause),
    actionItems: record.notes.filter(({ about }) => about === "action-item" || about === "preventive").map(wordOf),
    checklist: [...incidentChecklist(record, entries, { environment, flags })],
    questions: questionsOf(record, times, impact.impact),
  };
  return ports.redactor.json(postmortem);
}

/** Runs a source; one that does not answer is a gap. */
async function sourceOf<T>(source: string, ask: () => Promise<T>, gaps: string[]): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ReleaseError) || error.kind === "interrupted") {
      throw error;
    }
    gaps.push(`${source}: ${error.what}: ${error.why}`);
    return undefined;
  }
}

async function impactOf(
  ports: PostmortemPorts,
  { record, resources, resourcesUnknown, config, now, signal }: PostmortemQuestion,
  hurt: TimeWindow,
  gaps: string[],
): Promise<Pick<Postmortem, "impact" | "budget">> {
  const { stages } = resources;
  const common = { stages, now, ...(signal && { signal }) };
  const measured =
    resourcesUnknown === undefined
      ? await sourceOf("metrics", () => lookAtImpact(ports, { ...common, ...hurt, config }), gaps)
      : undefined;
  const counted = record.impact;
  if (measured === undefined || (measured.impact.requests === 0 && (counted?.requests ?? 0) > 0)) {
    // What was counted while it hurt is in the ledger for good; metrics are forgotten, and sometimes cannot be read.
    if (counted !== undefined) {
      gaps.push(`metrics of it now: its impact is as it was counted then, until ${counted.to}`);
    }
    return { impact: counted ?? null, budget: null };
  }
  gaps.push(...measured.gaps);
  const { objective } = config.incidents;
  const { failed } = measured.impact;
  const question = { ...common, to: hurt.to, failed, objective };
  const budget = await sourceOf("error budget", () => measureErrorBudget(ports.metrics, question), gaps);
  return { impact: measured.impact, budget: budget ?? null };
}

/** As much before and after as shows what was usual: a quarter of an hour, or a quarter of it. */
function chartWindow({ from, to }: TimeWindow, now: number): TimeWindow {
  const margin = Math.max(15 * MINUTE_MS, (to - from) / 4);
  return { from: from - margin, to: Math.max(to, Math.min(now, to + margin)) };
}

async function alarmsOf(
  { alarms }: PostmortemPorts,
  { resources, signal }: PostmortemQuestion,
  since: number,
  gaps: string[],
): Promise<readonly AlarmEvent[]> {
  const histories = await Promise.all(
    resources.alarms.map((name) => sourceOf("alarms", () => alarms.history(name, since, signal), gaps)),
  );
  return histories.flatMap((each) => each ?? []);
}

async function changeOf(
  ports: PostmortemPorts,
  { entries, signal }: PostmortemQuestion,
  suspect: IncidentRecord["suspects"][number],
): Promise<ContributingChange> {
  const records = releases(entries);
  const release = records.find(({ id }) => id === suspect.release);
  const commit = release?.plan.source.commit ?? undefined;
  const before = commitBefore(release, records);
  const known = {
    ...suspect,
    ...(release === undefined ? {} : { by: release.startedBy }),
    ...(commit === undefined ? {} : { commit }),
  };
  if (release === undefined || commit === undefined || before === undefined) {
    const why = commit === undefined ? "it was released without a commit" : "nothing says what ran before it";
    return { ...known, commits: [], moreCommits: 0, withoutCommits: why };
  }
  const gaps: string[] = [];
  const commits = (await sourceOf("git", () => ports.commits(before, commit, signal), gaps)) ?? [];
  return {
    ...known,
    commits: commits.slice(0, MOST_COMMITS),
    moreCommits: Math.max(0, commits.length - MOST_COMMITS),
    ...(gaps[0] === undefined ? {} : { withoutCommits: gaps[0] }),
  };
}

function otherReleases(
  { suspects }: IncidentRecord,
  entries: readonly LedgerEntry[],
  { from, to }: TimeWindow,
): Postmortem["otherReleases"] {
  return releases(entries).flatMap(({ id: release, liveAt, startedBy: by, plan }) => {
    const at = liveAt === undefined ? Number.NaN : Date.parse(liveAt);
    if (
      liveAt === undefined ||
      !(at >= from - DAY_MS && at <= to) ||
      suspects.some((each) => each.release === release)
    ) {
      return [];
    }
    const { rollsBack, source } = plan;
    const what =
      rollsBack === undefined ? "a release" : `took back ${rollsBack.parts.join(" and ")} to ${rollsBack.to}`;
    return [{ release, liveAt, by, what, commit: source.commit }];
  });
}

function commitBefore(release: ReleaseRecord | undefined, records: readonly ReleaseRecord[]): string | undefined {
  const previous = release?.plan.previous;
  return records.find(({ id }) => id === previous)?.plan.source.commit ?? undefined;
}

function marksOf(
  { id, suspects }: IncidentRecord,
  entries: readonly LedgerEntry[],
  { startedAt, detectedAt, mitigatedAt, resolvedAt }: Postmortem["times"],
): Postmortem["marks"] {
  const from = new Date(Date.parse(startedAt) - BEFORE_MS).toISOString();
  const until = resolvedAt ?? "9";
  const suspected = new Map(suspects.map(({ release, changedAt }) => [release, changedAt]));
  const released = releases(entries).flatMap(({ id: release, liveAt, plan }): IncidentMark[] => {
    const at = suspected.get(release) ?? liveAt;
    const what = plan.rollsBack === undefined ? release : `${release} back to ${plan.rollsBack.to}`;
    return at === undefined || at < from || at > until ? [] : [{ at, kind: "release", label: what }];
  });
  const turn = (kind: IncidentMark["kind"], at: string | null): IncidentMark[] =>
    at === null ? [] : [{ at, kind, label: `${id} ${kind}` }];
  return [
    ...released,
    ...turn("detected", detectedAt),
    ...turn("mitigated", mitigatedAt),
    ...turn("resolved", resolvedAt),
  ].toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));
}

function resolutionOf({ resolution }: IncidentRecord): Postmortem["resolution"] {
  if (resolution === undefined) {
    return null;
  }
  const { verdict, override, by } = resolution;
  return { reason: verdict.reason, by, ...(override === undefined ? {} : { override }) };
}

function wordOf({ at, by, text }: IncidentRecord["notes"][number]): Postmortem["actionItems"][number] {
  return { at, by, text };
}

/** What numbers and ledger do not know, each time; and what follows from what they say of this one. */
function questionsOf(record: IncidentRecord, times: Postmortem["times"], impact: Postmortem["impact"]): string[] {
  const minutes = Math.round((Date.parse(times.detectedAt) - Date.parse(times.startedAt)) / MINUTE_MS);
  return [
    "why did it happen? Ask why until the answer is something that can be changed",
    "why did no test, no check of the release, and no canary stop it?",
    `it was detected after ${minutes} min: what would have found it sooner?`,
    ...(times.acknowledgedAt === null ? ["nobody has acknowledged it: who should have been told, and how?"] : []),
    ...(times.mitigatedAt === null
      ? ["nothing is recorded that helped: what did, or did it pass by itself?"]
      : ["what would have mitigated it sooner?"]),
    ...(record.reopened === 0 ? [] : ["it came back after it had been resolved: what was missed?"]),
    ...(impact === null || impact.callers === null ? ["how many users were hit? Nobody knows from the numbers"] : []),
    "what went well, and what was luck?",
    "which documents and runbooks were missing or wrong?",
  ];
}
