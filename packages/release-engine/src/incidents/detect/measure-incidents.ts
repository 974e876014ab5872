import {
  type Dependencies,
  type IncidentMeasurements,
  nodeOf,
  type RisenLatency,
  risenFrom,
  type StageHistory,
  type StageMeasurement,
  type TimeWindow,
} from "@slipway/analysis";
import type { EnvironmentConfig, Holder, LedgerEntry, MeasuredValue } from "@slipway/contracts";
import { lockedAt } from "../../infrastructure/locked-at.ts";
import type { MonitoredResources } from "../../monitoring/monitored-resources.ts";
import type { AlarmsReader } from "../../ports/alarms.ts";
import type { Clock } from "../../ports/clock.ts";
import type { HttpClient } from "../../ports/http-client.ts";
import type { LedgerHead } from "../../ports/ledger-table.ts";
import type { LogsReader } from "../../ports/logs.ts";
import type { MetricsReader } from "../../ports/metrics.ts";
import type { StateLock } from "../../ports/release-terraform.ts";
import type { TerraformState } from "../../ports/terraform-states.ts";
import { ReleaseError } from "../../release-error.ts";
import { attempt } from "../../validation/attempt.ts";
import { dependenciesOf } from "./dependencies-of.ts";
import type { LookMemory } from "./look-memory.ts";
import { measureAlarmStates } from "./measure-alarm-states.ts";
import { measureEarlierDays, timesOfTrouble } from "./measure-earlier-days.ts";
import { measureErrorLogs } from "./measure-error-logs.ts";
import { measureMemory } from "./measure-memory.ts";
import { measureProbes } from "./measure-probes.ts";
import { measureRefused } from "./measure-refused.ts";
import { measureTraffic } from "./measure-traffic.ts";
import { operationsOf } from "./operations-of.ts";
import { type WatchedAlarm, watchedAlarms } from "./watched-alarms.ts";

const MINUTE_MS = 60_000;
/** So many windows are read: what is rare takes longer to tell from chance. */
const READ_WINDOWS = 6;
/** A source that has not answered by then is one that does not answer. */
const ANSWER_MS = 30_000;

/** With what is looked. */
export interface IncidentPorts {
  readonly metrics: MetricsReader;
  readonly logs: LogsReader;
  readonly alarms: AlarmsReader;
  readonly http: HttpClient;
  /** The target's clock. */
  readonly clock: Clock;
  /** The machine's, which the lease, locks of the state, and pauses between two tries go by. */
  readonly leaseClock: Clock;
  /** Who holds the lock of the Terraform state, and whether that process is known to be dead. */
  readonly stateLock?: {
    readonly location: string;
    read(signal?: AbortSignal): Promise<StateLock | undefined>;
    /** @returns undefined where nobody knows */
    isAbandoned(lock: StateLock): Promise<boolean | undefined>;
  };
  /** Whether a holder of the lease is known to be dead. */
  isGone(holder: Holder): boolean;
}

/** What is looked at. */
export interface IncidentSubject {
  /** Empty where it cannot be read. */
  readonly state: TerraformState;
  /** Why the state cannot be read: then `resources` are those that the ledger names, and these their dependencies. */
  readonly withoutState?: { readonly unknown: string; readonly next?: string; readonly dependencies: Dependencies };
  readonly resources: MonitoredResources;
  readonly config: Pick<EnvironmentConfig, "incidents" | "validation" | "smoke" | "release">;
  /** URL of the API's stage; undefined where no output has it. */
  readonly apiUrl: string | undefined;
  /** The ledger as it is now. */
  readonly entries: readonly LedgerEntry[];
  readonly head: LedgerHead | undefined;
  /** Of a process that looks again and again. */
  readonly memory?: LookMemory;
  readonly signal?: AbortSignal;
}

/**
 * Looks at everything of an environment that tells whether it is well. Nothing is judged here. A source that does not answer, or may not be
 * asked, is told as such, and holds up nothing else.
 *
 * @throws {ReleaseError} `interrupted` when asked to stop
 */
export async function measureIncidents(ports: IncidentPorts, subject: IncidentSubject): Promise<IncidentMeasurements> {
  const { state, withoutState, resources, config, entries, head, memory, signal } = subject;
  const { metrics, logs, alarms, clock, leaseClock, isGone } = ports;
  const now = clock.now();
  const windowMs = config.incidents.windowMinutes * MINUTE_MS;
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const window: TimeWindow = { from: minute - windowMs, to: now };
  const read: TimeWindow = { from: minute - READ_WINDOWS * windowMs, to: now };
  const { operations, versions } = operationsOf({
    ...{ entries, head, now, leaseNow: leaseClock.now(), isGone },
    since: read.from - windowMs,
  });
  const ground =
    withoutState === undefined ? groundOf(state, resources) : { alarms: [], dependencies: withoutState.dependencies };
  const unnamed = withoutState && {
    unknown: withoutState.unknown,
    ...(withoutState.next && { next: withoutState.next }),
  };
  const answers = new AnswerTimes(signal);
  try {
    const ask = <T>(measure: (signal: AbortSignal) => Promise<T>) => answers.within(measure);
    const more = { ...(memory && { memory }) };
    const { days } = config.incidents.earlierDays;
    const compared = isCompared(config) ? resources.stages : [];
    const earlier = ask((stop) => measureEarlierDays(metrics, { stages: compared, days, now, ...more, signal: stop }));
    const [traffic, observed, errors, used, probes, lock] = await Promise.all([
      ask(async (stop) => {
        const risen = risenOf(await earlier, now, config);
        return measureTraffic(metrics, { resources, window: read, config, versions, risen, signal: stop });
      }),
      unnamed ?? ask((stop) => measureAlarmStates(alarms, ground.alarms, { now, recent: window.from, signal: stop })),
      ask((stop) =>
        measureErrorLogs(logs, {
          ...{ functions: resources.functions, filter: config.validation.logs.errorFilter, window, now, signal: stop },
          ...more,
        }),
      ),
      unnamed ?? ask((stop) => measureMemory(logs, resources.functions, window, { ...more, signal: stop })),
      ask((stop) => probe(ports, subject, stop)),
      ask((stop) => lookAtLock(ports, stop)),
    ]);
    const stages = "value" in traffic ? await withRefused(logs, resources, traffic.value.stages, read, ask) : undefined;
    return {
      ...{ at: now, window, read },
      ...(unnamed && { withoutState: unnamed }),
      ...(isCompared(config) && { earlier: withTrouble(await earlier, entries, now) }),
      stages: stages === undefined ? unknownOf(traffic) : { value: stages },
      functions: "value" in traffic ? { value: traffic.value.functions } : traffic,
      tables: "value" in traffic ? { value: traffic.value.tables } : traffic,
      ...{ alarms: observed, logs: errors, memory: used },
      probes: "value" in probes && probes.value === null ? null : (probes as IncidentMeasurements["probes"]),
      ...{ lock, operations },
      dependencies: ground.dependencies,
    };
  } finally {
    answers.close();
  }
}

function isCompared({ incidents: { earlierDays } }: IncidentSubject["config"]): boolean {
  return earlierDays.slower || earlierDays.vanished;
}

function risenOf(
  earlier: MeasuredValue<readonly StageHistory[]>,
  now: number,
  config: IncidentSubject["config"],
): ReadonlyMap<string, Omit<RisenLatency, "minutes">> {
  const histories = "value" in earlier ? earlier.value : [];
  return new Map(
    histories.flatMap((history) => {
      const risen = risenFrom(history, now, config);
      return risen === undefined ? [] : [[history.name, risen] as const];
    }),
  );
}

function withTrouble(
  earlier: MeasuredValue<readonly StageHistory[]>,
  entries: readonly LedgerEntry[],
  now: number,
): MeasuredValue<readonly StageHistory[]> {
  const without = timesOfTrouble(entries, now);
  return "value" in earlier ? { value: earlier.value.map((history) => ({ ...history, without })) } : earlier;
}

interface Ground {
  readonly alarms: readonly WatchedAlarm[];
  readonly dependencies: Dependencies;
}

/** A state is looked at again and again, and never changes. */
const grounds = new WeakMap<TerraformState, Ground>();

function groundOf(state: TerraformState, resources: MonitoredResources): Ground {
  const known = grounds.get(state);
  if (known !== undefined) {
    return known;
  }
  const alarms = watchedAlarms(state);
  const watches = alarms.map(({ name, watches: nodes }) => [nodeOf({ type: "alarm", name }), nodes] as const);
  const ground = { alarms, dependencies: { ...dependenciesOf(state, resources), ...Object.fromEntries(watches) } };
  grounds.set(state, ground);
  return ground;
}

type Ask = <T>(measure: (signal: AbortSignal) => Promise<T>) => Promise<MeasuredValue<T>>;

function withRefused(
  logs: LogsReader,
  resources: MonitoredResources,
  stages: readonly (Omit<StageMeasurement, "refused"> & { readonly clientErrors: number })[],
  window: TimeWindow,
  ask: Ask,
): Promise<readonly StageMeasurement[]> {
  return Promise.all(
    stages.map(async ({ clientErrors, ...stage }, index) => {
      const monitored = resources.stages[index];
      const refused =
        monitored === undefined
          ? { value: null }
          : await ask((stop) => measureRefused(logs, monitored, clientErrors, window, stop));
      return { ...stage, refused: "value" in refused ? refused.value : refused };
    }),
  );
}

async function probe(
  { http, clock, leaseClock }: IncidentPorts,
  { apiUrl, config, resources }: IncidentSubject,
  signal: AbortSignal,
) {
  if (apiUrl === undefined) {
    return null;
  }
  const sent = await measureProbes({ http, clock, pause: leaseClock }, apiUrl, config, signal);
  const [stage, ...others] = resources.stages;
  return sent.length === 0
    ? null
    : { stage: stage === undefined || others.length > 0 ? null : `${stage.apiName}/${stage.stage}`, sent };
}

async function lookAtLock({ stateLock, clock, leaseClock }: IncidentPorts, signal: AbortSignal) {
  const lock = await stateLock?.read(signal);
  if (stateLock === undefined || lock === undefined) {
    return null;
  }
  // A lock has the machine's time, and all others are the target's.
  const since = lockedAt(lock) + clock.now() - leaseClock.now();
  return {
    ...{ location: stateLock.location, who: lock.who, operation: lock.operation },
    since: Number.isNaN(since) ? clock.now() : since,
    abandoned: (await stateLock.isAbandoned(lock)) ?? null,
  };
}

function unknownOf<T>(measured: MeasuredValue<unknown>): MeasuredValue<T> {
  return "unknown" in measured ? measured : { unknown: "it was not read" };
}

/** Sources of one look, each of which has so much time to answer. */
class AnswerTimes {
  readonly #signal: AbortSignal | undefined;
  readonly #stop = new AbortController();
  readonly #tooLate: Promise<never>;
  readonly #timer: NodeJS.Timeout;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    this.#tooLate = promise;
    this.#timer = setTimeout(() => {
      reject(
        new ReleaseError({
          kind: "timeout",
          what: "It does not answer",
          why: `no answer within ${ANSWER_MS / 1_000} s`,
          next: "it is asked again with the next look",
        }),
      );
      this.#stop.abort();
    }, ANSWER_MS);
  }

  within<T>(measure: (signal: AbortSignal) => Promise<T>): Promise<MeasuredValue<T>> {
    const signal = this.#signal === undefined ? this.#stop.signal : AbortSignal.any([this.#signal, this.#stop.signal]);
    const measuring = () => Promise.race([measure(signal), this.#tooLate]);
    return attempt(measuring, this.#signal);
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
