import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CreateRoleCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startLocalAws } from "./start-local-aws.ts";
import { startEndpoint, type TestEndpoint } from "./test/start-endpoint.ts";

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

let endpoint: TestEndpoint;
let iam: IAMClient;

beforeAll(async () => {
  endpoint = await startEndpoint();
  iam = new IAMClient({ ...endpoint.client, maxAttempts: 1 });
});

afterAll(async () => {
  iam.destroy();
  await endpoint.close();
});

function makeRole(RoleName: string) {
  return iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "local-aws-server-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function control(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  return fetch(`${endpoint.url}/_slipway/${path}`, {
    method,
    headers: { "x-slipway-control": "1", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

describe("an exchange of the state", () => {
  it("holds requests back, and several take turns", async () => {
    await makeRole("kept");
    const { localAws } = endpoint;
    const works = [localAws.saveSnapshot("a"), localAws.saveSnapshot("b"), localAws.restoreSnapshot("a")];
    const late = iam.send(new GetRoleCommand({ RoleName: "kept" }));
    // Health is told without the state.
    expect(localAws.health().endpoint).toBe(endpoint.url);
    await Promise.all(works);
    await expect(late).resolves.toMatchObject({ Role: { RoleName: "kept" } });
  });

  it("leaves everything as it was when the new state cannot be opened", async () => {
    const { localAws } = endpoint;
    await localAws.saveSnapshot("of-another-version");
    writeFileSync(join(localAws.health().dataDir, "snapshots/of-another-version/state/format"), "99\n");
    await makeRole("newer");
    await expect(localAws.restoreSnapshot("of-another-version")).rejects.toThrow(/layout "99"/);
    await expect(iam.send(new GetRoleCommand({ RoleName: "newer" }))).resolves.toMatchObject({
      Role: { RoleName: "newer" },
    });
  });

  it("waits for the clock's tasks", async () => {
    const { localAws } = endpoint;
    await Promise.all([localAws.advanceClock(3_600_000), localAws.saveSnapshot("later")]);
    expect(localAws.health().clockOffsetMs).toBeGreaterThanOrEqual(3_600_000);
  });
});

describe("stop", () => {
  it("ends an exchange first, and leaves nothing open", async () => {
    const dataDir = folder();
    const localAws = await startLocalAws({ port: 0, dataDir });
    const exchange = localAws.reset();
    await localAws.stop();
    await exchange;
    await expect(localAws.reset()).rejects.toThrow(/stopp/);
    const again = await startLocalAws({ port: 0, dataDir });
    await again.stop();
  });
});

describe("start", () => {
  it("gives a folder to one of two that start at once", async () => {
    const dataDir = folder();
    const started = await Promise.allSettled([
      startLocalAws({ port: 0, dataDir }),
      startLocalAws({ port: 0, dataDir }),
    ]);
    expect(started.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    for (const result of started) {
      if (result.status === "fulfilled") {
        const instance = JSON.parse(readFileSync(join(dataDir, "instance.json"), "utf8"));
        expect(instance.port).toBe(result.value.port);
        await result.value.stop();
      } else {
        expect(result.reason).toMatchObject({ name: "LocalAwsError", message: expect.stringContaining("in use") });
      }
    }
  });

  it("leaves the folder free when the port is taken", async () => {
    const dataDir = folder();
    const other = createServer().listen(0, "127.0.0.1");
    await wait(20);
    const { port } = other.address() as AddressInfo;
    await expect(startLocalAws({ port, dataDir })).rejects.toThrow(/is taken/);
    other.close();
    const localAws = await startLocalAws({ port: 0, dataDir });
    await localAws.stop();
  });
});

describe("web pages", () => {
  it("of elsewhere are refused by the AWS APIs and the control interface", async () => {
    for (const path of ["/?Action=ListUsers&Version=2010-05-08", "/_slipway/health"]) {
      const answer = await fetch(`${endpoint.url}${path}`, { headers: { origin: "https://evil.example" } });
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain("web pages of other hosts");
    }
  });

  it("reach deployed APIs from everywhere", async () => {
    const answer = await fetch(`${endpoint.url}/restapis/abcdef1234/prod/_user_request_/items`, {
      headers: { origin: "https://shop.example" },
    });
    expect(await answer.text()).not.toContain("web pages of other hosts");
  });
});

describe("the control interface", () => {
  it("refuses changes without its header", async () => {
    const answer = await fetch(`${endpoint.url}/_slipway/reset`, { method: "POST" });
    expect(answer.status).toBe(403);
  });

  it.each([
    ["kind", { kind: "explode" }, /kind: expected one of/],
    ["service", { kind: "drop", service: "dynamo" }, /service: local AWS has no 'dynamo'.*dynamodb/],
    ["operation", { kind: "drop", operation: 5 }, /operation: expected text/],
    ["rate", { kind: "drop", rate: "0.5" }, /rate: expected a number/],
    ["an unknown field", { kind: "drop", count: 1 }, /count: no field of a fault/],
  ])("refuses a fault with a bad value: %s", async (_field, fault, message) => {
    const answer = await control("POST", "faults", fault);
    expect(answer.status).toBe(400);
    expect((await answer.json()) as object).toMatchObject({ message: expect.stringMatching(message) });
    expect(await (await control("GET", "faults")).json()).toEqual([]);
  });

  it.each([-1, 1e300, "1h", null])("does not move the clock by %j", async (advanceMs) => {
    const answer = await control("POST", "clock", { advanceMs });
    expect(answer.status).toBe(400);
  });
});

it("logs requests to deployed APIs, with the faults that hit them", async () => {
  await control("POST", "faults", { kind: "throttle", service: "execute-api", remaining: 1 });
  const answer = await fetch(`${endpoint.url}/restapis/abcdef1234/prod/_user_request_/items`);
  expect(answer.status).toBe(429);
  const [entry] = (await (await control("GET", "requests?count=1")).json()) as object[];
  expect(entry).toMatchObject({
    service: "execute-api",
    operation: "GET abcdef1234/prod/items",
    status: 429,
    fault: "throttle",
  });
});
