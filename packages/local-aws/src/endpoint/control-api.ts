import type { Backend } from "../backend.ts";
import { AwsError } from "../core/aws-error.ts";
import type { HttpRequest, HttpResponse } from "../core/service.ts";
import type { Snapshot } from "../data-folder.ts";
import type { FaultRequest } from "../wire/faults.ts";
import { parseJsonBody } from "../wire/protocols.ts";

/** Where the control interface lives on the endpoint; no AWS service has a path like it. */
export const CONTROL_PREFIX = "/_slipway/";

/** What local AWS says about itself. */
export interface Health {
  readonly name: "local-aws";
  readonly version: string;
  readonly pid: number;
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly dataDir: string;
  /** ISO time on the wall clock. */
  readonly startedAt: string;
  /** ISO time of the clock that the services see. */
  readonly clock: string;
  /** Milliseconds by which it is ahead of the wall clock. */
  readonly clockOffsetMs: number;
}

/** What is and is not there of one service. */
export interface ServiceCoverage {
  readonly service: string;
  readonly implemented: readonly string[];
  readonly missing: readonly string[];
}

/** What the control interface can do to the process around the backend. */
export interface ControlTarget {
  backend(): Backend;
  health(): Health;
  reset(): Promise<void>;
  snapshots(): Snapshot[];
  saveSnapshot(name: string): Promise<Snapshot>;
  restoreSnapshot(name: string): Promise<void>;
  deleteSnapshot(name: string): void;
  stop(): void;
}

type Handler = (target: ControlTarget, request: HttpRequest, name: string) => unknown;

const ROUTES: Readonly<Record<string, Handler>> = {
  "GET health": (target) => target.health(),
  "POST stop": (target) => {
    target.stop();
    return { stopping: true };
  },
  "POST reset": async (target) => {
    await target.reset();
    return { reset: true };
  },
  "GET snapshots": (target) => target.snapshots(),
  "POST snapshots": (target, request) => target.saveSnapshot(String(parseJsonBody(request.body)["name"] ?? "")),
  "POST restore": async (target, request) => {
    const name = String(parseJsonBody(request.body)["name"] ?? "");
    await target.restoreSnapshot(name);
    return { restored: name };
  },
  "DELETE snapshots": (target, _request, name) => {
    target.deleteSnapshot(name);
    return { deleted: name };
  },
  "GET coverage": (target) => coverage(target.backend()),
  "GET inventory": (target) => target.backend().inventory(),
  "GET requests": (target, request) => target.backend().requests.latest(Number(request.query.get("count") ?? 50)),
  "GET faults": (target) => target.backend().faults.list(),
  "POST faults": (target, request) =>
    target.backend().faults.plant(parseJsonBody(request.body) as never as FaultRequest),
  "DELETE faults": (target, _request, name) => {
    if (name === "") {
      target.backend().faults.clear();
    } else if (!target.backend().faults.remove(name)) {
      throw notFound(`There is no fault '${name}'. \`slipway local faults\` lists them.`);
    }
    return { removed: name === "" ? "all" : name };
  },
  "GET clock": (target) => clockOf(target),
  "POST clock": async (target, request) => {
    const { advanceMs } = parseJsonBody(request.body);
    if (typeof advanceMs !== "number" || !(advanceMs >= 0)) {
      throw new AwsError(
        "InvalidClock",
        `advanceMs: expected milliseconds of at least 0, got ${JSON.stringify(advanceMs)}.`,
        {
          status: 400,
        },
      );
    }
    await target.backend().clock.advance(advanceMs);
    return clockOf(target);
  },
};

function clockOf(target: ControlTarget): Pick<Health, "clock" | "clockOffsetMs"> {
  const { clock, clockOffsetMs } = target.health();
  return { clock, clockOffsetMs };
}

/** Answers a request to the control interface, in JSON. */
export async function handleControl(target: ControlTarget, request: HttpRequest): Promise<HttpResponse> {
  try {
    guard(request);
    const [resource = "", name = ""] = request.path.slice(CONTROL_PREFIX.length).split("/");
    const handler = ROUTES[`${request.method} ${resource}`];
    if (handler === undefined) {
      throw notFound(`The control interface has no ${request.method} ${request.path}.`);
    }
    return json(200, await handler(target, request, decodeURIComponent(name)));
  } catch (error) {
    if (error instanceof AwsError) {
      return json(error.options.status ?? 400, { code: error.code, message: error.message });
    }
    const message = error instanceof Error ? error.message : String(error);
    return json(500, { code: "InternalError", message });
  }
}

/**
 * A web page must not be able to reset local AWS: a changing request needs a header that browsers do not send across origins
 * unasked, and any request a host name that means this machine (against DNS rebinding).
 */
function guard(request: HttpRequest): void {
  const host = (request.headers["host"] ?? "").replace(/:\d+$/, "");
  if (!["127.0.0.1", "localhost", "[::1]"].includes(host)) {
    throw new AwsError("Forbidden", "The control interface answers to 127.0.0.1 and localhost only.", { status: 403 });
  }
  if (request.method !== "GET" && request.headers["x-slipway-control"] !== "1") {
    throw new AwsError(
      "Forbidden",
      "Changing requests to the control interface need the header 'x-slipway-control: 1'.",
      {
        status: 403,
      },
    );
  }
}

function notFound(what: string): AwsError {
  return new AwsError("NotFound", what, { status: 404 });
}

async function coverage(backend: Backend): Promise<ServiceCoverage[]> {
  const result: ServiceCoverage[] = [];
  for (const service of backend.dispatcher.services) {
    const { operations } = await backend.dispatcher.model(service);
    const has = (name: string): boolean =>
      service.operations[name] !== undefined || service.rawJsonOperations?.[name] !== undefined;
    const names = [...operations.keys()].sort();
    result.push({
      service: service.id,
      implemented: names.filter(has),
      missing: names.filter((name) => !has(name)),
    });
  }
  return result.sort((a, b) => a.service.localeCompare(b.service));
}

function json(status: number, body: unknown): HttpResponse {
  return { status, headers: { "content-type": "application/json" }, body: `${JSON.stringify(body ?? null)}\n` };
}
