import type { Authorizer } from "@aws-sdk/client-api-gateway";
import { AwsError } from "../core/aws-error.ts";
import type { FunctionInvoker } from "../core/ports.ts";
import { type AuthorizerResult, type Exchange, traceHeader } from "./exchange.ts";
import { executeApiArn, functionInUri, withStageVariables } from "./function-reference.ts";
import { GatewayError } from "./gateway-error.ts";
import { methodArn } from "./invoke-access.ts";
import { compileInvokePolicy, type InvokePolicy, InvokePolicyError } from "./invoke-policy.ts";
import { authorizerEvent } from "./request-event.ts";
import { mappedValue } from "./value-mapping.ts";

const DEFAULT_TTL_SECONDS = 300;
const TIMEOUT_MS = 29_000;
/** Entries kept at most; the oldest go first. */
const CACHE_SIZE = 10_000;

interface Verdict {
  readonly result: AuthorizerResult;
  readonly policy: InvokePolicy;
}

/**
 * Runs Lambda authorizers and keeps what they said for as long as they allow.
 *
 * Source: Amazon API Gateway developer guide, "Use API Gateway Lambda authorizers".
 */
export class Authorizers {
  readonly #functions: FunctionInvoker;
  readonly #now: () => number;
  readonly #cache = new Map<string, { readonly verdict: Verdict; readonly until: number }>();

  /** @param now - milliseconds since the epoch, on the clock of local AWS */
  constructor(functions: FunctionInvoker, now: () => number) {
    this.#functions = functions;
    this.#now = now;
  }

  /**
   * Lets an authorizer decide on a request.
   *
   * @param consent - of the API's resource policy: enough where the authorizer's policy says neither yes nor no
   * @throws GatewayError 401 without identity, 403 when the policy does not allow the call, 500 when the authorizer fails
   */
  async authorize(
    exchange: Exchange,
    authorizer: Authorizer,
    consent: "allow" | "none" = "none",
  ): Promise<AuthorizerResult> {
    const identity = identityOf(exchange, authorizer);
    const ttl = (authorizer.authorizerResultTtlInSeconds ?? DEFAULT_TTL_SECONDS) * 1000;
    const cacheKey =
      ttl === 0
        ? undefined
        : [
            stagePrefix(exchange.target.apiId, exchange.target.stage),
            exchange.stage.deploymentId,
            authorizer.id,
            ...identity,
          ].join("\n");
    const { verdict, cached } = await this.#verdict(exchange, authorizer, identity, cacheKey, ttl);
    const decision = verdict.policy({
      resource: methodArn(exchange),
      sourceIp: exchange.sourceIp,
      userAgent: exchange.request.headers["user-agent"],
      time: exchange.time,
    });
    if (decision === "deny" || (decision === "none" && consent === "none")) {
      const suffix = decision === "deny" ? " with an explicit deny" : "";
      throw new GatewayError("ACCESS_DENIED", `User is not authorized to access this resource${suffix}`);
    }
    return cached ? { ...verdict.result, integrationLatency: 0 } : verdict.result;
  }

  /** Forgets what authorizers said for a stage. */
  flush(apiId: string, stage: string): void {
    const prefix = `${stagePrefix(apiId, stage)}\n`;
    for (const key of this.#cache.keys()) {
      if (key.startsWith(prefix)) {
        this.#cache.delete(key);
      }
    }
  }

  async #verdict(
    exchange: Exchange,
    authorizer: Authorizer,
    identity: readonly string[],
    cacheKey: string | undefined,
    ttl: number,
  ): Promise<{ verdict: Verdict; cached: boolean }> {
    const kept = cacheKey === undefined ? undefined : this.#cache.get(cacheKey);
    if (kept !== undefined && kept.until > this.#now()) {
      return { verdict: kept.verdict, cached: true };
    }
    const started = performance.now();
    const payload = await this.#invoke(exchange, authorizer, identity);
    const verdict = readVerdict(payload, Math.round(performance.now() - started));
    if (cacheKey !== undefined) {
      this.#cache.delete(cacheKey);
      this.#cache.set(cacheKey, { verdict, until: this.#now() + ttl });
      const oldest = this.#cache.keys().next().value;
      if (this.#cache.size > CACHE_SIZE && oldest !== undefined) {
        this.#cache.delete(oldest);
      }
    }
    return { verdict, cached: false };
  }

  async #invoke(exchange: Exchange, authorizer: Authorizer, identity: readonly string[]): Promise<Uint8Array> {
    const functionName = withStageVariables(functionInUri(authorizer.authorizerUri ?? "") ?? "", exchange);
    if (functionName === undefined) {
      throw new GatewayError("AUTHORIZER_CONFIGURATION_ERROR", null, {
        reason: "Invalid stage variable in the authorizer's URI",
      });
    }
    const arn = methodArn(exchange);
    const event =
      authorizer.type === "TOKEN"
        ? { type: "TOKEN", methodArn: arn, authorizationToken: identity[0] }
        : authorizerEvent(exchange, arn);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new GatewayError("AUTHORIZER_FAILURE", null, { reason: "The authorizer timed out" })),
        TIMEOUT_MS,
      );
    });
    try {
      const result = await Promise.race([
        this.#functions.invoke({
          functionName,
          payload: Buffer.from(JSON.stringify(event)),
          traceId: traceHeader(exchange.trace),
          source: {
            service: "apigateway.amazonaws.com",
            arn: executeApiArn(exchange, `authorizers/${authorizer.id}`),
          },
        }),
        timeout,
      ]);
      if (result.functionError !== undefined) {
        throw functionFailure(result.payload);
      }
      return result.payload;
    } catch (error) {
      if (error instanceof AwsError) {
        throw new GatewayError("AUTHORIZER_CONFIGURATION_ERROR", null, {
          reason: `The authorizer could not be invoked: ${error.code}: ${error.message}`,
        });
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

function stagePrefix(apiId: string, stage: string): string {
  return `${apiId}/${stage}`;
}

/**
 * The values of the authorizer's identity sources.
 *
 * @throws GatewayError `UNAUTHORIZED` where one is missing or does not match the authorizer's expression
 */
function identityOf(exchange: Exchange, authorizer: Authorizer): string[] {
  const sources = (authorizer.identitySource ?? "").split(",").map((source) => source.trim());
  const values: string[] = [];
  for (const source of sources.filter((name) => name !== "")) {
    const value = mappedValue(exchange, source);
    if (value === undefined || value === "") {
      throw new GatewayError("UNAUTHORIZED", "Unauthorized", { reason: `Identity source ${source} is missing` });
    }
    values.push(value);
  }
  const expression = authorizer.identityValidationExpression;
  if (
    authorizer.type === "TOKEN" &&
    expression !== undefined &&
    !new RegExp(`^(?:${expression})$`).test(values[0] ?? "")
  ) {
    throw new GatewayError("UNAUTHORIZED", "Unauthorized", {
      reason: "The token does not match the validation expression",
    });
  }
  return values;
}

/** A function that fails with the message `Unauthorized` says 401; any other failure is a 500. */
function functionFailure(payload: Uint8Array): GatewayError {
  const text = new TextDecoder().decode(payload);
  let message: unknown;
  try {
    message = (JSON.parse(text) as { errorMessage?: unknown }).errorMessage;
  } catch {
    message = undefined;
  }
  return message === "Unauthorized"
    ? new GatewayError("UNAUTHORIZED", "Unauthorized")
    : new GatewayError("AUTHORIZER_FAILURE", null, { reason: `The authorizer failed: ${text}` });
}

function readVerdict(payload: Uint8Array, integrationLatency: number): Verdict {
  try {
    const answer: unknown = JSON.parse(new TextDecoder().decode(payload));
    if (typeof answer !== "object" || answer === null) {
      throw new InvokePolicyError("The authorizer's answer is not an object.");
    }
    const { principalId, policyDocument, context, usageIdentifierKey } = answer as Record<string, unknown>;
    if (typeof principalId !== "string") {
      throw new InvokePolicyError("The authorizer's answer has no principalId.");
    }
    return {
      policy: compileInvokePolicy(policyDocument),
      result: {
        principalId,
        context: contextOf(context),
        integrationLatency,
        ...(typeof usageIdentifierKey === "string" ? { usageIdentifierKey } : {}),
      },
    };
  } catch (error) {
    if (error instanceof InvokePolicyError || error instanceof SyntaxError) {
      throw new GatewayError("AUTHORIZER_CONFIGURATION_ERROR", null, { reason: error.message });
    }
    throw error;
  }
}

/** The authorizer's context: a flat map of texts, numbers and truth values, all handed on as text. */
function contextOf(context: unknown): Record<string, string> {
  const entries = Object.entries((context ?? {}) as Record<string, unknown>).filter(([, value]) => value !== null);
  for (const [key, value] of entries) {
    if (typeof value === "object") {
      throw new InvokePolicyError(`The authorizer's context.${key} must be text, a number or a boolean.`);
    }
  }
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
}
