import { expect } from "vitest";
import { expectConsistent, type SettledLedger } from "./expect-consistent.ts";
import type { Lab } from "./lab.ts";
import type { LabSettings } from "./lab-configuration.ts";

/** How people go on after a release was broken off. */
export type WayOn = "resume" | "rollback";

/** What a bug of ours says, and no expected error. */
const BUG = /this is a bug of Slipway|^\s+at .+:\d+:\d+\)?$/m;

/**
 * A release for tests that make hundreds of them: every kind of step is in it, one canary step, and what it must find is coarse, because
 * most of a release's time would go into asking two versions of two functions until finer faults could be told apart.
 */
export const quickSettings: LabSettings = { canary: [50], falseAlarms: 0.1, mustFind: 0.3 };

/**
 * What the second release changes of the infrastructure: `logs` is done at once; for `functions` the provider waits some seconds until
 * Lambda has them ready, and the versions that are published have other variables.
 */
export type SecondChange = "logs" | "functions";

const CHANGES = { logs: { log_days: "14" }, functions: { greeting: "good morning" } } as const;

/** The second release of a lab: other code, and other infrastructure. */
export function commitSecond(
  lab: Lab,
  change: SecondChange = "functions",
  settings: LabSettings = quickSettings,
): void {
  lab.commit({ name: "two", settings: { ...settings, variables: CHANGES[change] } });
}

/** Checks that a process that did not succeed has said why and what to do now, and that it is no bug. */
export function expectClearError({
  code,
  stdout,
  stderr,
}: {
  code: number | null;
  stdout: string;
  stderr: string;
}): void {
  const said = `${stdout}\n${stderr}`;
  expect(said, said).not.toMatch(BUG);
  expect(said, said).toMatch(/Next: |slipway (resume|rollback|deploy|approve|watch) /);
  expect(code, said).not.toBeNull();
}

/**
 * Goes on with a release that was broken off, and checks that everything agrees afterwards, and that the API is served by whom the ledger
 * names.
 *
 * @returns how the environment stands
 */
export async function settle(lab: Lab, way: WayOn): Promise<SettledLedger> {
  const { entries } = await lab.ledger();
  const last = entries.findLast(({ body }) => body.type === "release.started")?.release;
  const outcome = entries.findLast(({ release, body }) => release === last && body.type === "release.ended");
  const isSecond = last === "r2";
  // Broken off before it was written down that it begins: nothing has happened, and whoever wants it types it again.
  const command = !isSecond ? lab.deploy() : way === "resume" ? lab.resume() : lab.rollback();
  const words = !isSecond ? "deploy" : way;
  const ran = await command.ended;
  const isOver = isSecond && way === "resume" && outcome !== undefined;
  // A release that has ended has nothing to resume, which is for people to know.
  expect(isOver ? [0, 2] : [0], `slipway ${words}:\n${ran.stdout}\n${ran.stderr}`).toContain(ran.code);
  const settled = await expectConsistent(lab);
  expect(settled).toMatchObject({ release: "r2" });
  if (way === "rollback" && isSecond) {
    expect(["put-back", "failed"]).toContain(settled.outcome);
  } else {
    expect(settled.outcome).toBe("live");
  }
  await expectServedBy(lab, settled.outcome === "live" ? "two" : "one");
  return settled;
}

/** Checks who answers, several times: with a weight left, one of them would be another one. */
export async function expectServedBy(lab: Lab, release: string): Promise<void> {
  const url = await lab.apiUrl();
  const served = new Set<string>();
  for (let request = 0; request < 8; request += 1) {
    const { status, headers } = await fetch(`${url}/stock`);
    served.add(`${status} by ${headers.get("x-release")}`);
  }
  expect([...served]).toEqual([`200 by ${release}`]);
}
