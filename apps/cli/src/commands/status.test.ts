import type { LedgerBody } from "@slipway/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { liveRelease, planOf, type ReleasedEnvironment, releasedEnvironment } from "../test/released-environment.ts";

let prod: ReleasedEnvironment;

beforeAll(async () => {
  prod = await releasedEnvironment({ apiUrl: "https://abcdefghij.execute-api.us-east-1.amazonaws.com/prod" });
  await prod.setAlarm("OK");
});

afterAll(async () => prod?.close());

const json = async (...words: readonly string[]) => {
  const { code, stdout, stderr } = await prod.run(["status", "prod", "--output", "json", ...words]);
  return { code, stderr, report: JSON.parse(stdout) };
};

test("before the first release, it says what Lambda has", async () => {
  const { code, stdout, stderr } = await prod.run(["status", "prod"]);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(
    /^prod on the AWS at http:\S+, \d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z\n\nRuns {9}nothing that was released with Slipway\nVersions {5}orders 1, alias live\nAPI {10}http:\S+\/restapis\/abcdefghij\/prod\/_user_request_\nHealth {7}none of 1 alarms is in ALARM\nLease {8}free\nUnfinished {3}nothing\nIncident {5}none recorded\n$/,
  );
});

test("of an environment that is not deployed, it knows nothing, and says so", async () => {
  const { code, stdout } = await prod.run(["status", "bare"]);
  expect(code).toBe(2);
  expect(stdout).toMatch(/^Versions {5}UNKNOWN: bare is not deployed on the AWS at/m);
  // Its address for the same reason, which is said once.
  expect(stdout).not.toMatch(/^API/m);
  expect(stdout).toMatch(/^Health {7}UNKNOWN: /m);
});

test("of a release that is live, it says since when, and what is pending", async () => {
  await prod.write(prod.ledger("prod"), "r1", liveRelease(planOf("r1", null, "a"), "1", "1"));
  const { code, report } = await json();
  expect(code).toBe(0);
  expect(report).toMatchObject({
    version: 1,
    environment: "prod",
    release: { release: "r1", by: "Jane Doe <jane@example.com>", source: { commit: "a".repeat(40) } },
    functions: [{ name: "orders", functionName: "orders-prod", versions: [{ version: "1", percent: 100 }] }],
    api: { url: `${prod.aws.localAws.endpoint}/restapis/abcdefghij/prod/_user_request_` },
    health: { counts: { OK: 1, ALARM: 0, INSUFFICIENT_DATA: 0 }, alarming: [], missing: [] },
    checkpoints: [
      { window: "immediate", state: "to-come" },
      { window: "short", state: "to-come" },
    ],
    lease: null,
    unfinished: null,
    openIncidents: [],
    lastIncident: null,
  });
  await golden("status", report);
  expect(Date.parse(report.checkpoints[0].at) - Date.parse(report.release.since)).toBe(300_000);
  // The same, found as a rehearsal leaves it.
  const local = await json(...prod.asLocal);
  expect(local.code, local.stderr).toBe(0);
  expect(local.report.release).toEqual(report.release);
  expect(local.report.target).toMatch(/^local AWS at /);
});

test("an alarm that went off needs somebody", async () => {
  await prod.setAlarm("ALARM");
  const { code, stdout } = await prod.run(["status", "prod"]);
  await prod.setAlarm("OK");
  expect(code).toBe(1);
  expect(stdout).toMatch(/^Health {7}1 of 1 alarms in ALARM: orders-errors since /m);
});

test("an alias that was moved past Slipway needs somebody", async () => {
  await prod.moveAlias("2");
  const { code, stdout } = await prod.run(["status", "prod"], { terminal: 120 });
  await prod.moveAlias("1");
  expect(code).toBe(1);
  expect(stdout).toContain("orders 2, alias live: NOT AS RELEASED, the ledger says 1.");
});

test("a release that somebody is at needs nobody else; left alone, it does", async () => {
  const ledger = prod.ledger("prod");
  const plan = planOf("r2", "r1", "c");
  const holder = { id: "x", actor: { name: "Joe" }, host: "elsewhere", pid: 5, command: "slipway deploy prod" };
  const held = await ledger.take(holder);
  await prod.write(ledger, "r2", [
    { type: "release.started", plan, authors: [] },
    { type: "step.started", step: "traffic.judge.10", kind: "traffic.judge", attempt: 1 },
  ]);
  await prod.moveAlias("1", { "2": 0.1 });
  const running = await prod.run(["status", "prod"], { terminal: 120 });
  expect(running.code).toBe(0);
  expect(running.stdout).toContain("Versions     orders 1 (90 %) and 2 (10 %), alias live\n");
  expect(running.stdout.replaceAll(/\n +/g, " ")).toMatch(
    /^Lease {8}Joe, slipway deploy prod on elsewhere \(process 5\), since \S+, good until \S+ and renewed while it lives$/m,
  );
  expect(running.stdout).toMatch(
    /^Unfinished {3}r2 \(ccccccc\) running at: judge 10 % of the traffic, begun \d+ s ago\.$/m,
  );

  await held.release();
  const stopped = await prod.run(["status", "prod"], { terminal: 80 });
  expect(stopped.code).toBe(1);
  expect(stopped.stdout).toMatch(/^Unfinished {3}r2 \(ccccccc\) STOPPED at: /m);
  expect(stopped.stdout.replaceAll(/\n +/g, " ")).toContain("Next: slipway resume prod, or slipway rollback prod");
  expect(Math.max(...stopped.stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);

  await prod.write(ledger, "r2", [
    {
      ...{ type: "release.paused", step: "infrastructure.approve", kind: "infrastructure.approve" },
      ...{ reason: "2 approvals are needed", next: "slipway approve prod" },
    },
  ]);
  const paused = await json();
  expect(paused.code).toBe(1);
  expect(paused.report.unfinished).toMatchObject({
    ...{ release: "r2", state: "paused", reason: "2 approvals are needed", next: "slipway approve prod" },
  });
  await prod.moveAlias("1");
});

test("after a release was put back, the one before it has the traffic since then", async () => {
  const functions = [
    {
      name: "orders",
      functionName: "orders-prod",
      alias: "live",
      version: "2",
      previousVersion: "1",
      artifactSha256: "b".repeat(64),
    },
  ];
  await prod.write(prod.ledger("prod"), "r2", [
    { type: "release.ended", outcome: "put-back", reason: "10 % of its answers are errors", functions },
  ]);
  const { code, report } = await json();
  expect(code).toBe(0);
  expect(report.release.release).toBe("r1");
  expect(report.unfinished).toBeNull();
  const { stdout } = await prod.run(["history", "prod", "--output", "json"]);
  expect(report.release.since).toBe(JSON.parse(stdout).releases[0].endedAt);
});

test("it is refused without an environment that there is", async () => {
  const { code, stderr } = await prod.run(["status", "nowhere"]);
  expect(code).toBe(2);
  expect(stderr).toContain("environment: there is no 'nowhere'");
});

test("an incident that nobody has acknowledged needs somebody; then it is told, and the last one, too", async () => {
  const ledger = prod.ledger("prod");
  const at = new Date().toISOString();
  const opened: LedgerBody = {
    ...{ type: "incident.opened", incident: "i1", title: "Orders fail", severity: 2, reasons: ["12 % fail"] },
    ...{ startedAt: at, signals: [], openedBy: "person" },
  };
  const words = async () => {
    const { code, stdout } = await prod.run(["status", "prod"], { terminal: 200 });
    return `${code} ${/^Incident {5}(.*)$/m.exec(stdout)?.[1]}`;
  };
  const before = (await words()).slice(0, 1);
  await prod.write(ledger, null, [opened]);
  expect(await words()).toMatch(
    /^1 i1 OPEN, severity 2 \(high\), for \d+ s: Orders fail; to be acknowledged until \S+, in 1[45] min.* \(slipway incident show prod i1\)$/,
  );
  expect((await json()).report).toMatchObject({
    openIncidents: [{ incident: "i1", state: "open", clock: { state: "due" } }],
    lastIncident: { incident: "i1", state: "open" },
  });
  await prod.write(ledger, null, [{ type: "incident.acknowledged", incident: "i1" }]);
  expect(await words()).toMatch(/^. i1 under way, .*; acknowledged by Jane Doe, in time /);
  const verdict = { status: "successful", reason: "0 % fail", numbers: {} } as const;
  await prod.write(ledger, null, [{ type: "incident.resolved", incident: "i1", resolvedAt: at, verdict }]);
  expect(await words()).toMatch(
    new RegExp(
      `^${before} none is open; the last was i1, severity 2 \\(high\\), resolved, over since .*: Orders fail$`,
    ),
  );
  expect((await json()).report).toMatchObject({
    openIncidents: [],
    lastIncident: { incident: "i1", state: "resolved" },
  });
});
