import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FAILURES, getBackEvery } from "./release/every-call-fails.ts";
import { expectConsistent } from "./release/expect-consistent.ts";
import { Lab } from "./release/lab.ts";
import { liveTraffic } from "./release/live-traffic.ts";
import { expectServedBy } from "./release/settle.ts";
import { rollBackWithoutLedger } from "./release/without-ledger.ts";

/** All of the traffic at once: what a canary finds is no matter of rollbacks. */
const atOnce = { canary: [] };

// What rollbacks of code survive, in samples; the whole of it is in rollback.soak.test.ts. Three releases and five rollbacks take three minutes:
// npm test puts back in release.test.ts, and goes to earlier releases in process (packages/release-engine, kill-anywhere).
describe.runIf(process.env.SLIPWAY_SOAK === "1")("rollbacks of a small shop's code", () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.open(atOnce);
    for (const name of ["two", "three"]) {
      lab.commit({ name, settings: atOnce });
      const { code, stdout, stderr } = await lab.deploy().ended;
      expect(code, `${stdout}\n${stderr}`).toBe(0);
    }
    await lab.keep("three");
  });

  afterAll(async () => {
    await lab?.close();
  });

  test("one to the release before the last is shown first, and then no user notices it; the way back is never forward by accident", async () => {
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

  test("one of which every seventh call to AWS fails goes on where it was broken off", async () => {
    const { struck } = await getBackEvery(lab, 7);
    for (const what of FAILURES) {
      expect(struck.join("\n")).toContain(`${what} of `);
    }
  });

  test("one while the ledger answers nobody goes by the copy that is here, and is brought into the ledger later", async () => {
    await lab.backTo("three");
    await rollBackWithoutLedger(lab, "three");
  });
});
