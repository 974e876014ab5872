// Rollbacks of code at full length: shown, made and undone, under 1,000 requests within the time that is promised, killed at each entry of the
// ledger, with each call to AWS failing once in each way (SLIPWAY_APART says how many calls there are between two that fail in the same
// rollback), and without a ledger. Fifty functions under Lambda's own limits are in rollback-functions.soak.test.ts; npm test puts back in
// release.test.ts, and goes to earlier releases in process (packages/release-engine, kill-anywhere).
import { afterAll, beforeAll, expect, test } from "vitest";
import { FAILURES, failingCalls, getBack, getBackEvery } from "./release/every-call-fails.ts";
import { expectConsistent } from "./release/expect-consistent.ts";
import { type KilledRollback, recordRollback, surviveKilledRollback } from "./release/kill-rollback.ts";
import type { Lab } from "./release/lab.ts";
import { Labs } from "./release/labs.ts";
import { liveTraffic } from "./release/live-traffic.ts";
import { expectServedBy } from "./release/settle.ts";
import { takeOverFromDeploy } from "./release/take-over.ts";
import { rollBackWithoutLedger } from "./release/without-ledger.ts";

const APART = Number(process.env.SLIPWAY_APART ?? 12);
/** All of the traffic at once: what a canary finds is no matter of rollbacks. */
const atOnce = { canary: [] };

let labs: Labs;

beforeAll(async () => {
  labs = await Labs.open(atOnce);
  await Promise.all(labs.all.map(threeReleases));
}, 60 * 60_000);

afterAll(async () => {
  await labs?.close();
});

async function threeReleases(lab: Lab): Promise<void> {
  for (const name of ["two", "three"]) {
    lab.commit({ name, settings: atOnce });
    const { code, stdout, stderr } = await lab.deploy().ended;
    expect(code, `${stdout}\n${stderr}`).toBe(0);
  }
  await lab.keep("three");
}

test("one to the release before the last is shown first, and then no user notices it; the way back is never forward by accident", async () => {
  const lab = labs.first;
  await lab.backTo("three");
  const shown = await lab.must("rollback", "live", "--to", "r1", "--plan");
  expect(shown.stdout).toContain("send all of the traffic to the versions of r1");
  expect((await lab.ledger()).entries.at(-1)?.body.type).toBe("lease.released");
  await expectServedBy(lab, "three");

  const traffic = liveTraffic(await lab.apiUrl(), { clients: 2, pauseMs: 20 });
  await traffic.atLeast(30);
  const gone = await lab.must("rollback", "live", "--to", "r1", "--reason", "orders get lost", "--output", "json");
  await traffic.atLeast(traffic.sent + 30);
  const { failures, byRelease } = await traffic.stop();
  expect(failures).toEqual([]);
  expect(Object.keys(byRelease).sort()).toEqual(["one", "three"]);
  expect(JSON.parse(gone.stdout)).toMatchObject({
    ...{ outcome: "live", release: "r4", verified: "pass" },
    rollsBack: { from: "r3", to: "r1", parts: ["code"] },
  });
  expect(await expectConsistent(lab)).toMatchObject({ release: "r4", outcome: "live" });
  await expectServedBy(lab, "one");

  const again = await lab.run("rollback", "live");
  expect(again.code).not.toBe(0);
  expect(again.stderr).toContain("slipway rollback live --to r3");
  await expectServedBy(lab, "one");

  // Rolling back the rollback.
  const undone = await lab.must("rollback", "live", "--to", "r3");
  expect(undone.stdout).toContain("r4");
  expect(await expectConsistent(lab)).toMatchObject({ release: "r4", outcome: "put-back" });
  await expectServedBy(lab, "three");
});

test("under 1,000 requests no user notices it, and within two seconds from having the lease all of the traffic is back", async () => {
  const lab = labs.first;
  await lab.backTo("three");
  const limit = { kind: "throttle", service: "lambda", operation: "!Invoke*", perSecond: 15 };
  await lab.localAws.control("POST", "faults", limit);
  try {
    const traffic = liveTraffic(await lab.apiUrl(), { clients: 8, pauseMs: 2 });
    await traffic.atLeast(400);
    lab.proxy.begin();
    const rollback = lab.start(["rollback", "live", "--to", "r1"]);
    const { code, stdout, stderr } = await rollback.ended;
    await traffic.atLeast(Math.max(1_000, traffic.sent + 200));
    const { requests, failures, byRelease } = await traffic.stop();
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThanOrEqual(1_000);
    expect(Object.keys(byRelease).sort()).toEqual(["one", "three"]);
    const { calls } = lab.proxy;
    const leaseAt = calls.find(({ addsEntry }) => addsEntry)?.at ?? Number.NaN;
    const movedAt = calls.findLast(({ name }) => /PUT .*\/aliases\/live$/.test(name))?.at ?? Number.NaN;
    console.log(
      `all of the traffic is back ${movedAt - leaseAt} ms after the lease was asked for, ${movedAt - rollback.startedAt} ms after the process was started`,
    );
    expect(movedAt - leaseAt).toBeLessThan(2_000);
    expect(await expectConsistent(lab)).toMatchObject({ outcome: "live" });
    await expectServedBy(lab, "one");
  } finally {
    await lab.localAws.control("DELETE", "faults");
  }
});

test.each(["r1", "r2"] as const)("killed at each entry of the ledger, one to %s converges", async (to) => {
  const calls = await recordRollback(labs.first, to);
  const entries = calls.filter(({ addsEntry }) => addsEntry).length;
  expect(entries).toBeGreaterThan(6);
  const kills = Array.from({ length: entries }, (_, index) => index + 1).flatMap((entry): KilledRollback[] => [
    { to, entry, when: "before", kind: "alone", way: entry % 2 === 0 ? "again" : "resume" },
    { to, entry, when: "after", kind: "with-children", way: entry % 2 === 0 ? "resume" : "again" },
  ]);
  const { results, failures } = await labs.attemptAll(kills, surviveKilledRollback);
  expect(failures).toEqual([]);
  expect(results.filter((wasKilled) => wasKilled).length).toBeGreaterThan(kills.length * 0.9);
});

test("every call that one makes fails once in each way: it completes, or stops clearly and goes on", async () => {
  const calls = await recordRollback(labs.first, "r1");
  const some = failingCalls(calls, APART);
  const { results, failures } = await labs.attemptAll(some, getBack);
  const struck = results.reduce((sum, each) => sum + each.struck.length, 0);
  const meant = some.reduce((sum, each) => sum + each.calls.length, 0);
  console.log(`${struck} calls of ${meant} failed in ${results.length} rollbacks of ${calls.length} calls`);
  expect(failures).toEqual([]);
  expect(struck).toBeGreaterThan(meant * 0.9);
});

test("one of which every seventh call to AWS fails, each time in the next way, goes on where it was broken off", async () => {
  const { struck } = await getBackEvery(labs.first, 7);
  for (const what of FAILURES) {
    expect(struck.join("\n")).toContain(`${what} of `);
  }
});

test("the lease is taken away from a deploy that is about to move traffic: its late call is found, and it is fenced off", async () => {
  const lab = labs.first;
  await lab.backTo("three");
  lab.commit({ name: "four", settings: atOnce });
  await takeOverFromDeploy(lab, "three");
});

test("one while the ledger answers nobody goes by the copy that is here, and is brought into the ledger later", async () => {
  const lab = labs.first;
  await lab.backTo("three");
  await rollBackWithoutLedger(lab, "three");
});
