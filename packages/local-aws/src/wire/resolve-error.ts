import type { AwsError } from "../core/aws-error.ts";
import type { Protocol, Service } from "../core/service.ts";
import type { WireError } from "./protocols.ts";
import type { ServiceModel } from "./service-model.ts";

/** Codes that every service has, but not every protocol calls the same. */
const RENAMED: Readonly<Partial<Record<Protocol, Readonly<Record<string, readonly [code: string, status: number]>>>>> =
  {
    awsJson1_0: jsonAuthCodes(400),
    awsJson1_1: jsonAuthCodes(400),
    rpcv2Cbor: jsonAuthCodes(400),
    restJson1: jsonAuthCodes(403),
    restXml: {
      InvalidClientTokenId: ["InvalidAccessKeyId", 403],
      MissingAuthenticationToken: ["AccessDenied", 403],
      IncompleteSignature: ["AuthorizationHeaderMalformed", 400],
      ExpiredToken: ["ExpiredToken", 400],
    },
  };

function jsonAuthCodes(status: number): Readonly<Record<string, readonly [string, number]>> {
  return {
    InvalidClientTokenId: ["UnrecognizedClientException", status],
    SignatureDoesNotMatch: ["InvalidSignatureException", status],
    RequestTimeTooSkewed: ["InvalidSignatureException", status],
    IncompleteSignature: ["IncompleteSignatureException", status],
    MissingAuthenticationToken: ["MissingAuthenticationTokenException", status],
    ExpiredToken: ["ExpiredTokenException", status],
    AccessDenied: ["AccessDeniedException", status],
    XAmzContentSHA256Mismatch: ["InvalidSignatureException", status],
  };
}

/** What a request was understood as when it failed. */
export interface FailedRequest {
  readonly service: Service | undefined;
  readonly model: ServiceModel | undefined;
}

/** Finds an error's code, status and shape as the caller's protocol and service have them. */
export function resolveError(error: AwsError, protocol: Protocol, failed: FailedRequest): WireError {
  const [code, renamedStatus] = denialOf(error, failed) ?? RENAMED[protocol]?.[error.code] ?? [error.code, undefined];
  const model = failed.model?.errors.get(code);
  const status = renamedStatus ?? error.options.status ?? model?.status ?? 400;
  return {
    code,
    message: error.message,
    status,
    fault: status >= 500 ? "server" : "client",
    model,
    fields: error.options.fields ?? {},
  };
}

/** Services call a denial by different names. */
function denialOf(error: AwsError, { service }: FailedRequest): readonly [code: string, status: number] | undefined {
  const own = service?.accessDenied;
  return error.code === "AccessDenied" && own !== undefined ? [own.code, own.status] : undefined;
}
