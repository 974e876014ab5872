import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fetchKeySet } from "./fetch-key-set.ts";
import { startIssuer, type TestIssuer } from "./test/start-issuer.ts";

let issuer: TestIssuer;
beforeEach(async () => {
  issuer = await startIssuer();
});
afterEach(() => issuer.stop());

describe("fetchKeySet", () => {
  it("gives the keys as they are published", async () => {
    expect(await fetchKeySet(issuer.jwksUri)).toEqual({ keys: [issuer.key.publicJwk] });
    expect(issuer.requests).toBe(1);
  });

  it("tries again once, at once", async () => {
    issuer.answer = (request) => {
      issuer.answer = undefined;
      request.socket.destroy();
    };
    expect((await fetchKeySet(issuer.jwksUri)).keys).toHaveLength(1);
    expect(issuer.requests).toBe(2);
  });

  it("follows no redirection", async () => {
    issuer.answer = (_request, response) => response.writeHead(302, { location: "https://example.com/jwks" }).end();
    await expect(fetchKeySet(issuer.jwksUri)).rejects.toThrow("it answers 302");
  });

  it.each([
    ["a failure", 503, "{}", "it answers 503"],
    ["an error page", 200, "<html>", "is not valid JSON"],
    ["something else in JSON", 200, '{"issuer":"x"}', "JWKS does not include keys"],
    ["a key without a type", 200, '{"keys":[{"kid":"a"}]}', "JWK kty should be a string"],
    ["no key", 200, '{"keys":[]}', "it publishes no key"],
    ["too much", 200, `{"keys":[],"x":"${"x".repeat(600_000)}"}`, "it answers with more than"],
  ])("says what is wrong with %s", async (_what, status, body, why) => {
    issuer.answer = (_request, response) => response.writeHead(status).end(body);
    const failure = fetchKeySet(issuer.jwksUri);
    await expect(failure).rejects.toThrow(why);
    await expect(failure).rejects.toMatchObject({
      name: "KeysUnavailableError",
      message: expect.stringContaining(issuer.jwksUri),
    });
  });

  it("waits its time for each attempt, also in the middle of an answer", async () => {
    issuer.answer = (_request, response) => response.writeHead(200).write('{"keys":');
    await expect(fetchKeySet(issuer.jwksUri, 100)).rejects.toThrow("no answer within 100 ms");
    expect(issuer.requests).toBe(2);
  });

  it("fails at once where nobody listens", async () => {
    await issuer.stop();
    await expect(fetchKeySet(issuer.jwksUri)).rejects.toThrow("ECONNREFUSED");
    await expect(fetchKeySet("https://127.0.0.1:1/jwks")).rejects.toThrow("ECONNREFUSED");
  });
});
