import type { JWTPayload } from "jose";
import { expect, it, vi } from "vitest";
import { makeContext } from "./test/make-context.ts";
import { makeEvent } from "./test/make-event.ts";
import { AUDIENCE, ISSUER, startIssuer } from "./test/start-issuer.ts";

it("wires the issuer, the scopes and the log from the environment", async () => {
  await using issuer = await startIssuer();
  const env = {
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
    JWT_JWKS_URI: issuer.jwksUri,
    JWT_READ_SCOPE: "items.list",
    JWT_WRITE_SCOPE: "items.change",
    LOG_LEVEL: "error",
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);

  const { handler } = await import("./handler.ts");
  const send = async (claims: JWTPayload) => handler(makeEvent(`Bearer ${await issuer.mint(claims)}`), makeContext());
  const read = await send({ scope: "items.list" });
  const write = await send({ scope: undefined, scp: ["items.change"] });
  const neither = await send({ scope: "items:read" });
  const refused = await send({ aud: "another-api" }).catch((error: Error) => error.message);
  const lines = stdout.mock.calls.map(([line]) => JSON.parse(String(line)));
  vi.restoreAllMocks();
  vi.unstubAllEnvs();

  expect(read.context).toEqual({ scope: "items.list" });
  expect(write.context).toEqual({ scope: "items.change" });
  expect(neither.policyDocument.Statement).toMatchObject([{ Effect: "Deny" }]);
  expect(refused).toBe("Unauthorized");
  expect(issuer.requests).toBe(1);
  // Metrics are written at every level.
  expect(lines).toMatchObject([
    { outcome: "allowed", coldStart: true },
    { outcome: "allowed", coldStart: false },
    { outcome: "denied", reason: "no-scope" },
    { outcome: "denied", reason: "audience" },
  ]);
});
