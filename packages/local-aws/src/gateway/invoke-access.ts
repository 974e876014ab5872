import type { AccessDecision, ResourcePolicy } from "../core/access.ts";
import { AwsError } from "../core/aws-error.ts";
import type { Core } from "../core/core.ts";
import type { Principal } from "../core/credentials.ts";
import type { HttpRequest } from "../core/service.ts";
import { readClaim, verifySignature } from "../wire/sigv4.ts";
import type { Exchange } from "./exchange.ts";
import { executeApiArn } from "./function-reference.ts";
import { GatewayError } from "./gateway-error.ts";

/** Who did not sign. */
const ANONYMOUS: Principal = { type: "anonymous", arn: "anonymous", userId: "anonymous", accountId: "anonymous" };

/** What a resource policy says of a caller. */
export type Consent = "allow" | "deny" | "none";

/** The ARN of the method as it was called; policies are written against it. */
export function methodArn(exchange: Exchange): string {
  return executeApiArn(exchange, `${exchange.stage.stageName}/${exchange.request.method}${exchange.path}`);
}

/**
 * Finds out who signed a request to a method with `AWS_IAM` authorization.
 *
 * Source: Amazon API Gateway developer guide, "Control access to a REST API with IAM permissions".
 *
 * @throws GatewayError 403 for a request without a signature, or with one that does not hold
 */
export function callerOf({ credentials, region }: Core, request: HttpRequest): Principal {
  try {
    const claim = readClaim(request);
    if (claim === undefined) {
      throw new GatewayError("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token");
    }
    if (claim.service !== "execute-api") {
      throw new GatewayError("INVALID_SIGNATURE", "Credential should be scoped to correct service: 'execute-api'. ");
    }
    if (claim.region !== region) {
      throw new GatewayError("INVALID_SIGNATURE", "Credential should be scoped to a valid region. ");
    }
    const { credential } = verifySignature(request, claim, (key) => credentials.find(key), Date.now());
    return { ...credential.principal, accessKeyId: credential.accessKeyId };
  } catch (error) {
    throw error instanceof AwsError ? signatureError(error) : error;
  }
}

function signatureError({ code, message }: AwsError): GatewayError {
  switch (code) {
    case "ExpiredToken":
      return new GatewayError("EXPIRED_TOKEN", message);
    case "InvalidClientTokenId":
      return new GatewayError("INVALID_SIGNATURE", message, { errorType: "UnrecognizedClientException" });
    case "IncompleteSignature":
      return new GatewayError("INVALID_SIGNATURE", message, { errorType: "IncompleteSignatureException" });
    default:
      return new GatewayError("INVALID_SIGNATURE", message);
  }
}

/**
 * Checks that IAM lets a caller invoke the method: identity policies and the API's resource policy together; for an anonymous
 * caller of an API with a resource policy, that policy alone.
 *
 * Source: Amazon API Gateway developer guide, "How API Gateway resource policies affect authorization workflow".
 *
 * @throws GatewayError 403 `ACCESS_DENIED`
 */
export function requireInvoke(core: Core, exchange: Exchange, caller: Principal = ANONYMOUS): void {
  const decision = decide(core, exchange, caller);
  if (!decision.allowed) {
    throw accessDenied(exchange, caller, decision.denial === "explicit");
  }
}

/**
 * What the API's resource policy says before its Lambda authorizer is asked: an explicit denial is final, and where the authorizer's
 * policy says nothing, the API's may allow (table A of the workflow).
 *
 * @throws GatewayError 403 `ACCESS_DENIED` for an explicit denial
 */
export function consentOf(core: Core, exchange: Exchange): Exclude<Consent, "deny"> {
  if (exchange.api.policy === undefined) {
    return "none";
  }
  const decision = decide(core, exchange, ANONYMOUS);
  if (!decision.allowed && decision.denial === "explicit") {
    throw accessDenied(exchange, ANONYMOUS, true);
  }
  return decision.allowed ? "allow" : "none";
}

function decide(core: Core, exchange: Exchange, caller: Principal): AccessDecision {
  const { api, sourceIp, request } = exchange;
  const resourcePolicy: ResourcePolicy | undefined = api.policy;
  return core.authorizer.decide(
    caller,
    { action: "execute-api:Invoke", resource: methodArn(exchange), resourcePolicy },
    { remoteAddress: sourceIp, userAgent: request.headers["user-agent"] },
  );
}

function accessDenied(exchange: Exchange, caller: Principal, isExplicit: boolean): GatewayError {
  const { accountId } = exchange;
  // AWS shows only the end of the account's number.
  const shown = methodArn(exchange).replace(`:${accountId}:`, `:********${accountId.slice(-4)}:`);
  return new GatewayError(
    "ACCESS_DENIED",
    `User: ${caller.arn} is not authorized to perform: execute-api:Invoke on resource: ${shown}${isExplicit ? " with an explicit deny" : ""}`,
  );
}
