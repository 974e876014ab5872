import { DeleteTableCommand, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { LedgerBody } from "@slipway/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { golden } from "../test/golden.ts";
import {
  LEDGER,
  liveRelease,
  planOf,
  type ReleasedEnvironment,
  releasedEnvironment,
} from "../test/released-environment.ts";

/** Two releases: one that is live, and one that was put back, with everything that a ledger can tell of it. */
let prod: ReleasedEnvironment;

const reason = "HTTP 500 in 41 of 400 answers (10.3 %), at most 1 % allowed";
const evidence = (check: string, status: "pass" | "fail") => ({
  ...{ check, status, title: `a title of ${check}`, found: "found it so", at: "2026-11-28T09:15:00.000Z" },
  ...(status === "fail" ? { next: "slipway logs prod" } : {}),
});

function badRelease(): LedgerBody[] {
  const plan = planOf("r2", "r1", "c");
  const judge = { step: "traffic.judge.10", kind: "traffic.judge" } as const;
  const restore = { step: "traffic.restore", kind: "traffic.restore" } as const;
  return [
    { type: "release.started", plan, authors: ["Joe Bloggs <joe@example.com>"] },
    {
      type: "plan.made",
      summary: {
        ...{ version: 1, environment: "prod", release: "r2", source: plan.source, planDigest: "d".repeat(64) },
        ...{
          stateSerial: 7,
          stateLineage: "l",
          at: "2026-11-28T09:00:00.000Z",
          changed: true,
          omitted: 0,
          omittedFindings: 0,
          outputs: [],
        },
        counts: { add: 0, change: 1, destroy: 0 },
        resources: [
          {
            address: "aws_lambda_function.orders",
            type: "aws_lambda_function",
            action: "change",
            attributes: [],
            because: [],
          },
        ],
        findings: [],
        gate: "open",
      },
    },
    {
      ...{ type: "approval.given", planDigest: "d".repeat(64), commit: "c".repeat(40), stateSerial: 7, accepts: [] },
      comment: "looks good",
    },
    {
      type: "evidence",
      step: "checklist",
      evidence: [evidence("checklist.tests", "pass"), evidence("checklist.audit", "fail")],
    },
    { type: "step.started", ...judge, attempt: 1 },
    {
      type: "verdict",
      step: judge.step,
      look: 2,
      verdict: { status: "failed", reason, numbers: { errors: 41, requests: 400 } },
    },
    { type: "step.finished", ...judge, outcome: "failed", summary: reason, durationMs: 61_000 },
    { type: "step.started", ...restore, attempt: 2 },
    { type: "step.finished", ...restore, outcome: "done", summary: "orders: version 1 again", durationMs: 800 },
    {
      ...{ type: "checkpoint.judged", window: "immediate", verdict: "unknown" },
      evidence: [evidence("validation.errors", "pass")],
    },
    {
      type: "notification.sent",
      moment: "release-put-back",
      channel: "on-call",
      outcome: "failed",
      detail: "HTTP 500",
    },
    {
      ...{ type: "release.ended", outcome: "put-back", reason: `traffic.judge.10: ${reason}` },
      functions: [
        {
          name: "orders",
          functionName: "orders-prod",
          alias: "live",
          version: "2",
          previousVersion: "1",
          artifactSha256: "b".repeat(64),
        },
      ],
    },
  ];
}

const state = (name: string): LedgerBody => ({
  ...{ type: "state.backed-up", name, serial: 7, lineage: "l", sha256: "a".repeat(64) },
});

beforeAll(async () => {
  prod = await releasedEnvironment({ withFunction: false });
  const ledger = prod.ledger("prod");
  await prod.write(ledger, "r1", liveRelease(planOf("r1", null, "a"), "1", "1"));
  await prod.write(ledger, null, [state("long-ago")]);
  await prod.write(ledger, "r2", badRelease());
  const table = { arn: "arn:aws:dynamodb:table/items-prod/backup/1", table: "items-prod" };
  await prod.write(ledger, null, [{ type: "backup.created", ...table, name: "before-r3", items: 3, bytes: 90 }]);
});

afterAll(async () => prod?.close());

const widest = (text: string) => Math.max(...text.split("\n").map(({ length }) => length));

describe("slipway history", () => {
  it("lists releases, the newest first, and says why one is not live", async () => {
    const { code, stdout, stderr } = await prod.run(["history", "prod"], { terminal: 120 });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^release {2}state {5}commit {3}begun +took +versions +by$/m);
    expect(stdout).toMatch(/^r2 {7}PUT BACK {2}ccccccc {2}\S+Z +\d+ s +orders 1 \(not 2\) +Jane Doe$/m);
    expect(stdout).toMatch(/^r1 {7}live {6}aaaaaaa {2}\S+Z +\d+ s +orders 1 +Jane Doe$/m);
    expect(stdout.replaceAll(/\n +/g, " ")).toContain(`r2: traffic.judge.10: ${reason}`);
    expect(stdout).toContain("One of them: slipway show prod r2\n");
    expect(stdout).toMatch(/^Beside releases\n\n\S+Z table items-prod backed up: before-r3, 3 items \(Jane Doe\)$/m);
    const narrow = await prod.run(["history", "prod"], { terminal: 80 });
    expect(widest(narrow.stdout)).toBeLessThanOrEqual(80);
    expect(narrow.stdout).toContain("PUT BACK");
  });

  it("is one JSON document for programs, and ends where it is told", async () => {
    const { stdout } = await prod.run(["history", "prod", "--limit", "1", "--output", "json", ...prod.asLocal]);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ version: 1, environment: "prod", isCut: true });
    expect(report.releases).toHaveLength(1);
    expect(report.releases[0]).toMatchObject({
      ...{ release: "r2", state: "put-back", previous: "r1", startedBy: "Jane Doe <jane@example.com>" },
      checkpoints: { immediate: { verdict: "unknown" } },
    });
    expect(report.operations).toMatchObject([
      { by: "Jane Doe <jane@example.com>", what: expect.stringMatching(/^table/), body: { type: "backup.created" } },
    ]);
    await golden("history", report);
    const cut = await prod.run(["history", "prod", "--limit", "1"]);
    expect(cut.stdout).toContain("Older ones: --limit N.");
  });

  it("says that there are none, and refuses a limit that is none", async () => {
    expect((await prod.run(["history", "bare"])).stdout).toMatch(/^bare on the AWS at \S+ has no releases yet\.\n$/);
    const { code, stderr } = await prod.run(["history", "prod", "--limit", "0"]);
    expect(code).toBe(1);
    expect(stderr).toContain("--limit: '0' is no number from 1 to 10000.");
  });
});

describe("slipway show", () => {
  it("tells everything of a release", async () => {
    const { code, stdout, stderr } = await prod.run(["show", "prod", "r2"], { terminal: 200 });
    expect(code, stderr).toBe(0);
    for (const line of [
      /^r2 of prod on the AWS at \S+: PUT BACK\. Commit ccccccc, written by Joe Bloggs/m,
      /^to do {4}plan the infrastructure$/m,
      /^FAILED {3}judge 10 % of the traffic \(61\.0 s\): HTTP 500 in 41 of 400/m,
      /^done {5}traffic\.restore \(0\.8 s\), attempt 2: orders: version 1 again$/m,
      /^\S+Z put-back \(Jane Doe\): traffic\.judge\.10: HTTP 500/m,
      /^Plan of the infrastructure dddddddddddd$/m,
      /^\S+Z 1 to change; the gate is open$/m,
      /^\S+Z Jane Doe <jane@example\.com>: yes to the plan dddddddddddd: looks good$/m,
      /^FAIL {5}a title of checklist\.audit$/m,
      /^pass {5}1 check more$/m,
      /^BAD {6}\S+Z traffic\.judge\.10, look 2: .*at most 1 % allowed \[errors 41, requests 400\]$/m,
      /^Checkpoint immediate: UNKNOWN at /m,
      /^\S+Z release-put-back to on-call: NOT SENT, HTTP 500$/m,
      /^The history: slipway history prod\. --all shows what passed, too\.$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
    expect(stdout).not.toContain("checklist.tests");
    const all = await prod.run(["show", "prod", "r2", "--all"], { terminal: 80 });
    expect(all.stdout).toContain("a title of checklist.tests");
    expect(widest(all.stdout)).toBeLessThanOrEqual(80);
  });

  it("shows the newest where none is named, and is JSON for programs", async () => {
    const { stdout } = await prod.run(["show", "prod", "--output", "json", ...prod.asLocal]);
    const report = JSON.parse(stdout);
    await golden("show", report);
    expect(report).toMatchObject({ version: 1, release: "r2", state: "put-back" });
    expect(report.verdicts).toEqual([
      expect.objectContaining({ step: "traffic.judge.10", look: 2, verdict: expect.objectContaining({ reason }) }),
    ]);
    expect(report.approvals).toEqual([expect.objectContaining({ planDigest: "d".repeat(64), comment: "looks good" })]);
    expect(report.steps.map(({ id, state }: { id: string; state: string }) => [id, state])).toEqual([
      ["infrastructure.plan", "to-do"],
      ["infrastructure.approve", "to-do"],
      ["traffic.judge.10", "failed"],
      ["traffic.promote", "to-do"],
      ["checkpoint.immediate", "to-do"],
      ["checkpoint.short", "to-do"],
      ["traffic.restore", "done"],
    ]);
  });

  it("says which there are where there is no such release", async () => {
    expect((await prod.run(["show", "prod", "r9"])).stderr).toContain("has no r9. It has r1 to r2.");
    expect((await prod.run(["show", "prod", "9"])).stderr).toContain("release: '9' is no release such as r12.");
    expect((await prod.run(["show", "bare"])).stderr).toContain("bare on the AWS at");
  });
});

describe("slipway ledger verify", () => {
  it("is content with a ledger that is whole", async () => {
    const { code, stdout, stderr } = await prod.run(["ledger", "verify", "prod"], { terminal: 120 });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^The ledger of prod on the AWS at \S+ is whole: 18 entries of 2 releases, the last from/);
    const { stdout: json } = await prod.run(["ledger", "verify", "prod", "--output", "json", ...prod.asLocal]);
    expect(JSON.parse(json)).toMatchObject({ whole: true, entries: 18, releases: 2, table: LEDGER });
    await golden("ledger verify", json);
    expect((await prod.run(["ledger", "verify", "bare"])).stdout).toContain("is empty");
  });

  it("names the first entry that was changed, and exits with 1; of what it cannot read with 2", async () => {
    const { Items: [item] = [] } = await prod.dynamodb.send(
      new QueryCommand({
        TableName: LEDGER,
        KeyConditionExpression: "environment = :e AND #s = :n",
        ExpressionAttributeNames: { "#s": "sequence" },
        ExpressionAttributeValues: { ":e": { S: "prod" }, ":n": { N: "3" } },
      }),
    );
    const put = (entry: string) =>
      prod.dynamodb.send(new PutItemCommand({ TableName: LEDGER, Item: { ...item, entry: { S: entry } } }));
    const original = item?.entry?.S ?? "";
    await put(original.replace("version 1", "version 7"));
    const text = await prod.run(["ledger", "verify", "prod"], { terminal: 80 });
    const json = await prod.run(["ledger", "verify", "prod", "--output", "json"]);
    await put(original);
    expect(text.code).toBe(1);
    expect(text.stdout).toMatch(/^The ledger of prod is broken at entry 3 \(/);
    expect(text.stdout.replaceAll(/\n +/g, " ")).toContain("it was changed.");
    expect(widest(text.stdout)).toBeLessThanOrEqual(80);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ whole: false, brokenAt: 3 });

    await prod.dynamodb.send(new DeleteTableCommand({ TableName: LEDGER }));
    const { code, stderr } = await prod.run(["ledger", "verify", "prod"]);
    expect(code).toBe(2);
    expect(stderr).toContain("dynamodb:GetItem failed");
  });
});
