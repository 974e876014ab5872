import {
  groupSignals,
  type IncidentMeasurements,
  type IncidentTopic,
  isSeenOverWindow,
  isStillLogged,
  judgeRecovery,
  judgeSeverity,
  judgeSignals,
  type SignalGroup,
  topicOf,
  type UnknownSource,
  unknownSources,
  whyOutOfSight,
} from "@slipway/analysis";
import type { Actor, IncidentImpact, IncidentSignal } from "@slipway/contracts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Announcer } from "../../ports/announcer.ts";
import { attempt } from "../../validation/attempt.ts";
import type { IncidentRecord } from "../incident-record.ts";
import { incidents } from "../incidents.ts";
import { measureImpact } from "../postmortem/measure-impact.ts";
import { classifyIncident } from "../records/classify-incident.ts";
import { escalateOverdue } from "../records/escalate-overdue.ts";
import { observeIncident } from "../records/observe-incident.ts";
import { openIncident } from "../records/open-incident.ts";
import { reopenIncident } from "../records/reopen-incident.ts";
import { resolveIncident } from "../records/resolve-incident.ts";
import { tellIncidents } from "../records/tell-incidents.ts";
import type { IncidentWrite } from "../records/write-incident.ts";
import { belongTo, incidentFor, isUnderWay } from "./incident-for.ts";
import { type IncidentPorts, type IncidentSubject, measureIncidents } from "./measure-incidents.ts";
import { titleOf } from "./title-of.ts";

const MINUTE_MS = 60_000;

export interface LookPorts extends IncidentPorts {
  readonly ledger: Pick<Ledger, "environment" | "head" | "read" | "append" | "appendAfter">;
  /** Tells people; without one nobody is told, and whoever looks next with one tells it. */
  readonly announcer?: Announcer;
}

export interface LookRequest extends Omit<IncidentSubject, "entries" | "head"> {
  readonly by: Actor;
  /** What commands to type next need after the environment's name: ` --local`. */
  readonly flags: string;
}

/** Signals of one cause, and what became of them. */
export interface LookedGroup {
  readonly topic: IncidentTopic;
  readonly signals: readonly IncidentSignal[];
  /** The incident that they belong to; null where they open none. */
  readonly incident: string | null;
  /** Why they open none. */
  readonly why?: string;
}

/** What one look has found, and done. */
export interface IncidentLook {
  readonly measurements: IncidentMeasurements;
  readonly groups: readonly LookedGroup[];
  /** What could not be looked at. */
  readonly unknown: readonly UnknownSource[];
  /** All incidents, as they are now. */
  readonly incidents: readonly IncidentRecord[];
  /** What was written down. */
  readonly written: readonly IncidentWrite[];
  /** `open`: an incident is under way, or would be if rules opened any; `unknown`: none is, and not everything could be looked at. */
  readonly outcome: "quiet" | "open" | "unknown";
}

/**
 * Looks once whether an environment is well: measures, judges, and writes down what that means for its incidents. What has one cause opens
 * one incident, belongs to the one that is under way, or opens the one again that was over a moment ago; where nothing is seen any more and
 * the numbers are good again for a window, it is resolved. What could not be read changes nothing.
 *
 * ```
 * measure ── signals ── groups ──┬── of no incident ────────── open, with its severity
 *                                ├── of one under way ──────── observe, worse: classify
 *                                └── of one that was over ──── reopen
 *            under way, quiet ──────── numbers good ────────── resolve
 *            not acknowledged ──────── clock ran out ───────── escalate
 *                                                              tell people of all of it
 * ```
 *
 * It has no memory of its own, and needs no lease: several may look at the same time, and one that was killed is gone on with by the next.
 *
 * @throws {ReleaseError} when the ledger cannot be read or written; `interrupted` when asked to stop
 */
export async function lookForIncidents(ports: LookPorts, request: LookRequest): Promise<IncidentLook> {
  const { ledger, announcer, clock } = ports;
  const { config, by, flags, signal } = request;
  const [entries, head] = [await ledger.read(signal), await ledger.head()];
  const measurements = await measureIncidents(ports, { ...request, entries, head });
  const signals = judgeSignals(measurements, config);
  const look = new Look(ports, request, measurements);
  const groups: LookedGroup[] = [];
  const read = async () => incidents(await ledger.read(signal));
  let records = incidents(entries);
  for (const group of groupSignals(signals, measurements.dependencies)) {
    groups.push(await look.takeUp(group, records));
    // What was opened for one group may be what another belongs to.
    records = await read();
  }
  for (const record of records.filter(isUnderWay)) {
    await look.goOn(record);
  }
  const asked = { by, flags, config: config.incidents, ...(signal && { signal }) };
  if (records.some(({ state }) => state === "open")) {
    look.written.push(...(await escalateOverdue(ledger, { ...asked, now: clock.now() })));
  }
  const written = look.written.filter(({ entry }) => entry !== undefined);
  if (announcer !== undefined) {
    await tellIncidents({ ledger, announcer, clock }, { ...asked, written });
  }
  const unknown = unknownSources(measurements, config);
  records = written.length === 0 ? records : await read();
  const isOpen = records.some(isUnderWay) || groups.some((group) => group.incident === null && opens(group.signals));
  return {
    ...{ measurements, groups, unknown, incidents: records, written },
    outcome: isOpen ? "open" : unknown.length > 0 ? "unknown" : "quiet",
  };
}

function opens(signals: readonly IncidentSignal[]): boolean {
  return signals.some(({ aside }) => aside === undefined);
}

/** One look at work. */
class Look {
  readonly written: IncidentWrite[] = [];
  readonly #ports: LookPorts;
  readonly #request: LookRequest;
  readonly #measurements: IncidentMeasurements;
  /** What fires now of each incident. */
  readonly #firing = new Map<string, IncidentSignal[]>();

  constructor(ports: LookPorts, request: LookRequest, measurements: IncidentMeasurements) {
    this.#ports = ports;
    this.#request = request;
    this.#measurements = measurements;
  }

  /** Finds the incident of a group of signals, or opens one. */
  async takeUp({ topic, signals }: SignalGroup, records: readonly IncidentRecord[]): Promise<LookedGroup> {
    const { dependencies, at } = this.#measurements;
    const counting = signals.filter(({ aside }) => aside === undefined);
    const looked = { topic, signals };
    if (counting.length === 0) {
      return { ...looked, incident: null, why: signals[0]?.aside ?? "nothing counts" };
    }
    const known = incidentFor(counting, records, dependencies, at);
    if (known === undefined) {
      if (!this.#request.config.incidents.automatic.open) {
        return { ...looked, incident: null, why: "the configuration says that people open incidents" };
      }
      return { ...looked, incident: await this.#open(counting) };
    }
    if (!isUnderWay(known)) {
      await this.#reopen(known, counting);
    }
    this.#fire(known.id, counting);
    return { ...looked, incident: known.id };
  }

  /** Writes down how an incident that is under way goes on, or that it is over. */
  async goOn(record: IncidentRecord): Promise<void> {
    const { ledger } = this.#ports;
    const { by, flags, signal } = this.#request;
    const about = { by, flags, incident: record.id, ...(signal && { signal }) };
    const measurements = this.#measurements;
    // What nobody can see at the moment is as it was, and so is what is no news any more.
    const lasting = record.signals.filter(
      (known) =>
        known.clearedAt === undefined &&
        (whyOutOfSight(known, measurements) !== undefined || isStillLogged(known, measurements)),
    );
    const seen = this.#firing.get(record.id) ?? [];
    const ids = new Set(seen.map(({ id }) => id));
    const firing = [...seen, ...lasting.filter(({ id }) => !ids.has(id)).map(signalOnly)];
    const hurts = seen.length > 0 && record.signals.some(({ kind }) => isOfTraffic(kind));
    const impact = hurts ? await this.#impactSince(record.startedAt) : undefined;
    let observed = record;
    if (record.signals.length > 0 || firing.length > 0) {
      const write = await observeIncident(ledger, { ...about, signals: firing, ...(impact && { impact }) });
      this.written.push(write);
      observed = write.record;
    }
    if (seen.length > 0) {
      const judged = judgeSeverity(firing, impact, this.#request.config.incidents);
      this.written.push(await classifyIncident(ledger, { ...about, ...judged, classifiedBy: "rule" }));
    }
    if (firing.length === 0 && record.signals.length > 0) {
      await this.#resolveWhereOver(observed, about);
    }
  }

  async #open(signals: readonly IncidentSignal[]): Promise<string> {
    const { by, flags, config, signal } = this.#request;
    const { at, dependencies } = this.#measurements;
    const startedAt = signals.map(({ since }) => since).sort()[0] ?? new Date(at).toISOString();
    const impact = signals.some(({ kind }) => isOfTraffic(kind)) ? await this.#impactSince(startedAt) : undefined;
    const write = await openIncident(this.#ports.ledger, {
      ...{ by, flags, title: titleOf(signals), startedAt, signals, openedBy: "rule" },
      ...judgeSeverity(signals, impact, config.incidents),
      seenAt: new Date(at).toISOString(),
      isSame: (record) => belongTo(record, signals, dependencies, at),
      ...(signal && { signal }),
    });
    this.written.push(write);
    this.#fire(write.record.id, signals);
    return write.record.id;
  }

  async #reopen(record: IncidentRecord, signals: readonly IncidentSignal[]): Promise<void> {
    const { by, flags, signal } = this.#request;
    const [first] = signals;
    const reason = `it has come back: ${first?.what ?? ""}`;
    this.written.push(
      await reopenIncident(this.#ports.ledger, {
        ...{ by, flags, incident: record.id, signals, reason },
        seenAt: new Date(this.#measurements.at).toISOString(),
        ...(signal && { signal }),
      }),
    );
  }

  async #resolveWhereOver(
    record: IncidentRecord,
    about: { readonly by: Actor; readonly flags: string; readonly incident: string },
  ): Promise<void> {
    const { at, window } = this.#measurements;
    const { config } = this.#request;
    // Of what a look cannot tell afterwards, only looks count that have seen nothing.
    const quietSince = Math.max(
      ...record.signals.map((known) => {
        const { clearedAt, lastSeenAt } = known;
        const since = isSeenOverWindow(known, this.#measurements) ? lastSeenAt : clearedAt;
        return clearedAt === undefined || since === undefined ? at : Date.parse(since);
      }),
    );
    if (
      at - quietSince < config.incidents.windowMinutes * MINUTE_MS ||
      record.actions.some(({ state }) => state === "running")
    ) {
      return;
    }
    const verdict = judgeRecovery(this.#measurements, config, record.signals);
    if (verdict.status !== "successful") {
      return;
    }
    const resolvedAt = new Date(Math.max(window.from, Date.parse(record.startedAt))).toISOString();
    const impact = record.signals.some(({ kind }) => isOfTraffic(kind))
      ? await this.#impactSince(record.startedAt, Date.parse(resolvedAt))
      : undefined;
    this.written.push(
      await resolveIncident(this.#ports.ledger, { ...about, verdict, resolvedAt, ...(impact && { impact }) }),
    );
  }

  #fire(incident: string, signals: readonly IncidentSignal[]): void {
    this.#firing.set(incident, [...(this.#firing.get(incident) ?? []), ...signals]);
  }

  /** Whom it has hit; undefined where that cannot be read now: the next look counts again. */
  async #impactSince(startedAt: string, to = this.#measurements.at): Promise<IncidentImpact | undefined> {
    const { config, resources, signal } = this.#request;
    if (resources.stages.length === 0) {
      return undefined;
    }
    const measured = await attempt(
      () =>
        measureImpact(this.#ports, {
          ...{ from: Date.parse(startedAt), to, stages: resources.stages, now: this.#measurements.at, config },
          ...(signal && { signal }),
        }),
      signal,
    );
    return "value" in measured ? measured.value : undefined;
  }
}

/** What hits requests can be counted by them. */
function isOfTraffic(kind: IncidentSignal["kind"]): boolean {
  return topicOf(kind) === "service";
}

function signalOnly({
  lastSeenAt: _lastSeenAt,
  clearedAt: _clearedAt,
  ...signal
}: IncidentRecord["signals"][number]): IncidentSignal {
  return signal;
}
