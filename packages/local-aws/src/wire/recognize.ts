import type { HttpRequest, Protocol, Service } from "../core/service.ts";
import { formOf } from "./protocols.ts";
import type { SignatureClaim } from "./sigv4.ts";

/** Which service a request is for, in which protocol, and, where the protocol names it, which operation. */
export interface Recognized {
  readonly service: Service;
  readonly protocol: Protocol;
  /** Absent for REST protocols, which are matched by path. */
  readonly operationName?: string;
}

/**
 * The protocol to refuse an unrecognised request in, so that its client can read why: judged by the request's marks alone.
 */
export function protocolOf({ headers }: HttpRequest): Protocol {
  const contentType = headers["content-type"] ?? "";
  if (headers["x-amz-target"] !== undefined) {
    return jsonVersion(contentType);
  }
  if (headers["smithy-protocol"] === "rpc-v2-cbor") {
    return "rpcv2Cbor";
  }
  if (contentType.startsWith("application/x-www-form-urlencoded")) {
    return "awsQuery";
  }
  return contentType.startsWith("application/json") ? "restJson1" : "restXml";
}

function jsonVersion(contentType: string): "awsJson1_0" | "awsJson1_1" {
  return contentType.startsWith("application/x-amz-json-1.1") ? "awsJson1_1" : "awsJson1_0";
}

const RPC_PATH = /^\/service\/([^/]+)\/operation\/([^/]+)$/;

/**
 * Tells what a request is from its own marks. One service speaks several protocols (the Go SDK writes CloudWatch as Query, botocore
 * as CBOR, the JavaScript SDK as JSON), so each request is looked at afresh.
 */
export function recognize(
  request: HttpRequest,
  claim: SignatureClaim | undefined,
  services: readonly Service[],
): Recognized | undefined {
  const target = request.headers["x-amz-target"];
  if (target !== undefined) {
    const dot = target.lastIndexOf(".");
    const service = services.find(({ targetPrefixes }) => targetPrefixes?.includes(target.slice(0, dot)));
    if (service === undefined) {
      return undefined;
    }
    const protocol = jsonVersion(request.headers["content-type"] ?? "");
    return { service, protocol, operationName: target.slice(dot + 1) };
  }
  if (request.headers["smithy-protocol"] === "rpc-v2-cbor") {
    const [, name, operationName] = RPC_PATH.exec(request.path) ?? [];
    const service = services.find(({ rpcServiceNames }) => rpcServiceNames?.includes(name ?? ""));
    return service === undefined ? undefined : { service, protocol: "rpcv2Cbor", operationName };
  }
  const query = recognizeQuery(request, claim, services);
  if (query !== undefined) {
    return query;
  }
  // A service that is not here must not be taken for S3.
  const service = claim === undefined ? byPath(services, request) : bySigningName(services, claim);
  return service?.rest === undefined ? undefined : { service, protocol: service.rest };
}

function recognizeQuery(
  request: HttpRequest,
  claim: SignatureClaim | undefined,
  services: readonly Service[],
): Recognized | undefined {
  const isForm = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
  const inUrl = request.method === "GET" && request.query.has("Action") && request.query.has("Version");
  if (!(request.method === "POST" && isForm) && !inUrl) {
    return undefined;
  }
  const form = formOf(request);
  const operationName = form.get("Action");
  if (operationName === null) {
    return undefined;
  }
  const version = form.get("Version");
  const service =
    services.find(
      ({ queryVersion, signingNames }) => queryVersion !== undefined && claim && signingNames.includes(claim.service),
    ) ?? services.find(({ queryVersion }) => queryVersion !== undefined && queryVersion === version);
  return service === undefined ? undefined : { service, protocol: "awsQuery", operationName };
}

function bySigningName(services: readonly Service[], claim: SignatureClaim): Service | undefined {
  return services.find(({ signingNames }) => signingNames.includes(claim.service));
}

/** An unsigned REST request: Lambda's and API Gateway's paths are unmistakable, everything else could only be an S3 object. */
function byPath(services: readonly Service[], { path }: HttpRequest): Service | undefined {
  const id = /^\/20\d\d-\d\d-\d\d\//.test(path) ? "lambda" : path.startsWith("/restapis") ? "apigateway" : "s3";
  return services.find((service) => service.id === id);
}
