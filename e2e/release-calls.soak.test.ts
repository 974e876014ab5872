// Each call of a release fails once in each of four ways: thousands of releases, because most calls are the canary's own requests. It is
// meant to be shared out: SLIPWAY_PART=3/200 makes every two-hundredth, from the third on.
import { afterAll, beforeAll, expect, test } from "vitest";
import { failingCalls, type GotAlong, getAlong } from "./release/every-call-fails.ts";
import { Lab } from "./release/lab.ts";
import { quickSettings } from "./release/settle.ts";
import { recordRelease } from "./release/survive-kills.ts";

/** Which part of the calls: `3/8` is the third eighth, for who has several machines, or little time. */
const [part = 1, parts = 1] = (process.env.SLIPWAY_PART ?? "1/1").split("/").map(Number);

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.open(quickSettings);
}, 30 * 60_000);

afterAll(async () => {
  await lab?.close();
});

test("every call that a release makes fails once in each way: it completes, or stops clearly and is resumed", async () => {
  const { calls } = await recordRelease(lab);
  const all = failingCalls(calls).filter((_, index) => index % parts === part - 1);
  const counts: Record<GotAlong, number> = { completed: 0, resumed: 0, "put-back": 0, "not-called": 0 };
  const failures: string[] = [];
  for (const [index, call] of all.entries()) {
    const title = `${call.failure} of ${call.name} #${call.occurrence}`;
    const startedAt = Date.now();
    try {
      const how = await getAlong(lab, call);
      counts[how] += 1;
      console.log(`${index + 1}/${all.length} ${how}: ${title} (${Date.now() - startedAt} ms)`);
    } catch (error) {
      failures.push(`${title}: ${error instanceof Error ? error.message : String(error)}`);
      console.log(`FAILED ${failures.at(-1)}`);
    }
  }
  console.log(JSON.stringify(counts));
  expect(failures).toEqual([]);
  // How often is asked whether something is ready differs from run to run, and hardly anything else does.
  expect(counts["not-called"]).toBeLessThan(all.length * 0.1);
});
