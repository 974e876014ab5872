import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { badReleases, expectPutBack } from "./release/bad-release.ts";
import { deployAtOnce } from "./release/deploy-at-once.ts";
import { expectConsistent } from "./release/expect-consistent.ts";
import { inconsistencies } from "./release/inconsistencies.ts";
import { Lab } from "./release/lab.ts";
import { liveTraffic } from "./release/live-traffic.ts";
import { commitSecond, expectServedBy } from "./release/settle.ts";

// What a release survives, in samples; the whole of it is in release-*.soak.test.ts.
describe("a release of a small shop", () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.open();
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

  test("of several that are started at once one runs, under traffic that does not notice, and the others say who", async () => {
    await lab.backTo("one");
    commitSecond(lab, undefined, {});
    const traffic = liveTraffic(await lab.apiUrl());
    await deployAtOnce(lab, 8);
    const { requests, failures, byRelease } = await traffic.stop();
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(500);
    expect(Object.keys(byRelease).sort()).toEqual(["one", "two"]);
    expect(await expectConsistent(lab)).toMatchObject({ release: "r2", outcome: "live" });
    await expectServedBy(lab, "two");
  });

  // After its first look, or a sign of life of the lease more or less.
  test("one whose answers are errors, one in ten, is put back, also by who goes on with it after a kill", async () => {
    await expectPutBack(lab, badReleases[0] as (typeof badReleases)[number], 34);
  });
});
