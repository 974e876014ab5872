import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalAws, startLocalAws } from "../start-local-aws.ts";

let folder: string;
let localAws: LocalAws;
let stopsAsked = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "local-aws-control-"));
  localAws = await startLocalAws({
    ...{ port: 0, dataDir: join(folder, "data"), enforceIam: false },
    onStopRequested: () => {
      stopsAsked += 1;
    },
  });
});

afterAll(async () => {
  await localAws?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const HEADERS = { "x-slipway-control": "1" };

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = HEADERS) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const response = await fetch(`${localAws.endpoint}/_slipway/${path}`, { method, headers, body: text });
  return { status: response.status, body: (await response.json()) as { code?: string; message?: string } };
}

describe("the control interface", () => {
  test("answers only under names that mean this machine: a page that gives itself another gets nothing", async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { host: `evil.example.com:${localAws.port}`, ...HEADERS };
      request(`${localAws.endpoint}/_slipway/health`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(403);
  });

  test("changes nothing for a request that a web page could send", async () => {
    const refused = await ask("POST", "stop", {}, {});
    expect(refused).toMatchObject({ status: 403, body: { code: "Forbidden" } });
    expect(refused.body.message).toContain("need the header 'x-slipway-control: 1'");
    expect(stopsAsked).toBe(0);

    expect(await ask("POST", "stop")).toMatchObject({ status: 200, body: { stopping: true } });
    expect(stopsAsked).toBe(1);
  });

  test.each<[string, string, unknown, number, string]>([
    ["GET", "colour", undefined, 404, "The control interface has no GET /_slipway/colour."],
    ["DELETE", "health", undefined, 404, "The control interface has no DELETE /_slipway/health."],
    ["POST", "clock", { advanceMs: -1 }, 400, "advanceMs: expected milliseconds from 0 to"],
    ["POST", "clock", { advanceMs: "1h" }, 400, '(a year), got "1h".'],
    [
      "POST",
      "faults",
      { kind: "throttle", service: "sqz" },
      400,
      "service: local AWS has no 'sqz', so the fault would never",
    ],
    ["DELETE", "faults/nothing", undefined, 404, "There is no fault 'nothing'. `slipway local faults` lists them."],
    ["POST", "alarm-drills", {}, 400, "name: expected the name of an alarm, got undefined."],
    ["POST", "alarm-drills", { name: "gone" }, 404, "There is no alarm 'gone'."],
    ["POST", "restore", { name: "nowhere" }, 404, "There is no snapshot 'nowhere'."],
    ["GET", "access", undefined, 409, "This local AWS was started with --no-iam: it decides nothing."],
  ])("answers %s %s with %j by a status and a sentence", async (method, path, body, status, message) => {
    const answer = await ask(method, path, body);
    expect(answer.status, answer.body.message).toBe(status);
    expect(answer.body.message).toContain(message);
  });

  test("forgets one fault by its id, or all of them", async () => {
    const plant = async () =>
      (await ask("POST", "faults", { kind: "throttle", service: "sqs" })).body as { id?: string };
    const { id = "" } = await plant();
    await plant();
    expect(await ask("DELETE", `faults/${id}`)).toMatchObject({ status: 200, body: { removed: id } });
    expect((await ask("GET", "faults")).body).toHaveLength(1);
    expect(await ask("DELETE", "faults")).toMatchObject({ body: { removed: "all" } });
    expect((await ask("GET", "faults")).body).toEqual([]);
  });

  test("keeps snapshots, lists and deletes them", async () => {
    await ask("POST", "snapshots", { name: "before" });
    expect((await ask("GET", "snapshots")).body).toMatchObject([{ name: "before" }]);
    expect(await ask("DELETE", "snapshots/before")).toMatchObject({ status: 200, body: { deleted: "before" } });
    expect((await ask("GET", "snapshots")).body).toEqual([]);
  });

  test("tells of each service which operations it has, and which not", async () => {
    const coverage = (await ask("GET", "coverage")).body as unknown as {
      service: string;
      implemented: string[];
      missing: string[];
    }[];
    const s3 = coverage.find(({ service }) => service === "s3");
    expect(s3?.implemented).toContain("PutObject");
    expect(s3?.missing).not.toContain("PutObject");
    expect(s3?.missing.length).toBeGreaterThan(0);
  });
});

describe("with IAM on, a question about access", () => {
  let enforcing: LocalAws;

  beforeAll(async () => {
    enforcing = await startLocalAws({ port: 0, dataDir: join(folder, "enforcing") });
  });
  afterAll(() => enforcing?.stop());

  test.each([{}, { principal: "a", need: { action: "s3:GetObject" } }, { principal: 1, need: {} }])(
    "is refused when it is none: %j",
    async (body) => {
      const response = await fetch(`${enforcing.endpoint}/_slipway/access`, {
        ...{ method: "POST", headers: HEADERS, body: JSON.stringify(body) },
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        message: "Expected principal, need.action and need.resource.",
      });
    },
  );
});
