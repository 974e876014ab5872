import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { badReleases, expectPutBack } from "./release/bad-release.ts";
import { expectConsistent } from "./release/expect-consistent.ts";
import { Lab } from "./release/lab.ts";
import { liveTraffic } from "./release/live-traffic.ts";
import { commitSecond, expectServedBy } from "./release/settle.ts";

describe("a canary under live traffic", () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.open();
  });

  afterAll(async () => {
    await lab?.close();
  });

  test("shifts 10,000 requests to a good release, and none fails", async () => {
    await lab.backTo("one");
    commitSecond(lab, undefined, {});
    const traffic = liveTraffic(await lab.apiUrl(), { clients: 8, pauseMs: 0 });
    const ran = await lab.deploy().ended;
    expect(ran.code, `${ran.stdout}\n${ran.stderr}`).toBe(0);
    await traffic.atLeast(10_000);
    const { requests, failures, byRelease } = await traffic.stop();
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThanOrEqual(10_000);
    expect(byRelease).toMatchObject({ one: expect.any(Number), two: expect.any(Number) });
    expect(await expectConsistent(lab)).toMatchObject({ release: "r2", outcome: "live" });
    await expectServedBy(lab, "two");
  });

  test.each(badReleases)("puts back one of which holds: $what", async (bad) => {
    await expectPutBack(lab, bad);
  });
});
