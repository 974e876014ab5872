import { expect } from "vitest";
import { expectConsistent } from "./expect-consistent.ts";
import type { Lab } from "./lab.ts";
import type { RecordedCall } from "./recorded-call.ts";
import { commitSecond, expectClearError, expectServedBy, settle } from "./settle.ts";

export const FAILURES = ["throttle", "error", "reset", "lost-answer"] as const;
export type CallFailure = (typeof FAILURES)[number];

/** One call of a release that fails. */
export interface FailingCall {
  /** Of which it is the `occurrence`th. */
  readonly name: string;
  readonly occurrence: number;
  readonly failure: CallFailure;
}

/** How a release got along. `not-called`: this time the call did not come that often. */
export type GotAlong = "completed" | "resumed" | "put-back" | "not-called";

/** All calls of a release, each in all the ways in which it can fail; requests to the API and to the control interface are no calls to AWS. */
export function failingCalls(calls: readonly RecordedCall[]): readonly FailingCall[] {
  return calls
    .filter(({ protocol }) => protocol !== "none")
    .flatMap(({ name, occurrence }) => FAILURES.map((failure) => ({ name, occurrence, failure })));
}

/**
 * Makes the second release while one call of it fails: it completes, or stops with a clear error and is completed by the next resume.
 */
export async function getAlong(lab: Lab, { name, occurrence, failure }: FailingCall): Promise<GotAlong> {
  await lab.backTo("one");
  commitSecond(lab);
  lab.proxy.begin((call) => (call.name === name && call.occurrence === occurrence ? failure : undefined));
  const ran = await lab.deploy().ended;
  const wasStruck = lab.proxy.calls.some(({ struck }) => struck !== undefined);
  lab.proxy.begin();
  if (ran.code === 0) {
    expect(await expectConsistent(lab)).toMatchObject({ release: "r2", outcome: "live" });
    await expectServedBy(lab, "two");
    return wasStruck ? "completed" : "not-called";
  }
  expect(wasStruck, `it failed although nothing was struck:\n${ran.stdout}\n${ran.stderr}`).toBe(true);
  expectClearError(ran);
  const { entries } = await lab.ledger();
  const ended = entries.findLast(({ release, body }) => release === "r2" && body.type === "release.ended")?.body;
  if (ended?.type === "release.ended" && ended.outcome !== "live") {
    // It was judged, and is not the release's fault: still nothing is left half done, and it can be released again.
    await expectConsistent(lab);
    await expectServedBy(lab, "one");
    const again = await lab.deploy().ended;
    expect(again.code, `${again.stdout}\n${again.stderr}`).toBe(0);
    await expectServedBy(lab, "two");
    return "put-back";
  }
  await settle(lab, "resume");
  return "resumed";
}
