import { createHmac, createPublicKey } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerify } from "./create-verify.ts";
import { fetchKeySet } from "./fetch-key-set.ts";
import { AUDIENCE, ISSUER, makeKey, startIssuer, type TestIssuer, type TestKey } from "./test/start-issuer.ts";

let issuer: TestIssuer;
let others: TestKey[];
let verify: ReturnType<typeof createVerify>;

beforeAll(async () => {
  issuer = await startIssuer();
  others = await Promise.all(["RS512", "ES256", "ES384", "ES512", "Ed25519"].map((alg) => makeKey(`key-${alg}`, alg)));
  // jose 6 names Ed25519 by RFC 9864; issuers and aws-jwt-verify by RFC 8037.
  others = others.map((key) => (key.algorithm === "Ed25519" ? { ...key, algorithm: "EdDSA" } : key));
  issuer.published.push(...others.map(({ publicJwk: { alg: _, ...open } }) => open));
  verify = createVerify({ issuer: ISSUER, audiences: ["other-api", AUDIENCE], jwksUri: issuer.jwksUri }, () =>
    fetchKeySet(issuer.jwksUri),
  );
});

afterAll(() => issuer.stop());

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const soon = () => Math.floor(Date.now() / 1_000) + 300;

/** A token whose parts a test writes itself. */
function forge(header: object, claims: object = {}, signature = "AAAA"): string {
  const usual = { iss: ISSUER, aud: AUDIENCE, sub: "ann", scope: "items:read", exp: soon() };
  return `${encode(header)}.${encode({ ...usual, ...claims })}.${signature}`;
}

async function expectDenied(token: string | Promise<string>, reason: string): Promise<void> {
  await expect(verify(await token)).rejects.toMatchObject({ name: "DeniedError", reason });
}

describe("a token", () => {
  it("is good for its audience, and gives its claims", async () => {
    const claims = await verify(await issuer.mint({ scope: "items:read items:write" }));
    expect(claims).toMatchObject({ sub: "ann", scope: "items:read items:write" });
  });

  it("is good by each algorithm that issuers use", async () => {
    expect(others).toHaveLength(5);
    for (const key of others) {
      await expect(verify(await issuer.mint({}, {}, key)), key.algorithm).resolves.toMatchObject({ sub: "ann" });
    }
  });

  it("may be for several audiences, or name its application as Cognito does", async () => {
    await expect(verify(await issuer.mint({ aud: ["x", AUDIENCE] }))).resolves.toBeDefined();
    await expect(verify(await issuer.mint({ aud: undefined, client_id: AUDIENCE }))).resolves.toBeDefined();
  });

  it("may be from a clock that is a little ahead", async () => {
    await expect(verify(await issuer.mint({ nbf: soon() - 298 }))).resolves.toBeDefined();
  });
});

describe("refused is a token", () => {
  it("for somebody else, also one that names the right application beside", async () => {
    await expectDenied(issuer.mint({ aud: "another-api" }), "audience");
    await expectDenied(issuer.mint({ aud: "another-api", client_id: AUDIENCE }), "audience");
    await expectDenied(issuer.mint({ aud: "", client_id: AUDIENCE }), "audience");
    await expectDenied(issuer.mint({ aud: [], client_id: AUDIENCE }), "audience");
    await expectDenied(issuer.mint({ aud: undefined }), "audience");
    await expectDenied(issuer.mint({ aud: undefined, client_id: [AUDIENCE, { a: 1 }] as never }), "audience");
  });

  it("of another issuer, to the last slash", async () => {
    await expectDenied(issuer.mint({ iss: "https://evil.example.com" }), "issuer");
    await expectDenied(issuer.mint({ iss: `${ISSUER}/` }), "issuer");
    await expectDenied(issuer.mint({ iss: undefined }), "issuer");
  });

  it("out of its time, or without an end", async () => {
    await expectDenied(issuer.mint({ exp: soon() - 310 }), "expired");
    await expectDenied(issuer.mint({ nbf: soon() }), "not-yet-valid");
    await expectDenied(issuer.mint({ exp: undefined }), "no-expiry");
    await expectDenied(forge({ alg: "RS256", kid: "key-1" }, { exp: "never" }), "malformed");
  });

  it("without a signature", async () => {
    for (const alg of ["none", "None", "NONE", "", undefined])
      await expectDenied(forge({ alg, kid: "key-1" }), "algorithm");
    await expectDenied(forge({ alg: "RS256", kid: "key-1" }, {}, ""), "malformed");
  });

  it("signed with the public key as if it were a shared secret", async () => {
    const spki = createPublicKey({ key: issuer.key.publicJwk as never, format: "jwk" }).export({
      type: "spki",
      format: "pem",
    });
    const [header, payload] = forge({ alg: "HS256", kid: "key-1" }).split(".");
    const signature = createHmac("sha256", spki).update(`${header}.${payload}`).digest("base64url");
    await expectDenied(`${header}.${payload}.${signature}`, "algorithm");
  });

  it("signed by an algorithm that its key is not for", async () => {
    for (const alg of ["RS384", "ES256", "EdDSA", "PS256", "constructor"]) {
      await expectDenied(forge({ alg, kid: "key-1" }), "algorithm");
    }
    // These keys do not say what they are for.
    await expectDenied(forge({ alg: "RS256", kid: "key-Ed25519" }), "algorithm");
    await expectDenied(forge({ alg: "ES384", kid: "key-ES256" }), "algorithm");
    await expectDenied(forge({ alg: "EdDSA", kid: "key-RS512" }), "algorithm");
  });

  it("whose signature does not hold, of any length", async () => {
    for (const [alg, kid] of [
      ["RS256", "key-1"],
      ["ES256", "key-ES256"],
      ["ES512", "key-ES512"],
      ["EdDSA", "key-Ed25519"],
    ]) {
      for (const length of [1, 63, 64, 65, 256]) {
        await expectDenied(forge({ alg, kid }, {}, Buffer.alloc(length, 7).toString("base64url")), "signature");
      }
    }
  });

  it("whose claims or header were changed afterwards", async () => {
    const [header = "", , signature = ""] = (await issuer.mint()).split(".");
    await expectDenied(
      `${header}.${encode({ iss: ISSUER, aud: AUDIENCE, sub: "root", exp: soon() })}.${signature}`,
      "signature",
    );
    const [, payload = ""] = (await issuer.mint()).split(".");
    await expectDenied(`${encode({ alg: "RS256", kid: "key-1" })}.${payload}.${signature}`, "signature");
  });

  it("signed by a key that it brings along", async () => {
    const own = await makeKey("key-1");
    await expectDenied(issuer.mint({}, { jwk: own.publicJwk }, own), "signature");
    await expectDenied(issuer.mint({}, { jku: "http://127.0.0.1:1/jwks" }, own), "signature");
  });

  it("without a key id, or with one that the issuer does not have", async () => {
    await expectDenied(issuer.mint({}, { kid: undefined }), "no-key-id");
    await expectDenied(issuer.mint({}, { kid: "" }), "no-key-id");
    await expectDenied(issuer.mint({}, { kid: "key-0" }), "unknown-key");
    await expectDenied(forge({ alg: "RS256", kid: 7 }), "malformed");
  });

  it("with a critical header", async () => {
    await expectDenied(forge({ alg: "RS256", kid: "key-1", crit: ["b64"], b64: false }), "critical-header");
  });

  it("that is none", async () => {
    const nested = `{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}`;
    for (const token of [
      "a",
      "a.b",
      "a.b.c",
      "a.b.c.d",
      "..",
      `${encode([])}.${encode({})}.AAAA`,
      `${encode({ alg: "RS256", kid: "key-1" })}.${encode(null)}.AAAA`,
      `${encode({ alg: "RS256", kid: "key-1" })}.${encode("text")}.AAAA`,
      `${encode({ alg: ["RS256"], kid: "key-1" })}.${encode({})}.AAAA`,
    ]) {
      await expectDenied(token, "malformed");
    }
    const deep = Buffer.from(nested).toString("base64url");
    await expect(verify(`${encode({ alg: "RS256", kid: "key-1" })}.${deep}.AAAA`)).rejects.toMatchObject({
      name: "DeniedError",
    });
  });

  it("and nothing that is in it gets into the error", async () => {
    const error = await verify(await issuer.mint({ aud: "secret-audience", sub: "secret-subject" })).catch(
      (caught) => caught,
    );
    expect(error.reason).toBe("audience");
    expect(`${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain("secret");
  });
});

describe("the issuer", () => {
  it("is not asked because of what can be judged without a key", async () => {
    const before = issuer.requests;
    for (const token of [
      "a.b.c",
      forge({ alg: "none", kid: "x" }),
      forge({ alg: "RS256" }),
      forge({ alg: "HS256", kid: "x" }),
    ]) {
      await expect(verify(token)).rejects.toMatchObject({ name: "DeniedError" });
    }
    expect(issuer.requests).toBe(before);
  });

  it("may give another key the same id: the old one is forgotten with its answer", async () => {
    await using own = await startIssuer();
    const check = createVerify({ issuer: ISSUER, audiences: [AUDIENCE], jwksUri: own.jwksUri }, () =>
      fetchKeySet(own.jwksUri),
    );
    const old = await own.mint();
    await expect(check(old)).resolves.toBeDefined();
    const renewed = await makeKey("key-1");
    own.published = [renewed.publicJwk];
    await expect(check(old)).rejects.toMatchObject({ reason: "signature" });
    await expect(check(await own.mint({}, {}, renewed))).resolves.toBeDefined();
  });

  it("may publish keys for other uses, which sign nothing", async () => {
    await using own = await startIssuer();
    own.published = [{ ...own.key.publicJwk, use: "enc" }];
    const check = createVerify({ issuer: ISSUER, audiences: [AUDIENCE], jwksUri: own.jwksUri }, () =>
      fetchKeySet(own.jwksUri),
    );
    await expect(check(await own.mint())).rejects.toMatchObject({ reason: "algorithm" });
  });

  it("is to blame for a key that is none: that is no denial", async () => {
    await using own = await startIssuer();
    own.published = [{ kty: "RSA", kid: "key-1", e: "AQAB" }];
    const check = createVerify({ issuer: ISSUER, audiences: [AUDIENCE], jwksUri: own.jwksUri }, () =>
      fetchKeySet(own.jwksUri),
    );
    await expect(check(await own.mint())).rejects.toThrow("Missing modulus");
  });
});
