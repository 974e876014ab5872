import type { TimeWindow } from "@slipway/analysis";
import type { Clock } from "../../ports/clock.ts";
import type { FunctionAnswer, FunctionInvoker } from "../../ports/function-invoker.ts";
import type { AliasMove, AliasState, FunctionReader, FunctionState } from "../../ports/functions.ts";
import type { LogEvent, LogsReader } from "../../ports/logs.ts";
import type { MetricQuestion, MetricSeries, MetricsReader } from "../../ports/metrics.ts";
import { failure } from "../../test/fake-lambda.ts";

/** How a version behaves, as shares of its requests. */
export interface Behaviour {
  /** The function itself fails: it throws, times out, or does not start. */
  readonly fails?: number;
  /** It answers 5xx, which Lambda takes for a success. */
  readonly faults?: number;
  /** It logs an error. */
  readonly logs?: number;
  /** So many times as slow, */
  readonly slower?: number;
  /** for such a share of its requests: all, unless given. */
  readonly slowShare?: number;
  /** It writes no metrics of its own. */
  readonly isSilent?: boolean;
}

export interface WorldOptions {
  readonly seed: number;
  readonly requestsPerMinute: number;
  readonly old?: Behaviour;
  readonly fresh?: Behaviour;
  /** How much later than the time of a request its metrics and logs can be read. */
  readonly delayMs?: number;
}

interface Request {
  readonly at: number;
  readonly failed: boolean;
  readonly fault: boolean;
  readonly logged: boolean;
  readonly ms: number;
}

export const OLD = "7";
export const FRESH = "8";
export const FUNCTION = "orders-prod";
const MINUTE_MS = 60_000;

/** A function with two versions behind an alias, users, metrics, logs and a clock: time that is waited for passes with traffic. */
export class CanaryWorld implements Clock, FunctionReader, FunctionInvoker, MetricsReader, LogsReader {
  alias: AliasState = { version: OLD, revisionId: "r1", weights: {} };
  /** Fails the reading of metrics while it is set. */
  blind = false;
  readonly #options: WorldOptions;
  readonly #random: () => number;
  /** Requests by version and minute. */
  readonly #minutes = new Map<string, Map<number, Request[]>>();
  /** Answers that are under way, with when they are there. */
  readonly #due: { readonly at: number; readonly arrive: () => void }[] = [];
  #now: number;
  #owed = 0;

  constructor(options: WorldOptions, now = Date.UTC(2026, 10, 28, 12, 0, 20)) {
    this.#options = options;
    this.#random = mulberry32(options.seed);
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number): Promise<void> {
    const { requestsPerMinute } = this.#options;
    this.#owed += (milliseconds * requestsPerMinute) / MINUTE_MS;
    const count = Math.floor(this.#owed);
    this.#owed -= count;
    for (let index = 0; index < count; index += 1) {
      const at = this.#now + Math.floor((index / count) * milliseconds);
      const [[other = "", share = 0] = []] = Object.entries(this.alias.weights);
      this.#serve(this.#random() < share ? other : this.alias.version, at);
    }
    this.#now += milliseconds;
  }

  async readFunction(_name: string, version = "$LATEST"): Promise<FunctionState> {
    return {
      ...{ version, codeSha256: version, revisionId: version, state: "Active", lastUpdateStatus: "Successful" },
      ...{ configurationDigest: version, role: "role", logGroup: "/aws/lambda/orders-prod" },
    };
  }

  async readAlias(): Promise<AliasState> {
    return this.alias;
  }

  async moveAlias({ version, weights = {}, revisionId }: AliasMove): Promise<AliasState> {
    if (revisionId !== this.alias.revisionId) throw failure("conflict");
    this.alias = { version, weights, revisionId: `${revisionId}+` };
    return this.alias;
  }

  async invoke({ version }: { version: string }): Promise<FunctionAnswer> {
    const { failed, fault, ms } = this.#handle(version, this.#now);
    await this.#until(this.#now + ms);
    return failed
      ? { functionError: "Unhandled", payload: '{"errorMessage":"no"}' }
      : { payload: JSON.stringify({ statusCode: fault ? 500 : 200, body: "{}" }) };
  }

  async read(
    questions: readonly MetricQuestion[],
    { from, to }: TimeWindow,
    periodSeconds: number,
  ): Promise<readonly MetricSeries[]> {
    if (this.blind) throw failure("throttled");
    const periodMs = periodSeconds * 1000;
    return questions.map((question) => {
      if (!("metric" in question)) throw new Error("no expressions here");
      const version = question.metric.dimensions.ExecutedVersion ?? question.metric.dimensions.functionVersion ?? OLD;
      const points = [];
      for (let at = from; at < to; at += periodMs) {
        const value = this.#value(question.metric.name, question.statistic, version, { from: at, to: at + periodMs });
        if (value !== undefined) points.push({ at, value });
      }
      return { id: question.id, label: question.id, points };
    });
  }

  async list(): Promise<never[]> {
    return [];
  }

  async *events(_question: unknown, { from, to }: TimeWindow): AsyncGenerator<LogEvent> {
    for (const [version, minutes] of this.#minutes) {
      for (const { at, logged } of [...minutes.values()].flat()) {
        if (logged && at >= from && at < to && this.#isThere(at)) {
          const stream = `2026/11/28/[${version}]0a1b2c3d4e5f`;
          const message = `2026-11-28T12:00:00.000Z\t${uuid(this.#random)}\tERROR\tno answer for item ${at}`;
          yield { id: `${version} ${at}`, at, ingestedAt: at, group: "/aws/lambda/orders-prod", stream, message };
        }
      }
    }
  }

  // biome-ignore lint/correctness/useYield: nothing is followed here
  async *follow(): AsyncGenerator<LogEvent> {
    throw new Error("not asked here");
  }

  query(): Promise<never> {
    return Promise.reject(new Error("not asked here"));
  }

  savedQueries(): Promise<never> {
    return Promise.reject(new Error("not asked here"));
  }

  /** Waits as whoever else is waiting: what is asked side by side takes as long as the slowest, and one's time is not another's. */
  #until(at: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#due.push({ at, arrive: resolve });
    if (this.#due.length === 1) {
      setImmediate(() => this.#arriveNext());
    }
    return promise;
  }

  #arriveNext(): void {
    const [first] = this.#due.sort((left, right) => left.at - right.at).splice(0, 1);
    this.#now = Math.max(this.#now, first?.at ?? 0);
    first?.arrive();
    if (this.#due.length > 0) {
      setImmediate(() => this.#arriveNext());
    }
  }

  #serve(version: string, at: number): void {
    const minutes = this.#minutes.get(version) ?? new Map<number, Request[]>();
    this.#minutes.set(version, minutes);
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const requests = minutes.get(minute) ?? [];
    minutes.set(minute, requests);
    requests.push(this.#handle(version, at));
  }

  #handle(version: string, at: number): Request {
    const { old = {}, fresh = {} } = this.#options;
    const { fails = 0, faults = 0, logs = 0, slower = 1, slowShare = 1 } = version === FRESH ? fresh : old;
    const failed = this.#random() < fails;
    const fault = !failed && this.#random() < faults;
    // Durations scatter as they do: most are near the median, and some take several times as long.
    const ms = 20 * Math.exp(0.5 * this.#normal()) * (this.#random() < slowShare ? slower : 1);
    return { at, failed, fault, logged: failed || this.#random() < logs, ms };
  }

  #value(name: string, statistic: string, version: string, { from, to }: TimeWindow): number | undefined {
    const requests: Request[] = [];
    for (let minute = from; minute < to; minute += MINUTE_MS) {
      requests.push(...(this.#minutes.get(version)?.get(minute) ?? []).filter(({ at }) => this.#isThere(at)));
    }
    const isOwn = name === "requests" || name === "faults";
    const { old = {}, fresh = {} } = this.#options;
    if (requests.length === 0 || (isOwn && (version === FRESH ? fresh : old).isSilent === true)) {
      return undefined;
    }
    switch (name) {
      case "Throttles":
        return 0;
      case "Errors":
        return requests.filter(({ failed }) => failed).length;
      case "faults":
        return requests.filter(({ fault }) => fault).length;
      case "requests":
        return requests.filter(({ failed }) => !failed).length;
      case "Duration":
        return statisticOf(
          statistic,
          requests.map(({ ms }) => ms).sort((left, right) => left - right),
        );
      default:
        return requests.length;
    }
  }

  #isThere(at: number): boolean {
    return at + (this.#options.delayMs ?? 0) <= this.#now;
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
  }
}

function statisticOf(statistic: string, sorted: readonly number[]): number {
  const [, percentile] = /^p(\d+)$/.exec(statistic) ?? [];
  const [, above] = /^TC\(([\d.]+):\)$/.exec(statistic) ?? [];
  if (percentile !== undefined) {
    return sorted[Math.ceil((sorted.length * Number(percentile)) / 100) - 1] ?? 0;
  }
  return above === undefined ? sorted.length : sorted.filter((ms) => ms > Number(above)).length;
}

function uuid(random: () => number): string {
  const hex = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return `${hex()}-0000-4000-8000-0000${hex()}`;
}

/** A generator of random numbers from 0 to 1 that begins with a seed: https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
