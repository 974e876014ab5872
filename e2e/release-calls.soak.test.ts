// Each call of a release fails once in each of four ways, a few in each of many releases. SLIPWAY_APART says how many calls there are
// between two that fail in the same release (and so how many releases it takes), SLIPWAY_PART=3/8 makes the third eighth of them, and
// SLIPWAY_ALONE=1 lets a single call fail in each release, of those that change something.
import { afterAll, beforeAll, expect, test } from "vitest";
import { FAILURES, type FailingCalls, failingCalls, getAlong } from "./release/every-call-fails.ts";
import { Labs } from "./release/labs.ts";
import { quickSettings } from "./release/settle.ts";
import { recordRelease } from "./release/survive-kills.ts";

const APART = Number(process.env.SLIPWAY_APART ?? 24);
const [part = 1, parts = 1] = (process.env.SLIPWAY_PART ?? "1/1").split("/").map(Number);

let labs: Labs;

beforeAll(async () => {
  labs = await Labs.open(quickSettings);
}, 30 * 60_000);

afterAll(async () => {
  await labs?.close();
});

test("every call that a release makes fails once in each way: it completes, or stops clearly and is resumed", async () => {
  const { calls } = await recordRelease(labs.first, "logs");
  const all = process.env.SLIPWAY_ALONE === "1" ? alone(calls) : failingCalls(calls, APART);
  const some = all.filter((_, index) => index % parts === part - 1);
  const { results, failures } = await labs.attemptAll(some, getAlong);
  const meant = some.reduce((sum, each) => sum + each.calls.length, 0);
  const sum = (of: (result: (typeof results)[number]) => number) =>
    results.reduce((total, each) => total + of(each), 0);
  const struck = sum((each) => each.struck.length);
  console.log(
    `${struck} calls of ${meant} failed in ${results.length} releases of ${calls.length} calls: resumed ${sum(({ resumed }) => resumed)} times, put back ${sum(({ putBack }) => putBack)} times`,
  );
  expect(failures).toEqual([]);
  // How often is asked whether something is ready differs from run to run, and hardly anything else does.
  expect(struck).toBeGreaterThan(meant * 0.95);
});

function alone(calls: Parameters<typeof failingCalls>[0]): readonly FailingCalls[] {
  return calls
    .filter(
      ({ protocol, changes, writesLedger, addsEntry }) => protocol !== "none" && changes && writesLedger === addsEntry,
    )
    .flatMap(({ name, occurrence }) => FAILURES.map((failure) => ({ failure, calls: [`${name} #${occurrence}`] })));
}
