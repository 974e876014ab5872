import { describe, expect, it } from "vitest";
import { readConfig } from "./read-config.ts";

const least = { JWT_ISSUER: "https://login.example.com", JWT_AUDIENCE: "items-api" };

describe("readConfig", () => {
  it("needs the issuer and the audience only", () => {
    expect(readConfig(least)).toEqual({
      issuer: "https://login.example.com",
      audiences: ["items-api"],
      jwksUri: "https://login.example.com/.well-known/jwks.json",
      readScope: "items:read",
      writeScope: "items:write",
      logLevel: "INFO",
    });
  });

  it("reads everything", () => {
    expect(
      readConfig({
        JWT_ISSUER: " https://login.example.com/v2.0 ",
        JWT_AUDIENCE: "items-api, https://api.example.com,",
        JWT_JWKS_URI: "https://keys.example.com/discovery/keys?v=2",
        JWT_READ_SCOPE: "https://api.example.com/read",
        JWT_WRITE_SCOPE: "items.write",
        LOG_LEVEL: "warn",
      }),
    ).toEqual({
      issuer: "https://login.example.com/v2.0",
      audiences: ["items-api", "https://api.example.com"],
      jwksUri: "https://keys.example.com/discovery/keys?v=2",
      readScope: "https://api.example.com/read",
      writeScope: "items.write",
      logLevel: "WARN",
    });
  });

  it("keeps the slash at an issuer's end, and finds its keys all the same", () => {
    expect(readConfig({ ...least, JWT_ISSUER: "https://tenant.eu.auth0.com/" })).toMatchObject({
      issuer: "https://tenant.eu.auth0.com/",
      jwksUri: "https://tenant.eu.auth0.com/.well-known/jwks.json",
    });
  });

  it.each([
    "http://127.0.0.1:4566/jwks",
    "http://localhost:4566/jwks",
    "http://[::1]:4566/jwks",
    "http://127.0.0.9/jwks",
  ])("takes keys from loopback without TLS: %s", (uri) => {
    expect(readConfig({ ...least, JWT_JWKS_URI: uri }).jwksUri).toBe(uri);
  });

  it.each([
    "http://keys.example.com/jwks",
    "http://127.0.0.1.example.com/jwks",
    "http://localhost.example.com/jwks",
    "http://10.0.0.1/jwks",
    "http://user:secret@127.0.0.1/jwks", // secretlint-disable-line -- an example
    "https://user@keys.example.com/jwks",
    "file:///etc/passwd",
    "keys.example.com/jwks",
  ])("takes no keys from %s", (uri) => {
    expect(() => readConfig({ ...least, JWT_JWKS_URI: uri })).toThrow("JWT_JWKS_URI");
  });

  it.each([
    ["JWT_ISSUER", { ...least, JWT_ISSUER: undefined }],
    ["JWT_ISSUER", { ...least, JWT_ISSUER: " " }],
    ["JWT_ISSUER", { ...least, JWT_ISSUER: "http://login.example.com" }],
    ["JWT_ISSUER", { ...least, JWT_ISSUER: "login.example.com" }],
    ["JWT_ISSUER", { ...least, JWT_ISSUER: "https://login.example.com?tenant=1" }],
    ["JWT_ISSUER", { ...least, JWT_ISSUER: "https://login.example.com/#" }],
    ["JWT_ISSUER", { ...least, JWT_ISSUER: "https://a:b@login.example.com" }],
    ["JWT_AUDIENCE", { ...least, JWT_AUDIENCE: undefined }],
    ["JWT_AUDIENCE", { ...least, JWT_AUDIENCE: " , " }],
    ["JWT_READ_SCOPE", { ...least, JWT_READ_SCOPE: "items:read items:list" }],
    ["JWT_WRITE_SCOPE", { ...least, JWT_WRITE_SCOPE: 'items:"write"' }],
    ["LOG_LEVEL", { ...least, LOG_LEVEL: "loud" }],
  ])("names %s when it is wrong", (name, env) => {
    expect(() => readConfig(env)).toThrow(name);
  });
});
