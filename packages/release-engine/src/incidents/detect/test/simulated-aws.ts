import type { AlarmState, AlarmsReader, ObservedAlarm } from "../../../ports/alarms.ts";
import type { HttpClient } from "../../../ports/http-client.ts";
import type { LogEvent, LogsReader } from "../../../ports/logs.ts";
import type { MetricPoint, MetricQuestion, MetricsReader } from "../../../ports/metrics.ts";
import type { Random } from "./random.ts";
import { API, DOWN, FUNCTION, MEMORY_MB, simulatedAlarms, TABLE, TOPIC } from "./simulated-state.ts";
import { MINUTE_MS, type TrafficMinute } from "./simulated-traffic.ts";

/** Which version of the function has the traffic, and which is being tried out. */
export interface Versions {
  readonly live: string;
  readonly tried: string | undefined;
}

const ERRORS = [
  ["ConditionalCheckFailed", "the item was changed by somebody else"],
  ["ServiceUnavailable", "the table did not answer in time"],
  ["TypeError", "cannot read properties of undefined (reading 'tags')"],
  ["ValidationError", "the cursor is none of this list"],
] as const;

type Counted = (minute: TrafficMinute) => number;

/** What CloudWatch counts of a minute; only where anything happened. */
const METRICS: Readonly<Record<string, Counted>> = {
  "AWS/ApiGateway Count Sum": ({ requests }) => requests,
  "AWS/ApiGateway 5XXError Sum": ({ faults, failures, throttles }) => faults + failures + throttles,
  "AWS/ApiGateway 4XXError Sum": ({ clientErrors, refused }) => clientErrors + refused,
  "AWS/ApiGateway Latency SampleCount": ({ requests }) => requests,
  "AWS/ApiGateway Latency TC(1000:)": ({ slow }) => slow,
  "AWS/Lambda Invocations Sum": ({ requests }) => requests,
  "AWS/Lambda Errors Sum": ({ failures }) => failures,
  "AWS/Lambda Throttles Sum": ({ throttles }) => throttles,
  "AWS/Lambda Duration TC(9000:)": ({ long }) => long,
  "AWS/DynamoDB ReadThrottleEvents Sum": ({ tableThrottles }) => tableThrottles,
  "AWS/DynamoDB SuccessfulRequestLatency SampleCount": ({ tableRequests }) => tableRequests,
  "AWS/DynamoDB SystemErrors Sum": ({ systemErrors }) => systemErrors,
};

/** AWS as a look sees it, made of minutes that are written into it one after the other. */
export class SimulatedAws implements MetricsReader, HttpClient {
  readonly minutes = new Map<number, TrafficMinute>();
  readonly versions = new Map<number, Versions>();
  /** Alarms that somebody has deleted, or disabled. */
  readonly missing = new Set<string>();
  readonly disabled = new Set<string>();
  /** Sources that do not answer: they throw this. */
  readonly down = new Map<"metrics" | "logs" | "alarms", Error>();
  /** Says which errors a version logs: names change with releases. */
  release = 1;
  readonly #random: Random;
  readonly #alarms = new Map<string, { state: AlarmState; since: number; reason: string }>();
  readonly #points = new Map<string, MetricPoint[]>();
  readonly #lines = new Map<number, LogEvent[]>();
  #now = 0;
  #first: number | undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A minute is over. */
  end(at: number, minute: TrafficMinute, versions: Versions): void {
    this.#first ??= at;
    this.#now = at + MINUTE_MS;
    this.minutes.set(at, minute);
    this.versions.set(at, versions);
    if (minute.requests > 0 || minute.throttles > 0) {
      for (const [name, count] of Object.entries(METRICS)) {
        this.#pointsOf(name).push({ at, value: count(minute) });
      }
    }
    for (const version of [versions.live, versions.tried]) {
      if (version !== undefined) {
        this.#countVersion(at, version, minute, versions);
      }
    }
    this.#keepPeriod(at);
    this.#lines.set(at, this.#write(at, minute, versions));
    this.#evaluate();
  }

  #countVersion(
    at: number,
    version: string,
    { requests, faults, failures, slow, tried }: TrafficMinute,
    { tried: which }: Versions,
  ) {
    const counts =
      version === which
        ? tried
        : {
            calls: requests - tried.calls,
            faults: faults - tried.faults,
            failures: failures - tried.failures,
            slow: slow - tried.slow,
          };
    if (counts.calls > 0) {
      this.#pointsOf(`Invocations Sum ${version}`).push({ at, value: counts.calls });
      this.#pointsOf(`Errors Sum ${version}`).push({ at, value: counts.failures });
      this.#pointsOf(`Duration TC(1000:) ${version}`).push({ at, value: counts.slow });
      this.#pointsOf(`faults Sum ${version}`).push({ at, value: counts.faults });
    }
  }

  #pointsOf(name: string): MetricPoint[] {
    const known = this.#points.get(name) ?? [];
    this.#points.set(name, known);
    return known;
  }

  /** Five minutes are over. */
  #keepPeriod(at: number): void {
    const end = at + MINUTE_MS;
    if (end % (5 * MINUTE_MS) === 0) {
      const own = [...this.#between(end - 5 * MINUTE_MS, end)].map(([, minute]) => minute);
      const requests = own.reduce((sum, minute) => sum + minute.requests, 0);
      this.recall(
        end - 5 * MINUTE_MS,
        requests,
        own.reduce((most, { p90Ms }) => most + p90Ms / own.length, 0),
      );
    }
  }

  /** What happened on an earlier day, in five minutes. */
  recall(at: number, requests: number, p90Ms: number): void {
    if (requests > 0) {
      this.#pointsOf("5 min AWS/ApiGateway Count Sum").push({ at, value: requests });
      this.#pointsOf("5 min AWS/ApiGateway Latency p90").push({ at, value: p90Ms });
    }
  }

  async read(questions: readonly MetricQuestion[], { from, to }: { from: number; to: number }, periodSeconds: number) {
    this.#assertUp("metrics");
    return questions.map((question) => {
      const { id } = question;
      const asked = "metric" in question ? nameOf(question) : "";
      const name = periodSeconds === 300 ? `5 min ${asked}` : asked;
      const [, longer] = /^AWS\/ApiGateway Latency TC\((\d+):\)$/.exec(name) ?? [];
      if (longer !== undefined && longer !== "1000") {
        return { id, label: name, points: this.#longer(Number(longer), { from, to }) };
      }
      const points = this.#points.get(name) ?? [];
      return { id, label: name, points: between(points, Math.floor(from / MINUTE_MS) * MINUTE_MS, to) };
    });
  }

  /** Answers that took longer, where what is beyond nine tenths thins out as it does with waiting times. */
  #longer(ms: number, { from, to }: { from: number; to: number }): MetricPoint[] {
    return [...this.#between(from, to)].flatMap(([at, { requests, p90Ms }]) =>
      requests === 0
        ? []
        : [
            {
              at,
              value: Math.min(requests, Math.floor(requests * 0.1 ** (ms / p90Ms) + ((at / MINUTE_MS) % 10) / 10)),
            },
          ],
    );
  }

  async list() {
    return [];
  }

  async send({ url }: { readonly url: string }) {
    const last = this.minutes.get(Math.floor((this.#now - 1) / MINUTE_MS) * MINUTE_MS);
    const fails = last?.probes === "fail" || (last?.probes !== "no-answer" && this.#random.next() < 0.002);
    if (last?.probes === "no-answer") {
      const { ReleaseError } = await import("../../../release-error.ts");
      throw new ReleaseError({ kind: "unreachable", what: `${url} does not answer`, why: "ECONNREFUSED", next: "-" });
    }
    return { status: fails ? 503 : 200, headers: {}, body: "" };
  }

  readonly logs: LogsReader = {
    events: (_question, window) => this.#events(window),
    query: async ({ query }, window) => {
      this.#assertUp("logs");
      return {
        fields: [],
        rows: this.#rows(query, window),
        statistics: { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 },
      };
    },
    // biome-ignore lint/correctness/useYield: nobody follows here
    async *follow() {
      throw new Error("not asked here");
    },
    savedQueries: async () => [],
  };

  async *#events({ from, to }: { from: number; to: number }): AsyncGenerator<LogEvent> {
    this.#assertUp("logs");
    for (let at = Math.floor(from / MINUTE_MS) * MINUTE_MS; at < to; at += MINUTE_MS) {
      yield* this.#lines.get(at) ?? [];
    }
  }

  #rows(query: string, { from, to }: { from: number; to: number }): Readonly<Record<string, string>>[] {
    const minutes = [...this.#between(from, to)];
    const sum = (count: (minute: TrafficMinute) => number) =>
      String(minutes.reduce((total, [, minute]) => total + count(minute), 0));
    if (query.includes("@maxMemoryUsed")) {
      const share = Math.max(0, ...minutes.map(([, { memoryShare }]) => memoryShare));
      const bytes = MEMORY_MB * 1_000_000;
      const [high, most] = [share * bytes, Math.min(1, share * 1.05) * bytes].map(String) as [string, string];
      return [{ calls: sum(({ requests }) => requests), high, most, size: String(bytes) }];
    }
    if (query.includes("as minute")) {
      return minutes
        .filter(([, { refused }]) => refused > 0)
        .map(([at, { refused }]) => ({
          minute: new Date(at).toISOString().replace("T", " ").replace("Z", ""),
          refused: String(refused),
        }));
    }
    const refused = sum((each) => each.refused);
    return query.includes("as answer")
      ? [
          { answer: "429", lines: refused },
          { answer: "200", lines: sum(({ requests, refused: not }) => requests - not) },
        ]
      : [{ callers: sum(({ faults, failures }) => faults + failures) }];
  }

  *#between(from: number, to: number): Iterable<readonly [number, TrafficMinute]> {
    for (let at = Math.floor(from / MINUTE_MS) * MINUTE_MS; at < to; at += MINUTE_MS) {
      const minute = this.minutes.get(at);
      if (minute !== undefined) {
        yield [at, minute];
      }
    }
  }

  readonly alarms: AlarmsReader = {
    describe: async (names) => {
      this.#assertUp("alarms");
      return names.filter((name) => !this.missing.has(name)).map((name) => this.#describe(name));
    },
    history: async () => {
      this.#assertUp("alarms");
      return [];
    },
  };

  #describe(name: string): ObservedAlarm {
    const { state, since, reason } = this.#alarms.get(name) ?? { state: "OK", since: 0, reason: "all is well" };
    const actions = simulatedAlarms.find((each) => each.name === name)?.actions ?? 1;
    return {
      ...{ name, arn: `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`, state, reason, since },
      kind: name === DOWN ? "composite" : "metric",
      ...(name === DOWN ? { description: "The service is down. Severity 1. Runbook: down.md" } : {}),
      actionsEnabled: !this.disabled.has(name),
      alarmActions: Array.from({ length: actions }, () => TOPIC),
      ...{ okActions: [], condition: "", children: [] },
    };
  }

  /** As CloudWatch evaluates the alarms of the monitoring module: each minute, over the last whole periods. */
  #evaluate(): void {
    const sums = (minutes: number, back: number, count: Counted) => {
      let total = 0;
      for (let each = 1; each <= minutes; each += 1) {
        const minute = this.minutes.get(this.#now - (back + each) * MINUTE_MS);
        total += minute === undefined ? 0 : count(minute);
      }
      return total;
    };
    const share = (minutes: number, back: number, part: Counted, whole: Counted, least: number) => {
      const total = sums(minutes, back, whole);
      return total >= least ? (100 * sums(minutes, back, part)) / total : 0;
    };
    const requests: Counted = (minute) => minute.requests;
    const bad: Counted = ({ faults, failures, throttles }) => faults + failures + throttles;
    const count = (periods: number, breaches: (back: number) => boolean, minutes: number) =>
      Array.from({ length: periods }, (_, index) => breaches(index * minutes)).filter(Boolean).length;
    this.#set(`${FUNCTION}-errors`, share(5, 0, ({ failures }) => failures, requests, 20) > 5);
    this.#set(`${FUNCTION}-throttles`, sums(1, 0, ({ throttles }) => throttles) > 0);
    // The slowest 1 % are above, where more than one in a hundred are, or any in fewer.
    this.#set(`${FUNCTION}-duration`, share(5, 0, ({ long }) => long, requests, 1) > 1);
    this.#set(
      `${API}-latency`,
      count(3, (back) => share(5, back, ({ verySlow }) => verySlow, requests, 1) > 1, 5) >= 2,
    );
    this.#set(`${API}-5xx`, count(3, (back) => share(5, back, bad, requests, 20) > 1, 5) >= 2);
    this.#set(`${API}-unavailable`, count(3, (back) => share(1, back, bad, requests, 3) > 50, 1) >= 3);
    this.#set(`${TABLE}-throttling`, sums(5, 0, ({ tableThrottles }) => tableThrottles) > 10);
    const rings = (name: string) => this.#alarms.get(name)?.state === "ALARM";
    this.#set(DOWN, rings(`${API}-unavailable`) || (rings(`${FUNCTION}-throttles`) && rings(`${API}-5xx`)));
  }

  #set(name: string, isAlarm: boolean): void {
    const state = isAlarm ? "ALARM" : "OK";
    if ((this.#alarms.get(name)?.state ?? "OK") !== state) {
      this.#alarms.set(name, {
        state,
        since: this.#now,
        reason: isAlarm ? "the threshold was crossed" : "all is well",
      });
    }
  }

  /** How often alarms have gone off shows that the simulation is none of silence. */
  ringing(): string[] {
    return [...this.#alarms].filter(([, { state }]) => state === "ALARM").map(([name]) => name);
  }

  #write(at: number, { faults, failures, lines, tried }: TrafficMinute, versions: Versions): LogEvent[] {
    const events: LogEvent[] = [];
    const write = (message: string, version: string) => {
      const time = at + this.#random.whole(0, MINUTE_MS - 1);
      events.push({
        ...{ id: `${at}-${events.length}`, at: time, ingestedAt: time, group: `/aws/lambda/${FUNCTION}`, message },
        stream: `2026/11/28/[${version}]0123456789abcdef`,
      });
    };
    const versionOf = (index: number) =>
      index < tried.faults + tried.failures ? (versions.tried ?? versions.live) : versions.live;
    for (let index = 0; index < faults + failures; index += 1) {
      const [name, message] = ERRORS[this.#random.whole(0, ERRORS.length - 1)] ?? ERRORS[0];
      // Bundles name their functions anew with each release.
      const stack = `${name}: ${message}\n    at answer${this.release} (/var/task/index.mjs:10:5)`;
      write(JSON.stringify({ level: "ERROR", message: "failed", error: { name, message, stack } }), versionOf(index));
    }
    for (const message of lines) {
      write(message, versions.live);
    }
    return events.sort((left, right) => left.at - right.at);
  }

  #assertUp(source: "metrics" | "logs" | "alarms"): void {
    const error = this.down.get(source);
    if (error !== undefined) {
      throw error;
    }
  }
}

function nameOf({ metric, statistic }: Extract<MetricQuestion, { metric: unknown }>): string {
  const { namespace, name, dimensions } = metric;
  const version = dimensions.ExecutedVersion ?? dimensions.functionVersion;
  if (version !== undefined) {
    return `${name} ${statistic} ${version}`;
  }
  // One operation stands for all.
  return (dimensions.Operation ?? "GetItem") === "GetItem" ? `${namespace} ${name} ${statistic}` : "";
}

/** Points are in the order of their time. */
function between(points: readonly MetricPoint[], from: number, to: number): readonly MetricPoint[] {
  const indexOf = (time: number) => {
    let [low, high] = [0, points.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((points[middle]?.at ?? 0) < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
  return points.slice(indexOf(from), indexOf(to));
}
