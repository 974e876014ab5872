import type { Json } from "@slipway/contracts";
import type { Clock } from "../ports/clock.ts";
import type { FunctionAnswer, FunctionInvoker } from "../ports/function-invoker.ts";
import type { HttpClient, HttpResponse } from "../ports/http-client.ts";
import { systemClock } from "../system-clock.ts";
import { parseJson } from "./judge-response.ts";
import { proxyEvent } from "./proxy-event.ts";

/** One version of a function that API Gateway leads to. */
export interface VersionTarget {
  readonly functionName: string;
  /** A version's number. */
  readonly version: string;
  /** The stage that the function is told of. */
  readonly stage: string;
  /** The API's resources: `environments.X.api.resources`. */
  readonly resources: readonly string[];
  /** What the gateway's authorizer would have said. */
  readonly authorizer?: Readonly<Record<string, Json>>;
}

/** What API Gateway answers when a function fails, or answers what is no answer. */
const BAD_GATEWAY = 502;

/** The host of every URL that leads to a version: a name that no resolver knows (RFC 6761). */
export const VERSION_URL = "https://version.invalid";

/**
 * An {@link HttpClient} that asks exactly one version of a function, past gateway and alias: a request becomes the event of a proxy
 * integration, the function's answer a response. That the function failed, or gave what is no answer of a proxy integration, is a response
 * too, as it is for users: 502, here with the error's text.
 *
 * @param invoker whose errors come through: then the function was not asked, or nobody knows whether it was
 */
export function versionHttpClient(
  invoker: FunctionInvoker,
  { functionName, version, ...options }: VersionTarget,
  clock: Pick<Clock, "now"> = systemClock,
): HttpClient {
  return {
    async send(request) {
      const event = proxyEvent(request, { ...options, now: clock.now() });
      const { timeoutMs } = request;
      return responseOf(await invoker.invoke({ functionName, version, payload: JSON.stringify(event), timeoutMs }));
    },
  };
}

function responseOf({ payload, functionError }: FunctionAnswer): HttpResponse {
  if (functionError !== undefined) {
    return badGateway(`the function failed (${functionError}): ${payload}`);
  }
  const answer = parseJson(payload);
  if (!isRecord(answer) || !isStatus(answer.statusCode)) {
    return badGateway(`the function gave no answer of a proxy integration: ${payload}`);
  }
  const { statusCode, body, headers, multiValueHeaders, isBase64Encoded } = answer;
  if (body !== undefined && body !== null && typeof body !== "string") {
    return badGateway(`the body of the function's answer is no text: ${payload}`);
  }
  return {
    status: Number(statusCode),
    headers: { ...headersOf(headers), ...headersOf(multiValueHeaders) },
    body: isBase64Encoded === true ? Buffer.from(body ?? "", "base64").toString("utf8") : (body ?? ""),
  };
}

/** A number, or text of one: API Gateway takes both. */
function isStatus(value: unknown): boolean {
  return /^[1-5]\d\d$/.test(typeof value === "number" || typeof value === "string" ? String(value) : "");
}

/** Lower-case names; several values of one name joined (RFC 9110, section 5.3). */
function headersOf(headers: unknown): Record<string, string> {
  const named = Object.entries(isRecord(headers) ? headers : {}).map(
    ([name, value]) => [name.toLowerCase(), [value].flat().map(String).join(", ")] as const,
  );
  return Object.fromEntries(named);
}

function badGateway(body: string): HttpResponse {
  return { status: BAD_GATEWAY, headers: { "content-type": "text/plain" }, body };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
