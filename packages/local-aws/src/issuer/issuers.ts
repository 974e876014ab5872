import { randomUUID } from "node:crypto";
import type { JSONWebKeySet, JWK } from "jose";
import { AwsError } from "../core/aws-error.ts";
import type { Collection } from "../store/store.ts";

/** The key pair of an issuer that local AWS plays. */
export interface IssuerKeys {
  readonly privateKey: JWK;
  readonly publicKey: JWK;
}

/** What a token shall say. */
export interface TokenRequest {
  /** `https://token.actions.githubusercontent.com`, or the same without its scheme. */
  readonly issuer: string;
  /** The `sub` claim. */
  readonly subject: string;
  /** The `aud` claim. */
  readonly audience: string | readonly string[];
  /** Further claims. They win over the standard ones, so that a rehearsal can have an expired token, too. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** From now to the `exp` claim; 300 unless said, as GitHub's. */
  readonly lifetimeSeconds?: number;
}

/** Lifetime of GitHub's tokens. */
const USUAL_LIFETIME_SECONDS = 300;
const LONGEST_LIFETIME_SECONDS = 86_400;
/** The one algorithm of the issuers played here; others are refused, so that no key is used for another. */
export const TOKEN_ALGORITHM = "RS256";

/**
 * The OpenID Connect issuers that local AWS plays: the real ones cannot be asked in a rehearsal, neither for a token nor, by STS, for
 * their keys. Each issuer has a key pair of its own, made with its first token and kept in the store. Tokens are on the wall clock, as
 * sessions are.
 */
export class Issuers {
  readonly #keys: Collection<IssuerKeys>;
  readonly #beingMade = new Map<string, Promise<IssuerKeys>>();

  constructor(keys: Collection<IssuerKeys>) {
    this.#keys = keys;
  }

  /**
   * Makes a signed token (JWT).
   *
   * @throws AwsError `InvalidToken` when the request lacks something or asks for what no issuer gives
   */
  async mint(request: TokenRequest): Promise<string> {
    const { issuer, subject, audience, claims, lifetimeSeconds = USUAL_LIFETIME_SECONDS } = checked(request);
    const host = withoutScheme(issuer);
    const { privateKey } = await this.#keysOf(host);
    const { importJWK, SignJWT } = await import("jose");
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      jti: randomUUID(),
      sub: subject,
      aud: typeof audience === "string" ? audience : [...audience],
      // To the last slash, which is part of the name for whoever compares it: some issuers end in one.
      iss: issuer.startsWith("https://") ? issuer : `https://${issuer}`,
      iat: now,
      nbf: now,
      exp: now + lifetimeSeconds,
      ...claims,
    };
    return new SignJWT(payload)
      .setProtectedHeader({ typ: "JWT", alg: TOKEN_ALGORITHM, kid: privateKey.kid })
      .sign(await importJWK(privateKey, TOKEN_ALGORITHM));
  }

  /** The public keys of an issuer, or `undefined` when local AWS does not play it: it has not made a token for it yet. */
  keySet(issuer: string): JSONWebKeySet | undefined {
    const keys = this.#keys.get(withoutScheme(issuer));
    return keys && { keys: [keys.publicKey] };
  }

  #keysOf(host: string): Promise<IssuerKeys> {
    const kept = this.#keys.get(host);
    if (kept !== undefined) {
      return Promise.resolve(kept);
    }
    // Two first tokens at once must not be signed with two keys, of which one is forgotten.
    let making = this.#beingMade.get(host);
    if (making === undefined) {
      making = newKeys().then((keys) => {
        this.#keys.put(host, keys);
        return keys;
      });
      this.#beingMade.set(host, making);
      void making.catch(() => {}).then(() => this.#beingMade.delete(host));
    }
    return making;
  }
}

/** An issuer as IAM keeps it: without its scheme, and without a slash at its end. */
export function withoutScheme(issuer: string): string {
  return issuer.replace(/^https:\/\//, "").replace(/\/$/, "");
}

async function newKeys(): Promise<IssuerKeys> {
  const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await import("jose");
  const { privateKey, publicKey } = await generateKeyPair(TOKEN_ALGORITHM, { extractable: true });
  const open = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(open);
  const described = { kid, alg: TOKEN_ALGORITHM, use: "sig" };
  return { privateKey: { ...(await exportJWK(privateKey)), ...described }, publicKey: { ...open, ...described } };
}

function checked(request: TokenRequest): TokenRequest {
  const { issuer, subject, audience, claims, lifetimeSeconds } = request;
  if (typeof issuer !== "string" || !/^(https:\/\/)?[a-z0-9.-]+(:\d+)?(\/[^?#\s]*)?$/i.test(issuer)) {
    throw refused("issuer", "expected an https URL, like https://token.actions.githubusercontent.com", issuer);
  }
  if (typeof subject !== "string" || subject === "") {
    throw refused("subject", "expected a text", subject);
  }
  const audiences = typeof audience === "string" ? [audience] : audience;
  if (
    !Array.isArray(audiences) ||
    audiences.length === 0 ||
    !audiences.every((one) => typeof one === "string" && one)
  ) {
    throw refused("audience", "expected a text, or a list of texts", audience);
  }
  if (claims !== undefined && (typeof claims !== "object" || claims === null || Array.isArray(claims))) {
    throw refused("claims", "expected an object", claims);
  }
  if (
    lifetimeSeconds !== undefined &&
    !(Number.isInteger(lifetimeSeconds) && lifetimeSeconds >= 1 && lifetimeSeconds <= LONGEST_LIFETIME_SECONDS)
  ) {
    throw refused("lifetimeSeconds", `expected seconds from 1 to ${LONGEST_LIFETIME_SECONDS}`, lifetimeSeconds);
  }
  return request;
}

function refused(field: string, expected: string, given: unknown): AwsError {
  return new AwsError("InvalidToken", `${field}: ${expected}, got ${JSON.stringify(given)}.`, { status: 400 });
}
