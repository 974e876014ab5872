import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from "jose";

/** A key pair of an issuer. */
export interface TestKey {
  id: string;
  algorithm: string;
  privateKey: CryptoKey;
  publicJwk: JWK;
}

export interface TestIssuer extends AsyncDisposable {
  issuer: string;
  jwksUri: string;
  key: TestKey;
  /** What it publishes; a test may change it. */
  published: JWK[];
  /** How often it was asked. */
  requests: number;
  /** How it answers from now on, in place of its keys. */
  answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** A good token with a read scope, unless told otherwise; a claim of `undefined` is left out. */
  mint(claims?: JWTPayload, header?: Partial<JWTHeaderParameters>, key?: TestKey): Promise<string>;
  /** Cuts all connections, and listens no more. */
  stop(): Promise<void>;
}

export const ISSUER = "https://login.example.com";
export const AUDIENCE = "items-api";

/** Makes a real key pair. */
export async function makeKey(id: string, algorithm = "RS256"): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return {
    id,
    algorithm,
    privateKey,
    publicJwk: { ...(await exportJWK(publicKey)), kid: id, use: "sig", alg: algorithm },
  };
}

/** Starts an issuer that publishes its keys over HTTP on a free port of loopback. */
export async function startIssuer(): Promise<TestIssuer> {
  const key = await makeKey("key-1");
  const server = createServer((request, response) => {
    issuer.requests += 1;
    if (issuer.answer !== undefined) return issuer.answer(request, response);
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: issuer.published }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const issuer: TestIssuer = {
    issuer: ISSUER,
    jwksUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    key,
    published: [key.publicJwk],
    requests: 0,
    answer: undefined,
    mint(claims = {}, header = {}, { id, algorithm, privateKey } = key) {
      const now = Math.floor(Date.now() / 1_000);
      const usual = { iss: ISSUER, aud: AUDIENCE, sub: "ann", scope: "items:read", iat: now, nbf: now, exp: now + 300 };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: algorithm, kid: id, typ: "at+jwt", ...header })
        .sign(privateKey);
    },
    async stop() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
    [Symbol.asyncDispose]: () => issuer.stop(),
  };
  return issuer;
}
