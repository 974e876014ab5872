import type { JSONWebKeySet, JWTPayload } from "jose";
import { AwsError } from "../../core/aws-error.ts";
import type { OidcProviderDirectory, OidcProviderRecord } from "../../core/ports.ts";

/** Finds the public keys of issuers. */
export interface IssuerKeySets {
  /** @returns `undefined` for an issuer that local AWS does not play */
  keySet(issuer: string): JSONWebKeySet | undefined;
}

/** A token that has been found good, and who vouches for it. */
export interface WebIdentity {
  readonly provider: OidcProviderRecord;
  readonly claims: JWTPayload;
  readonly subject: string;
  /** The one audience that the account knows: `azp` where the token has it, otherwise one of `aud`. */
  readonly audience: string;
}

/** The only algorithm that is believed, whatever a token's header says: never `none`, never a public key as an HMAC secret. */
const ALGORITHMS = ["RS256"];

/**
 * Checks the token of `AssumeRoleWithWebIdentity` in the order of AWS: its form, its issuer, its time, its audience, its signature.
 * Times are on the wall clock, as those of sessions.
 *
 * @throws AwsError `InvalidIdentityToken`, `ExpiredTokenException`
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export async function verifyWebIdentityToken(
  token: string,
  deps: { readonly oidcProviders: OidcProviderDirectory; readonly issuers: IssuerKeySets },
): Promise<WebIdentity> {
  const { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors } = await import("jose");
  const { claims, algorithm } = read(token, decodeJwt, decodeProtectedHeader);
  const issuer = requiredText(claims, "iss");
  const provider = deps.oidcProviders.findProvider(issuer.replace(/^https:\/\//, "").replace(/\/$/, ""));
  if (!issuer.startsWith("https://") || provider === undefined) {
    throw invalid(`No OpenIDConnect provider found in your account for ${issuer}`);
  }
  const subject = requiredText(claims, "sub");
  checkTime(claims);
  const audience = audienceOf(claims, provider);
  if (audience === undefined) {
    throw invalid("Incorrect token audience");
  }
  if (!ALGORITHMS.includes(algorithm)) {
    throw notAJwt();
  }
  const keys = deps.issuers.keySet(issuer);
  if (keys === undefined) {
    throw invalid(
      `${NO_KEY}. Local AWS does not ask ${issuer} for its keys; it plays issuers itself, with \`slipway local token\`.`,
    );
  }
  try {
    await compactVerify(token, createLocalJWKSet(keys), { algorithms: ALGORITHMS });
  } catch (cause) {
    throw invalid(cause instanceof errors.JWKSNoMatchingKey ? NO_KEY : NO_MATCH, cause);
  }
  return { provider, claims, subject, audience };
}

const NO_KEY =
  "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements";
const NO_MATCH =
  "The web identity token that was passed could not be validated by AWS: its signature does not match. Get a new identity token from the identity provider and then retry the request.";

function read(
  token: string,
  decodeJwt: (token: string) => JWTPayload,
  decodeProtectedHeader: (token: string) => { alg?: string },
): { claims: JWTPayload; algorithm: string } {
  try {
    const { alg = "" } = decodeProtectedHeader(token);
    return { claims: decodeJwt(token), algorithm: alg };
  } catch (cause) {
    throw notAJwt(cause);
  }
}

function requiredText(claims: JWTPayload, name: "iss" | "sub"): string {
  const value: unknown = claims[name];
  if (typeof value !== "string" || value === "") {
    throw invalid(`Missing a required claim: ${name}`);
  }
  return value;
}

function checkTime({ iat, exp, nbf }: JWTPayload): void {
  const now = Math.floor(Date.now() / 1000);
  // As they came: a claim may have any type.
  for (const [name, time] of Object.entries({ iat, exp } as Readonly<Record<string, unknown>>)) {
    if (typeof time !== "number") {
      throw invalid(`Missing a required claim: ${name}`);
    }
  }
  if (exp === undefined || now >= exp) {
    throw new AwsError(
      "ExpiredTokenException",
      `Token expired: current date/time ${now} must be before the expiration date/time ${exp}`,
    );
  }
  if (nbf !== undefined && !(nbf <= now)) {
    throw invalid(`Token is not valid yet: current date/time ${now} is before its start ${nbf}`);
  }
}

function audienceOf({ aud, azp }: JWTPayload, { clientIds }: OidcProviderRecord): string | undefined {
  const given = typeof azp === "string" ? [azp] : typeof aud === "string" ? [aud] : (aud ?? []);
  return given.find((audience) => clientIds.includes(audience));
}

function notAJwt(cause?: unknown): AwsError {
  return invalid(
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
    cause,
  );
}

function invalid(message: string, cause?: unknown): AwsError {
  return new AwsError("InvalidIdentityTokenException", message, { cause });
}
