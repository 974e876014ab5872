import { randomBytes, randomUUID } from "node:crypto";
import type { Principal } from "../core/credentials.ts";
import type { HttpRequest } from "../core/service.ts";
import type { StageRecord } from "../services/apigateway/api-state.ts";
import type { CompiledApi, CompiledMethod } from "./compile-api.ts";
import { isDroppedFromRequest } from "./header-rules.ts";

/** Where a request goes: path is what follows the stage, percent-encoded as sent, with its leading slash. */
export interface GatewayTarget {
  readonly apiId: string;
  readonly stage: string;
  readonly path: string;
}

/** What a Lambda authorizer said of the caller. */
export interface AuthorizerResult {
  readonly principalId: string;
  /** The context map, with its values as text. */
  readonly context: Readonly<Record<string, string>>;
  /** Milliseconds that the authorizer took; 0 when its result came from the cache. */
  readonly integrationLatency: number;
  readonly usageIdentifierKey?: string;
}

/** One request on its way through the gateway, with all that becomes known of it. */
export interface Exchange {
  readonly accountId: string;
  readonly region: string;
  readonly target: GatewayTarget;
  request: HttpRequest;
  /** The path that is matched and handed to functions: one leading slash, still percent-encoded. */
  readonly path: string;
  readonly stage: StageRecord;
  readonly api: CompiledApi;
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly trace: { readonly root: string; readonly parent: string; readonly sampled: "0" | "1" };
  readonly sourceIp: string;
  /** Headers as they are passed on: without the hop-by-hop ones, with those that the gateway adds. */
  headers: readonly (readonly [string, string])[];
  /** Milliseconds since the epoch, on the clock of local AWS. */
  readonly time: number;
  /** Milliseconds of the wall clock's monotonic counter, for latencies. */
  readonly started: number;
  matched?: {
    readonly resourceId: string;
    readonly resourcePath: string;
    readonly method: CompiledMethod;
    /** Percent-encoded as sent. */
    readonly pathParameters: Readonly<Record<string, string>>;
  };
  /** Who signed the request, where the method has `AWS_IAM` authorization. */
  caller?: Principal;
  authorizer?: AuthorizerResult;
  apiKey?: { readonly value: string; readonly id: string };
  integration?: {
    latency: number;
    /** Status of the Lambda service. */
    integrationStatus?: number;
    /** Status that the function answered. */
    status?: number;
    error?: string;
  };
  error?: { readonly message: string | null; readonly type: string; readonly validation: string | undefined };
  /** Lines of the execution log, where it is on. */
  log?: string[];
}

/** Starts an {@link Exchange}. */
export function newExchange(
  known: Pick<Exchange, "accountId" | "region" | "target" | "request" | "stage" | "api" | "time">,
): Exchange {
  const { request, target, stage, time } = known;
  const trace = traceOf(request.headers["x-amzn-trace-id"], time, stage.tracingEnabled === true);
  const sourceIp = request.remoteAddress.replace(/^::ffff:/, "");
  return {
    ...known,
    path: `/${target.path.replace(/^\/+/, "")}`,
    requestId: randomUUID(),
    extendedRequestId: `${randomBytes(11).toString("base64url")}=`,
    trace,
    sourceIp,
    headers: forwardedHeaders(request, sourceIp, trace.root),
    started: performance.now(),
  };
}

/** The `X-Amzn-Trace-Id` that functions and callers see. */
export function traceHeader({ root, parent, sampled }: Exchange["trace"]): string {
  return `Root=${root};Parent=${parent};Sampled=${sampled}`;
}

function traceOf(incoming: string | undefined, time: number, tracing: boolean): Exchange["trace"] {
  const fields = new Map(
    (incoming ?? "").split(";").map((field): [string, string] => {
      const [name = "", value = ""] = field.trim().split("=");
      return [name.toLowerCase(), value];
    }),
  );
  const seconds = Math.floor(time / 1000)
    .toString(16)
    .padStart(8, "0");
  const sampled = fields.get("sampled");
  return {
    root: fields.get("root") ?? `1-${seconds}-${randomBytes(12).toString("hex")}`,
    parent: fields.get("parent") ?? randomBytes(8).toString("hex"),
    sampled: sampled === "1" || sampled === "0" ? sampled : tracing ? "1" : "0",
  };
}

/** Headers that the gateway sets itself, after it has read what the caller sent in them. */
const REPLACED = new Set(["x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"]);

function forwardedHeaders(request: HttpRequest, sourceIp: string, root: string): [string, string][] {
  const headers: [string, string][] = [];
  for (const [name, value] of request.rawHeaders) {
    const key = name.toLowerCase();
    if (!isDroppedFromRequest(key) && !REPLACED.has(key)) {
      headers.push([name, value]);
    }
  }
  const { host = "" } = request.headers;
  const forwardedFor = request.headers["x-forwarded-for"];
  headers.push(
    ["X-Amzn-Trace-Id", `Root=${root}`],
    ["X-Forwarded-For", forwardedFor === undefined ? sourceIp : `${forwardedFor}, ${sourceIp}`],
    ["X-Forwarded-Port", /:(\d+)$/.exec(host)?.[1] ?? "80"],
    // Local AWS speaks plain HTTP: to say https here would send functions that build links to a port that is not there.
    ["X-Forwarded-Proto", "http"],
  );
  return headers;
}
