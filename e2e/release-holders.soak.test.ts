import { afterAll, beforeAll, expect, test } from "vitest";
import { deployAtOnce } from "./release/deploy-at-once.ts";
import { expectConsistent } from "./release/expect-consistent.ts";
import { Lab } from "./release/lab.ts";
import { wakeUpPastTheLease } from "./release/paused-holder.ts";
import { commitSecond, expectServedBy, quickSettings } from "./release/settle.ts";

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.open(quickSettings);
}, 30 * 60_000);

afterAll(async () => {
  await lab?.close();
});

test("of 50 deploys that are started at once one runs, and 49 say who has the lease", async () => {
  await lab.backTo("one");
  commitSecond(lab);
  const { refused } = await deployAtOnce(lab, 50);
  expect(refused).toHaveLength(49);
  expect(await expectConsistent(lab)).toMatchObject({ release: "r2", outcome: "live" });
  await expectServedBy(lab, "two");
});

// At the beginning, in the infrastructure, in the code, in the canary.
test.each([3, 8, 16, 24])(
  "a holder that sleeps past its lease, from write %i on, wakes up and changes nothing",
  async (atWrite) => {
    await wakeUpPastTheLease(lab, atWrite);
  },
);
