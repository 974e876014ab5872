import { beforeEach, describe, expect, it } from "vitest";
import { createAuthorizer, type Verify } from "./create-authorizer.ts";
import { DeniedError } from "./denied-error.ts";
import { KeysUnavailableError } from "./keys-unavailable-error.ts";
import { makeContext } from "./test/make-context.ts";
import { makeEvent, STAGE_ARN } from "./test/make-event.ts";

let logged: { level: string; message: string; fields: Record<string, unknown> }[];
let verify: Verify;
let claims: Record<string, unknown>;
let seen: string[];

beforeEach(() => {
  logged = [];
  seen = [];
  claims = { sub: "ann", scope: "items:read" };
  verify = async (token) => {
    seen.push(token);
    return claims;
  };
});

function make(env: NodeJS.ProcessEnv = {}) {
  const authorizer = createAuthorizer({
    verify: (token) => verify(token),
    readScope: "items:read",
    writeScope: "items:write",
    log: (level, message, fields) => logged.push({ level, message, fields }),
    now: () => new Date(1_000),
    env,
  });
  return (authorization = "Bearer a.b.c", method = "GET") =>
    authorizer(makeEvent(authorization, method), makeContext());
}

const allow = (...methods: string[]) => ({
  Effect: "Allow",
  Action: "execute-api:Invoke",
  Resource: methods.map((method) => `${STAGE_ARN}/${method}/*`),
});
const deny = (...methods: string[]) => ({ ...allow(...methods), Effect: "Deny" });

describe("the authorizer's answer", () => {
  it("lets a read token read, wherever it came first", async () => {
    const read = {
      principalId: "ann",
      policyDocument: {
        Version: "2012-10-17",
        Statement: [allow("GET", "HEAD"), deny("POST", "PUT", "PATCH", "DELETE")],
      },
      context: { scope: "items:read" },
    };
    expect(await make()("Bearer a.b.c")).toEqual(read);
    expect(await make()("bearer a.b.c", "DELETE")).toEqual(read);
    expect(seen).toEqual(["a.b.c", "a.b.c"]);
  });

  it("lets a write token write, and one with both do both", async () => {
    claims.scope = "items:write";
    expect((await make()()).policyDocument.Statement).toEqual([
      deny("GET", "HEAD"),
      allow("POST", "PUT", "PATCH", "DELETE"),
    ]);
    claims.scope = "openid items:write items:read";
    expect(await make()()).toMatchObject({
      policyDocument: { Statement: [allow("GET", "HEAD"), allow("POST", "PUT", "PATCH", "DELETE")] },
      context: { scope: "items:read items:write" },
    });
  });

  it("denies everything to a good token without a scope of ours", async () => {
    claims.scope = "openid";
    expect(await make()()).toEqual({
      principalId: "ann",
      policyDocument: { Version: "2012-10-17", Statement: [deny("*")] },
      context: { scope: "" },
    });
    expect(logged.at(-1)?.fields).toMatchObject({ outcome: "denied", reason: "no-scope", denied: 1 });
  });

  it("names the application where there is no subject", async () => {
    for (const sub of [undefined, "", 7]) {
      claims = { sub, client_id: "batch", scp: ["items:read"] };
      expect((await make()()).principalId).toBe("batch");
    }
  });

  it("is 401 for a token that is not good, or names nobody", async () => {
    const authorize = make();
    await expect(authorize("Basic YTpi")).rejects.toThrow(/^Unauthorized$/);
    verify = async () => {
      throw new DeniedError("expired");
    };
    await expect(authorize()).rejects.toThrow(/^Unauthorized$/);
    verify = async () => ({ scope: "items:read", client_id: { a: 1 } });
    await expect(authorize()).rejects.toThrow(/^Unauthorized$/);
    expect(logged.map(({ level, fields }) => [level, fields.outcome, fields.reason])).toEqual([
      ["INFO", "denied", "malformed"],
      ["INFO", "denied", "expired"],
      ["INFO", "denied", "no-subject"],
    ]);
  });

  it("is any other error where nobody knows", async () => {
    verify = async () => {
      throw new KeysUnavailableError("https://login.example.com/jwks", "it answers 503");
    };
    await expect(make()()).rejects.toThrow("it answers 503");
    verify = async () => claims;
    const event = { ...makeEvent("Bearer a.b.c"), type: "REQUEST" } as never;
    const options = { verify, readScope: "r", writeScope: "w", log: () => {}, now: () => new Date(), env: {} };
    await expect(createAuthorizer(options)(event, makeContext())).rejects.toThrow("Set the type");
    const elsewhere = { ...makeEvent("Bearer a.b.c"), methodArn: "*" };
    await expect(createAuthorizer(options)(elsewhere, makeContext())).rejects.toThrow('methodArn is "*"');
  });
});

describe("the authorizer's log", () => {
  it("has one line per request, which is a metric, too", async () => {
    const authorize = make({ _X_AMZN_TRACE_ID: "Root=1-5-a;Parent=b;Sampled=1" });
    await authorize();
    await authorize();
    expect(logged[0]).toEqual({
      level: "INFO",
      message: "request",
      fields: {
        requestId: "invocation-1",
        traceId: "1-5-a",
        outcome: "allowed",
        reason: undefined,
        durationMs: expect.any(Number),
        functionVersion: "7",
        coldStart: true,
        service: "items-authorizer",
        requests: 1,
        denied: 0,
        faults: 0,
        _aws: {
          Timestamp: 1_000,
          CloudWatchMetrics: [
            {
              Namespace: "ItemsApi",
              Dimensions: [["service"]],
              Metrics: [
                { Name: "requests", Unit: "Count" },
                { Name: "denied", Unit: "Count" },
                { Name: "faults", Unit: "Count" },
              ],
            },
          ],
        },
      },
    });
    expect(logged[1]?.fields.coldStart).toBe(false);
    expect(logged).toHaveLength(2);
  });

  it("does not call a provisioned start cold", async () => {
    await make({ AWS_LAMBDA_INITIALIZATION_TYPE: "provisioned-concurrency" })();
    expect(logged[0]?.fields.coldStart).toBe(false);
  });

  it("shows a fault at ERROR, and counts it", async () => {
    verify = () => Promise.reject("not even an error");
    await expect(make()()).rejects.toBe("not even an error");
    verify = async () => {
      throw new KeysUnavailableError("https://login.example.com/jwks", "it answers 503");
    };
    await expect(make()()).rejects.toThrow();
    expect(logged).toMatchObject([
      { level: "ERROR", fields: { requestId: "invocation-1", error: { message: "not even an error" } } },
      { level: "INFO", fields: { outcome: "fault", requests: 1, denied: 0, faults: 1 } },
      {
        level: "ERROR",
        fields: { error: { name: "KeysUnavailableError", message: expect.stringContaining("it answers 503") } },
      },
      { level: "INFO", fields: { outcome: "fault" } },
    ]);
  });

  it("has neither the token nor the subject", async () => {
    claims = { sub: "secret-subject", client_id: "secret-client", scope: "items:read" };
    await make()("Bearer secret-token");
    verify = async () => {
      throw new DeniedError("signature");
    };
    await expect(make()("Bearer secret-token")).rejects.toThrow();
    expect(logged).toHaveLength(2);
    expect(JSON.stringify(logged)).not.toContain("secret");
  });
});
