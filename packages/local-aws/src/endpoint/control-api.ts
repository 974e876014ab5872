import type { EnforcingAuthorizer, Supposition } from "../authorization/create-authorizer.ts";
import type { Backend } from "../backend.ts";
import { AwsError } from "../core/aws-error.ts";
import type { HttpRequest, HttpResponse } from "../core/service.ts";
import type { Snapshot } from "../data-folder.ts";
import { issuerDocument } from "../issuer/issuer-documents.ts";
import type { TokenRequest } from "../issuer/issuers.ts";
import { LocalAwsError } from "../local-aws-error.ts";
import { StoreError } from "../store/store-error.ts";
import type { FaultRequest } from "../wire/faults.ts";
import { parseJsonBody } from "../wire/protocols.ts";
import { CONTROL_PREFIX } from "./control-prefix.ts";

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
  /** Whether IAM's policies bind everybody but root. */
  readonly iam: "enforced" | "off";
}

/** What is and is not there of one service. */
export interface ServiceCoverage {
  readonly service: string;
  readonly implemented: readonly string[];
  readonly missing: readonly string[];
}

/** What the control interface can do to the process around the backend. */
export interface ControlTarget {
  /** Does something with the backend, once it is there: it is away while the state is being exchanged. */
  withBackend<T>(work: (backend: Backend) => T | Promise<T>): Promise<T>;
  health(): Health;
  reset(): Promise<void>;
  snapshots(): Snapshot[];
  saveSnapshot(name: string): Promise<Snapshot>;
  restoreSnapshot(name: string): Promise<void>;
  deleteSnapshot(name: string): void;
  stop(): void;
}

/** Further at once is a slip of the keyboard; what falls due on the way is really run. */
const FARTHEST_MS = 366 * 86_400_000;

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
  "POST snapshots": (target, request) => target.saveSnapshot(String(parseJsonBody(request.body).name ?? "")),
  "POST restore": async (target, request) => {
    const name = String(parseJsonBody(request.body).name ?? "");
    await target.restoreSnapshot(name);
    return { restored: name };
  },
  "DELETE snapshots": (target, _request, name) => {
    target.deleteSnapshot(name);
    return { deleted: name };
  },
  "GET coverage": (target) => target.withBackend(coverage),
  "GET inventory": (target) => target.withBackend((backend) => backend.inventory()),
  "GET requests": (target, request) =>
    target.withBackend(({ requests }) => requests.latest(Number(request.query.get("count") ?? 50))),
  "GET faults": (target) => target.withBackend(({ faults }) => faults.list()),
  "POST faults": (target, request) =>
    target.withBackend(({ dispatcher, faults }) => {
      const asked = parseJsonBody(request.body);
      const services = [...dispatcher.services.map(({ id }) => id), "execute-api"];
      if (typeof asked.service === "string" && !/\*/.test(asked.service) && !services.includes(asked.service)) {
        throw new AwsError(
          "InvalidFault",
          `service: local AWS has no '${asked.service}', so the fault would never hit. It has ${services.sort().join(", ")}.`,
          { status: 400 },
        );
      }
      return faults.plant(asked as never as FaultRequest);
    }),
  "DELETE faults": (target, _request, name) =>
    target.withBackend(({ faults }) => {
      if (name === "") {
        faults.clear();
      } else if (!faults.remove(name)) {
        throw notFound(`There is no fault '${name}'. \`slipway local faults\` lists them.`);
      }
      return { removed: name === "" ? "all" : name };
    }),
  "GET access": (target) => target.withBackend((backend) => requireIam(backend).usage.list()),
  "POST access": (target, request) =>
    target.withBackend((backend) => requireIam(backend).suppose(supposition(parseJsonBody(request.body)))),
  "POST tokens": (target, request) =>
    target.withBackend(async ({ issuers }) => ({
      // Every field is checked there, whatever its type.
      token: await issuers.mint(parseJsonBody(request.body) as never as TokenRequest),
    })),
  "GET issuer": (target, request) =>
    target.withBackend(({ issuers }) => issuerDocument(issuers, request.path, target.health().endpoint)),
  "POST alarm-drills": (target, request) => {
    const { name } = parseJsonBody(request.body);
    if (typeof name !== "string" || name === "") {
      throw new AwsError("InvalidAlarmDrill", `name: expected the name of an alarm, got ${JSON.stringify(name)}.`, {
        status: 400,
      });
    }
    return target.withBackend(({ alarmDrills }) => alarmDrills.exercise(name));
  },
  "GET clock": (target) => clockOf(target),
  "POST clock": async (target, request) => {
    const { advanceMs } = parseJsonBody(request.body);
    if (typeof advanceMs !== "number" || !(advanceMs >= 0 && advanceMs <= FARTHEST_MS)) {
      throw new AwsError(
        "InvalidClock",
        `advanceMs: expected milliseconds from 0 to ${FARTHEST_MS} (a year), got ${JSON.stringify(advanceMs)}.`,
        { status: 400 },
      );
    }
    await target.withBackend(({ clock }) => {
      if (clock.isAdvancing) {
        throw new AwsError("ClockBusy", "The clock is being advanced already. Try again when that has ended.", {
          status: 409,
        });
      }
      return clock.advance(advanceMs);
    });
    return clockOf(target);
  },
};

function requireIam({ authorizer }: Backend): EnforcingAuthorizer {
  if (authorizer === undefined) {
    throw new AwsError("IamIsOff", "This local AWS was started with --no-iam: it decides nothing.", { status: 409 });
  }
  return authorizer;
}

/** @throws AwsError when the body is no supposition */
function supposition(body: Record<string, unknown>): Supposition {
  const { principal, need } = body as Partial<Supposition>;
  if (typeof principal !== "string" || typeof need?.action !== "string" || typeof need?.resource !== "string") {
    throw new AwsError("InvalidSupposition", "Expected principal, need.action and need.resource.", { status: 400 });
  }
  return body as unknown as Supposition;
}

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
    if (error instanceof LocalAwsError || error instanceof StoreError) {
      return json(503, { code: "Unavailable", message });
    }
    return json(500, { code: "InternalError", message });
  }
}

/**
 * A web page must not be able to reset local AWS: a changing request needs a header that browsers do not send across origins
 * unasked, and any request a host name that means this machine (against DNS rebinding).
 */
function guard(request: HttpRequest): void {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
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
