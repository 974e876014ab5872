import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestCore, testCore } from "../test/test-core.ts";
import { issuerDocument } from "./issuer-documents.ts";
import { type IssuerKeys, Issuers, type TokenRequest } from "./issuers.ts";

const REQUEST: TokenRequest = { issuer: "https://token.example.com", subject: "me", audience: "you" };

let core: TestCore;
let issuers: Issuers;

const open = (): Issuers => new Issuers(core.store.collection<IssuerKeys>("core/issuers"));

beforeEach(() => {
  core = testCore();
  issuers = open();
});
afterEach(() => core.dispose());

describe("a token", () => {
  test("can be verified with what the issuer publishes", async () => {
    const token = await issuers.mint({ ...REQUEST, claims: { team: "a" }, lifetimeSeconds: 60 });
    const keys = issuers.keySet("token.example.com") ?? { keys: [] };
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer: "https://token.example.com",
      audience: "you",
      requiredClaims: ["jti", "nbf", "iat", "exp"],
    });
    expect(payload).toMatchObject({ sub: "me", team: "a" });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(60);
    expect(protectedHeader).toEqual({ typ: "JWT", alg: "RS256", kid: keys.keys[0]?.kid });
  });

  test("may say what a rehearsal needs, even that it has expired", async () => {
    const claims = { exp: 1, jti: "one" };
    expect(decodeJwt(await issuers.mint({ ...REQUEST, claims }))).toMatchObject(claims);
  });

  test("names its issuer to the last slash, and has the same keys with and without it", async () => {
    const payloads = await Promise.all(
      ["https://token.example.com/", "token.example.com"].map((issuer) => issuers.mint({ ...REQUEST, issuer })),
    );
    expect(payloads.map((token) => decodeJwt(token).iss)).toEqual([
      "https://token.example.com/",
      "https://token.example.com",
    ]);
    expect(issuers.keySet("https://token.example.com/")).toEqual(issuers.keySet("token.example.com"));
  });

  test("is signed with one key, however many are asked for at once, and after a restart", async () => {
    const tokens = await Promise.all([issuers.mint(REQUEST), issuers.mint(REQUEST), issuers.mint(REQUEST)]);
    const again = open();
    const keys = createLocalJWKSet(again.keySet(REQUEST.issuer) ?? { keys: [] });
    for (const token of [...tokens, await again.mint(REQUEST)]) {
      expect((await jwtVerify(token, keys)).payload.sub).toBe("me");
    }
  });

  test.each<[string, object]>([
    ["issuer", { issuer: "http://token.example.com" }],
    ["issuer", { issuer: "https://token.example.com?x=1" }],
    ["issuer", { issuer: 7 }],
    ["subject", { subject: "" }],
    ["audience", { audience: [] }],
    ["audience", { audience: [1] }],
    ["claims", { claims: [] }],
    ["lifetimeSeconds", { lifetimeSeconds: 0 }],
    ["lifetimeSeconds", { lifetimeSeconds: "60" }],
  ])("needs a good %s: %j", async (field, change) => {
    await expect(issuers.mint({ ...REQUEST, ...change } as TokenRequest)).rejects.toMatchObject({
      code: "InvalidToken",
      message: expect.stringMatching(new RegExp(`^${field}: expected .*, got `)),
    });
  });
});

describe("an issuer", () => {
  const ENDPOINT = "http://127.0.0.1:4566";

  test("with a path of its own is found at its encoded name", async () => {
    await issuers.mint({ ...REQUEST, issuer: "https://oidc.example.com/id/A1/" });
    const path = `/_slipway/issuer/${encodeURIComponent("oidc.example.com/id/A1")}`;
    expect(issuerDocument(issuers, `${path}/.well-known/openid-configuration`, ENDPOINT)).toMatchObject({
      issuer: "https://oidc.example.com/id/A1",
      jwks_uri: `${ENDPOINT}${path}/jwks`,
    });
    const { keys } = issuerDocument(issuers, `${path}/jwks`, ENDPOINT) as { keys: object[] };
    // Only what may be known of an RSA key.
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([["alg", "e", "kid", "kty", "n", "use"]]);
  });

  test("is not played before its first token, and has two documents only", async () => {
    expect(issuers.keySet("token.example.com")).toBeUndefined();
    const read = (path: string) => () =>
      issuerDocument(issuers, `/_slipway/issuer/token.example.com/${path}`, ENDPOINT);
    expect(read("jwks")).toThrow(/does not play the issuer 'token\.example\.com'/);
    await issuers.mint(REQUEST);
    expect(read("keys")).toThrow(/has \.well-known\/openid-configuration and jwks, not keys/);
  });
});
