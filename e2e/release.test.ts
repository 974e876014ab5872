import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { badReleases, expectPutBack } from "./release/bad-release.ts";
import { deployAtOnce } from "./release/deploy-at-once.ts";
import { FAILURES, getAlongEvery } from "./release/every-call-fails.ts";
import { expectConsistent } from "./release/expect-consistent.ts";
import { inconsistencies } from "./release/inconsistencies.ts";
import { Lab } from "./release/lab.ts";
import { liveTraffic } from "./release/live-traffic.ts";
import { expectServedBy } from "./release/settle.ts";

/** All of the traffic at once: that good releases pass a canary, which asks both versions hundreds of times, is in the soak. */
const atOnce = { canary: [], restorable: true };

// What a release survives, in samples; the whole of it is in release-*.soak.test.ts.
describe("a release of a small shop", () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.open(atOnce);
  });

  afterAll(async () => {
    await lab?.close();
  });

  test("the first one takes the shop to its users, and leaves nothing behind", async () => {
    expect(await expectConsistent(lab)).toMatchObject({ release: "r1", outcome: "live" });
    await expectServedBy(lab, "one");
  });

  test.each(inconsistencies)("$what would be found", async ({ says, make }) => {
    await lab.backTo("one");
    const undo = await make(lab);
    try {
      await expect(expectConsistent(lab)).rejects.toThrow(says);
    } finally {
      undo?.();
    }
  });

  // Of code only: changes of the infrastructure are in the soak, because a minute of Terraform is a tenth of what all tests may take.
  test("of several that are started at once one runs, under traffic that does not notice, and the others say who", async () => {
    await lab.backTo("one");
    lab.commit({ name: "two", settings: atOnce });
    const traffic = liveTraffic(await lab.apiUrl(), { clients: 2, pauseMs: 40 });
    await deployAtOnce(lab, 3);
    const { requests, failures, byRelease } = await traffic.stop();
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(50);
    expect(Object.keys(byRelease).sort()).toEqual(["one", "two"]);
    expect(await expectConsistent(lab)).toMatchObject({ release: "r2", outcome: "live" });
    await expectServedBy(lab, "two");
    await lab.keep("two");
  });

  // Under traffic, faults and kills, and to releases further back: rollback.soak.test.ts.
  test("that was put back gets its traffic again by a rollback, and nobody goes back to what was left by accident", async () => {
    await lab.backTo("two");
    await lab.must("rollback", "live");
    await expectServedBy(lab, "one");

    const there = await lab.must(
      "rollback",
      "live",
      "--to",
      "r2",
      "--reason",
      "it was not to blame",
      "--output",
      "json",
    );
    expect(JSON.parse(there.stdout)).toMatchObject({
      ...{ outcome: "live", release: "r3", verified: "pass" },
      rollsBack: { from: "r1", to: "r2", parts: ["code"] },
    });
    expect(await expectConsistent(lab)).toMatchObject({ release: "r3", outcome: "live" });
    await expectServedBy(lab, "two");

    const unsaid = await lab.run("rollback", "live");
    expect(unsaid.code).not.toBe(0);
    expect(unsaid.stderr).toContain("slipway rollback live --to r1");
    await expectServedBy(lab, "two");
  });

  test("of which every twelfth call to AWS fails, and that is killed between two functions' traffic, is completed, and put back", async () => {
    await lab.backTo("one");
    lab.commit({ name: "two", settings: atOnce });
    const { struck, resumed } = await getAlongEvery(lab, 12, "lambda:PUT /functions/shop-orders/aliases/live");
    expect(struck.length).toBeGreaterThan(8);
    for (const what of [...FAILURES, "kill"]) {
      expect(struck.join("\n")).toContain(`${what} of `);
    }
    expect(resumed).toBeGreaterThan(0);
    const back = await lab.rollback().ended;
    expect(back.code, `${back.stdout}\n${back.stderr}`).toBe(0);
    expect(await expectConsistent(lab)).toMatchObject({ outcome: "put-back" });
    await expectServedBy(lab, "one");
  });

  test("that does not start never has any traffic", async () => {
    const bad = badReleases.find(({ fault }) => fault === "init");
    const blind = { ...(bad as NonNullable<typeof bad>), settings: { ...atOnce, smoke: "blind" } as const };
    await expectPutBack(lab, blind, undefined, { clients: 2, pauseMs: 60 });
  });
});
