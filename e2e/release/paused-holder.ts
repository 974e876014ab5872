import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { expectConsistent } from "./expect-consistent.ts";
import type { Lab } from "./lab.ts";
import type { ReleaseProcess } from "./release-process.ts";
import { commitSecond, expectServedBy } from "./settle.ts";

/**
 * Stops a release (SIGSTOP) in the middle, lets another one take over once its lease has run out, and wakes it up: it has to notice, to say
 * so, and to change nothing any more.
 *
 * @param atWrite the entry, from 1, after which it is stopped
 */
export async function wakeUpPastTheLease(lab: Lab, atWrite: number): Promise<void> {
  await lab.backTo("one");
  commitSecond(lab);
  let writes = 0;
  let stopped = (): void => {};
  const isStopped = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  lab.proxy.begin(({ addsEntry }) => {
    writes += addsEntry ? 1 : 0;
    if (addsEntry && writes === atWrite) {
      sleeper.signal("SIGSTOP");
      stopped();
    }
    return undefined;
  });
  const sleeper = lab.deploy();
  try {
    await Promise.race([isStopped, sleeper.ended]);
    await wakeUp(lab, sleeper);
  } finally {
    // Asleep it would hold up whatever comes next.
    sleeper.kill("with-children");
  }
}

async function wakeUp(lab: Lab, sleeper: ReleaseProcess): Promise<void> {
  const { head } = await lab.ledger();
  const until = Date.parse(head?.lease?.expiresAt ?? "");
  expect(head?.lease?.holder.pid).toBe(sleeper.pid);

  // The holder is alive as far as anybody can see: nobody may take the lease before it has run out.
  const early = await lab.rollback().ended;
  expect(early.code, early.stdout).toBe(1);
  expect(early.stderr).toContain(`process ${sleeper.pid}`);
  await wait(Math.max(0, until - Date.now() + 6_000));
  const late = await lab.rollback().ended;
  expect(late.code, `${late.stdout}\n${late.stderr}`).toBe(0);

  lab.proxy.begin();
  sleeper.signal("SIGCONT");
  const woken = await sleeper.ended;
  expect(woken.code, `${woken.stdout}\n${woken.stderr}`).toBe(1);
  expect(woken.stderr).toMatch(/lease/);
  expect(woken.stderr).toContain("Next: ");
  // What it has tried to write down was refused, and it has tried nothing else.
  expect(
    lab.proxy.calls.filter(({ changes, writesLedger, status = 0 }) => changes && !(writesLedger && status >= 400)),
    "it has changed nothing",
  ).toEqual([]);
  expect(["put-back", "failed"]).toContain((await expectConsistent(lab)).outcome);
  await expectServedBy(lab, "one");
}
