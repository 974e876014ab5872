import type { SmokeScenario, SmokeStep } from "@slipway/contracts";
import {
  type Clock,
  type HttpClient,
  type HttpRequest,
  ReleaseError,
  runSmokeTests,
  type TrafficMinute,
} from "@slipway/release-engine";
import { USER_HEADER, type UserKind } from "./faulty-handler.ts";

const AT_ONCE = 4;
const TOO_MANY = 429;
const SERVER_ERROR = 500;
/** Of those who send what the function cannot bear. */
const POISONED_SHARE = 0.15;

export interface UserTrafficPorts {
  readonly http: HttpClient;
  readonly clock: Clock;
}

/** The users of an environment: they do again and again what its smoke test does, and keep in mind what was acknowledged to them. */
export class UserTraffic {
  readonly #ports: UserTrafficPorts;
  readonly #url: string;
  readonly #scenario: SmokeScenario;
  readonly #kept: { readonly write: SmokeStep; readonly read: SmokeStep } | undefined;
  /** Paths of what was written and acknowledged, with the status that a read of it must have. */
  readonly #acknowledged = new Map<string, SmokeStep["expect"]>();
  /** How many times the usual number of them there are. */
  factor = 1;
  /** What they are: what a faulty release does to them. Of poisoned ones there are some. */
  kind: UserKind = "usual";

  constructor(ports: UserTrafficPorts, url: string, scenario: SmokeScenario) {
    this.#ports = ports;
    this.#url = url.replace(/\/+$/, "");
    const { ready: _, ...steps } = scenario;
    this.#scenario = steps;
    this.#kept = keptWrite(scenario);
  }

  /** @param requests about so many, times the factor */
  async minute(requests: number, signal?: AbortSignal): Promise<TrafficMinute> {
    const seen = { requests: 0, failed: 0 };
    const http: HttpClient = { send: (request) => this.#ask(request, seen) };
    const runs = Math.max(1, Math.round((requests * this.factor) / Math.max(1, this.#scenario.steps.length)));
    let left = runs;
    const worker = async () => {
      while (left > 0 && signal?.aborted !== true) {
        left -= 1;
        await runSmokeTests({ http, clock: this.#ports.clock }, this.#url, this.#scenario);
        if (left % 2 === 0) {
          await this.#keepOne(http);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE * this.factor, runs) }, worker));
    return seen;
  }

  /** Forgets everything, as they do whose environment was put back to a moment before. */
  reset(): void {
    this.#acknowledged.clear();
    this.factor = 1;
    this.kind = "usual";
  }

  /** Reads all that was acknowledged. @returns how many are not there; null where the scenario has nothing that stays */
  async lost(): Promise<number | null> {
    if (this.#kept === undefined) {
      return null;
    }
    let lost = 0;
    for (const [path, expect] of this.#acknowledged) {
      const { status } = await this.#ports.http.send(this.#requestOf({ ...this.#kept.read, path }, undefined));
      lost += [expect.status].flat().includes(status) ? 0 : 1;
    }
    return lost;
  }

  /** Something that nobody deletes. */
  async #keepOne(http: HttpClient): Promise<void> {
    if (this.#kept === undefined) {
      return;
    }
    const { write, read } = this.#kept;
    const runId = Math.random().toString(36).slice(2);
    let created: { readonly status: number; readonly body: string };
    try {
      created = await http.send(this.#requestOf(write, runId));
    } catch (error) {
      if (error instanceof ReleaseError) {
        return; // Not acknowledged.
      }
      throw error;
    }
    if ([write.expect.status].flat().includes(created.status)) {
      const path = fill(read.path, captured(write, created.body));
      if (path !== undefined) {
        this.#acknowledged.set(path, read.expect);
      }
    }
  }

  #requestOf({ method, path, body, headers = {} }: SmokeStep, runId = ""): HttpRequest {
    const known = { runId };
    const text = (value: string) => value.replaceAll("{runId}", known.runId);
    const own = Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) => (/\{(?!runId)/.test(value) ? [] : [[name, text(value)]])),
    );
    return {
      ...{ method, url: this.#url + path, timeoutMs: this.#scenario.timeoutSeconds * 1_000 },
      headers: body === undefined ? own : { "Content-Type": "application/json", ...own },
      ...(body === undefined ? {} : { body: text(JSON.stringify(body)) }),
    };
  }

  async #ask(request: HttpRequest, seen: { requests: number; failed: number }) {
    seen.requests += 1;
    const who = this.kind === "poisoned" && Math.random() >= POISONED_SHARE ? "usual" : this.kind;
    try {
      const response = await this.#ports.http.send({ ...request, headers: { ...request.headers, [USER_HEADER]: who } });
      if (response.status >= SERVER_ERROR || response.status === TOO_MANY) {
        seen.failed += 1;
      }
      return response;
    } catch (error) {
      seen.failed += 1;
      throw error;
    }
  }
}

/** The first step that makes something, and the first that reads it by what was captured of it. */
function keptWrite({ steps }: SmokeScenario): { readonly write: SmokeStep; readonly read: SmokeStep } | undefined {
  const write = steps.find(
    ({ method, capture = {} }) => method === "POST" && Object.values(capture).some((each) => "json" in each),
  );
  const names = Object.entries(write?.capture ?? {}).flatMap(([name, from]) => ("json" in from ? [name] : []));
  const read = steps.find(({ method, path }) => method === "GET" && names.some((name) => path.includes(`{${name}}`)));
  return write === undefined || read === undefined ? undefined : { write, read };
}

function captured({ capture = {} }: SmokeStep, body: string): Readonly<Record<string, string>> {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return {};
  }
  return Object.fromEntries(
    Object.entries(capture).flatMap(([name, from]) => {
      const value = "json" in from ? at(document, from.json) : undefined;
      return typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [];
    }),
  );
}

/** @param pointer a JSON pointer (RFC 6901) */
function at(document: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .reduce<unknown>(
      (value, part) =>
        typeof value === "object" && value !== null
          ? (value as Record<string, unknown>)[part.replaceAll("~1", "/").replaceAll("~0", "~")]
          : undefined,
      document,
    );
}

/** @returns undefined where something is missing */
function fill(path: string, values: Readonly<Record<string, string>>): string | undefined {
  let isMissing = false;
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    isMissing ||= values[name] === undefined;
    return encodeURIComponent(values[name] ?? "");
  });
  return isMissing ? undefined : filled;
}
