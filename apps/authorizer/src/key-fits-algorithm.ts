import type { Jwk } from "aws-jwt-verify/jwk";
import type { SupportedSignatureAlgorithm } from "aws-jwt-verify/jwt-verifier";

/** RFC 7518, section 3.1, and RFC 8037, section 3.1. */
const KEYS: Record<SupportedSignatureAlgorithm, { kty: string; crv?: readonly string[] }> = {
  RS256: { kty: "RSA" },
  RS384: { kty: "RSA" },
  RS512: { kty: "RSA" },
  ES256: { kty: "EC", crv: ["P-256"] },
  ES384: { kty: "EC", crv: ["P-384"] },
  ES512: { kty: "EC", crv: ["P-521"] },
  EdDSA: { kty: "OKP", crv: ["Ed25519", "Ed448"] },
};

/**
 * Whether an issuer's key is for signatures by an algorithm. The algorithm is the token's word: one that does not go with the key
 * would make the cryptography throw, which looks like a fault of ours, or hash otherwise than the issuer meant.
 */
export function keyFitsAlgorithm(
  { kty, crv = "", use = "sig", alg }: Jwk,
  algorithm: SupportedSignatureAlgorithm,
): boolean {
  const wanted = KEYS[algorithm];
  return (
    kty === wanted.kty &&
    (wanted.crv?.includes(crv) ?? true) &&
    use === "sig" &&
    (alg === undefined || alg === algorithm)
  );
}
