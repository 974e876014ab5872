import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent, Context } from "aws-lambda";
import { bearerToken } from "./bearer-token.ts";
import type { Logger } from "./create-logger.ts";
import { type DenialReason, DeniedError } from "./denied-error.ts";
import { policyFor } from "./policy-for.ts";
import type { Config } from "./read-config.ts";
import { type Outcome, requestLine } from "./request-line.ts";
import { scopesOf } from "./scopes-of.ts";

/**
 * Checks a token.
 *
 * @returns its claims
 * @throws {DeniedError} when it is not good; anything else that is thrown means that nobody knows
 */
export type Verify = (token: string) => Promise<Readonly<Record<string, unknown>>>;

export interface AuthorizerOptions extends Pick<Config, "readScope" | "writeScope"> {
  verify: Verify;
  log: Logger;
  now: () => Date;
  /** The function's environment, for what Lambda writes into it. */
  env: NodeJS.ProcessEnv;
}

/**
 * The Lambda authorizer (type TOKEN): a policy for the whole stage, and one line per request.
 *
 * - A token that is not good: the error `Unauthorized`, by which API Gateway knows to answer 401.
 * - A good token without a scope of ours: a policy that denies everything, 403.
 * - No way to know: any other error, 500. A client that was told 401 would throw its good token away, and no alarm would go off.
 */
export function createAuthorizer({ verify, readScope, writeScope, log, now, env }: AuthorizerOptions) {
  // With provisioned concurrency the start happened before the request, which did not wait for it.
  let coldStart = env.AWS_LAMBDA_INITIALIZATION_TYPE !== "provisioned-concurrency";

  const authorize = async ({ type, authorizationToken, methodArn }: APIGatewayTokenAuthorizerEvent) => {
    if (type !== "TOKEN") {
      throw new Error(`The event's type is "${type}". Set the type of API Gateway's authorizer to TOKEN.`);
    }
    const claims = await verify(bearerToken(authorizationToken));
    const principalId = [claims.sub, claims.client_id].find((id): id is string => typeof id === "string" && id !== "");
    if (principalId === undefined) throw new DeniedError("no-subject");
    const scopes = scopesOf(claims);
    const policyDocument = policyFor(methodArn, { read: scopes.has(readScope), write: scopes.has(writeScope) });
    const granted = [...new Set([readScope, writeScope])].filter((scope) => scopes.has(scope));
    // API Gateway takes no lists in a context, and hands everything on as text.
    const result = { principalId, policyDocument, context: { scope: granted.join(" ") } };
    return { result, isGranted: granted.length > 0 };
  };

  return async (event: APIGatewayTokenAuthorizerEvent, context: Context): Promise<APIGatewayAuthorizerResult> => {
    const startedAt = performance.now();
    const about = { requestId: context.awsRequestId, traceId: traceIdOf(env) };
    const end = (outcome: Outcome, reason?: DenialReason) => {
      log("INFO", "request", {
        ...about,
        reason,
        durationMs: Math.round((performance.now() - startedAt) * 100) / 100,
        functionVersion: context.functionVersion,
        coldStart,
        ...requestLine(outcome, now()),
      });
      coldStart = false;
    };

    try {
      const { result, isGranted } = await authorize(event);
      if (isGranted) end("allowed");
      else end("denied", "no-scope");
      return result;
    } catch (error) {
      if (error instanceof DeniedError) {
        end("denied", error.reason);
        throw new Error("Unauthorized");
      }
      log("ERROR", "the authorizer cannot decide", { ...about, error: describe(error) });
      end("fault");
      throw error;
    }
  };
}

/** Lambda sets the variable anew for each invocation: `Root=1-…;Parent=…;Sampled=1`. */
function traceIdOf(env: NodeJS.ProcessEnv): string | undefined {
  return /(?:^|;)Root=([^;]+)/.exec(env._X_AMZN_TRACE_ID ?? "")?.[1];
}

function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  return { name: error.name, message: error.message, stack: error.stack };
}
