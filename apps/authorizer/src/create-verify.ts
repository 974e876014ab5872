import {
  JwtExpiredError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureError,
  JwtNotBeforeError,
  JwtParseError,
} from "aws-jwt-verify/error";
import { findJwkInJwks, type Jwks } from "aws-jwt-verify/jwk";
import { decomposeUnverifiedJwt } from "aws-jwt-verify/jwt";
import type { JwtHeader, JwtPayload } from "aws-jwt-verify/jwt-model";
import {
  JwtVerifier,
  type SupportedSignatureAlgorithm,
  supportedSignatureAlgorithms,
} from "aws-jwt-verify/jwt-verifier";
import type { Verify } from "./create-authorizer.ts";
import type { FindKeys } from "./create-key-cache.ts";
import { type DenialReason, DeniedError } from "./denied-error.ts";
import { keyFitsAlgorithm } from "./key-fits-algorithm.ts";
import type { Config } from "./read-config.ts";

/** By how much the issuer's clock and ours may differ. */
const CLOCK_SKEW_SECONDS = 5;

/** RFC 7518, section 3.4: of any other length it does not hold. Node.js throws over it instead, as if the fault were ours. */
const SIGNATURE_BYTES: Partial<Record<SupportedSignatureAlgorithm, number>> = { ES256: 64, ES384: 96, ES512: 132 };

const REASONS: readonly [new (...args: never[]) => Error, DenialReason][] = [
  [JwtParseError, "malformed"],
  [JwtInvalidSignatureError, "signature"],
  [JwtExpiredError, "expired"],
  [JwtNotBeforeError, "not-yet-valid"],
  [JwtInvalidIssuerError, "issuer"],
];

/**
 * Checks tokens of one issuer with aws-jwt-verify, and what that leaves to its caller: that a token has an end, that it is for us
 * under one of the two names of the audience, and that it has no critical header.
 *
 * What can be judged without a key is judged first, so that rubbish does not make us ask the issuer.
 */
export function createVerify(
  { issuer, audiences, jwksUri }: Pick<Config, "issuer" | "audiences" | "jwksUri">,
  findKeys: FindKeys,
): Verify {
  const verifier = JwtVerifier.create({ issuer, jwksUri, audience: null, graceSeconds: CLOCK_SKEW_SECONDS });
  let cached: Jwks | undefined;

  return async (token) => {
    const { header, signatureB64 } = denying(() => decomposeUnverifiedJwt(token));
    const { alg, kid } = checkHeader(header);
    const keys = await findKeys(kid);
    const key = findJwkInJwks(keys, kid);
    if (key === undefined) throw new DeniedError("unknown-key");
    if (!keyFitsAlgorithm(key, alg)) throw new DeniedError("algorithm");
    const signatureBytes = Buffer.from(signatureB64, "base64").length;
    if (signatureBytes !== (SIGNATURE_BYTES[alg] ?? signatureBytes)) throw new DeniedError("signature");
    if (keys !== cached) {
      verifier.cacheJwks(keys);
      cached = keys;
    }
    const claims = denying(() => verifier.verifySync(token));
    if (claims.exp === undefined) throw new DeniedError("no-expiry");
    if (!isFor(audiences, claims)) throw new DeniedError("audience");
    return claims;
  };
}

function checkHeader({ alg, kid, crit }: JwtHeader): { alg: SupportedSignatureAlgorithm; kid: string } {
  const known = supportedSignatureAlgorithms.find((algorithm) => algorithm === alg);
  if (known === undefined) throw new DeniedError("algorithm");
  // RFC 7515, section 4.1.11: who does not understand a critical header has to refuse it. We understand none.
  if (crit !== undefined) throw new DeniedError("critical-header");
  if (!kid) throw new DeniedError("no-key-id");
  return { alg: known, kid };
}

/** Cognito's access tokens have no `aud`, and say in `client_id` which application they were made for. */
function isFor(audiences: readonly string[], { aud, client_id: clientId }: JwtPayload): boolean {
  if (aud === undefined) return typeof clientId === "string" && audiences.includes(clientId);
  return [aud].flat().some((name) => audiences.includes(name));
}

/** @throws {DeniedError} in place of what aws-jwt-verify says of a token, which quotes from it */
function denying<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    const reason = REASONS.find(([type]) => error instanceof type)?.[1];
    throw reason === undefined ? error : new DeniedError(reason);
  }
}
