import type { SmokeScenario, SmokeStep } from "@slipway/contracts";
import {
  type Clock,
  type HttpClient,
  type HttpRequest,
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
  /** How what was written and acknowledged is read. */
  #acknowledged: HttpRequest[] = [];
  /** How many times the usual number of them there are. */
  factor = 1;
  /** What they are: what a faulty release does to them. Of poisoned ones there are some. */
  kind: UserKind = "usual";

  constructor(ports: UserTrafficPorts, url: string, scenario: SmokeScenario) {
    this.#ports = ports;
    this.#url = url;
    const { ready: _, ...steps } = scenario;
    this.#scenario = steps;
    this.#kept = keptWrite(scenario);
  }

  /** @param requests so many, times the factor, and what makes the last runs whole */
  async minute(requests: number, signal?: AbortSignal): Promise<TrafficMinute> {
    const seen = { requests: 0, failed: 0 };
    const http: HttpClient = { send: (request) => this.#ask(request, seen) };
    const wanted = requests * this.factor;
    let runs = 0;
    const worker = async () => {
      let before = -1;
      // One that asks for nothing would go on for ever.
      while (seen.requests < wanted && seen.requests > before && signal?.aborted !== true) {
        before = seen.requests;
        runs += 1;
        const keepsOne = runs % 2 === 0;
        await runSmokeTests({ http, clock: this.#ports.clock }, this.#url, this.#scenario);
        if (keepsOne) {
          await this.#keepOne(http);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE * this.factor }, worker));
    return seen;
  }

  /** Forgets everything, as they do whose environment was put back to a moment before. */
  reset(): void {
    this.#acknowledged = [];
    this.factor = 1;
    this.kind = "usual";
  }

  /** Reads all that was acknowledged. @returns how many are not there; null where nothing was, so that nothing is shown */
  async lost(): Promise<number | null> {
    if (this.#kept === undefined || this.#acknowledged.length === 0) {
      return null;
    }
    const expected = statusesOf(this.#kept.read);
    let lost = 0;
    for (const request of this.#acknowledged) {
      const { status } = await this.#ports.http.send(request);
      lost += expected.includes(status) ? 0 : 1;
    }
    return lost;
  }

  /** Something that nobody deletes, and a look at something that was kept before: damage is noticed by who reads what was damaged. */
  async #keepOne(http: HttpClient): Promise<void> {
    if (this.#kept === undefined) {
      return;
    }
    const earlier = this.#acknowledged[Math.floor(Math.random() * this.#acknowledged.length)];
    if (earlier !== undefined) {
      // One that is not answered is counted as any other.
      await http.send(earlier).catch(() => undefined);
    }
    const { write, read } = this.#kept;
    let last: HttpRequest | undefined;
    const noted: HttpClient = {
      send(request) {
        last = request;
        return http.send(request);
      },
    };
    const ports = { http: noted, clock: this.#ports.clock };
    const scenario = { ...this.#scenario, steps: [write, read], cleanup: [] };
    const [written] = (await runSmokeTests(ports, this.#url, scenario)).steps;
    // Whatever the read came to: what was acknowledged has to be there once all is good again.
    if (statusesOf(write).includes(written?.status ?? 0) && last?.method === read.method) {
      this.#acknowledged.push(last);
    }
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

/** The first step that makes something, and the first that reads it by what was captured of it; as users ask, through the gateway. */
function keptWrite(scenario: SmokeScenario): { readonly write: SmokeStep; readonly read: SmokeStep } | undefined {
  const steps = scenario.steps.filter(({ through = "gateway" }) => through === "gateway");
  const write = steps.find(
    ({ method, capture = {} }) => method === "POST" && Object.values(capture).some((each) => "json" in each),
  );
  const names = Object.entries(write?.capture ?? {}).flatMap(([name, from]) => ("json" in from ? [name] : []));
  const read = steps.find(({ method, path }) => method === "GET" && names.some((name) => path.includes(`{${name}}`)));
  return write === undefined || read === undefined ? undefined : { write, read };
}

function statusesOf({ expect }: SmokeStep): readonly number[] {
  return [expect.status].flat();
}
