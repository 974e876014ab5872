import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { expectConsistent } from "./expect-consistent.ts";
import type { Lab } from "./lab.ts";
import { expectServedBy } from "./settle.ts";

/**
 * Takes the lease away from a deploy that is about to send its traffic to the new version, and whose call arrives only once the other
 * process has put the traffic back: it is found there, put back again, and the deploy is fenced off.
 *
 * @param before the release that is served before, by its commit's name
 */
export async function takeOverFromDeploy(lab: Lab, before: string): Promise<void> {
  let letGo = (): void => {};
  const isLetGo = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let hold = (): void => {};
  const isHeld = new Promise<void>((resolve) => {
    hold = resolve;
  });
  let moves = 0;
  lab.proxy.begin(({ name }) => {
    moves += name === "lambda:PUT /functions/shop-orders/aliases/live" ? 1 : 0;
    if (name !== "lambda:PUT /functions/shop-orders/aliases/live" || moves !== 1) {
      return undefined;
    }
    hold();
    return { when: "pass-after", run: () => isLetGo };
  });
  const deploy = lab.deploy();
  try {
    await Promise.race([isHeld, deploy.ended]);
    const refused = await lab.run("rollback", "live");
    expect(refused.code, refused.stdout).toBe(1);
    expect(refused.stderr).toContain(`process ${deploy.pid}`);

    const rollback = lab.start(["rollback", "live", "--take-over", "--reason", "it hangs"]);
    while (!(await isBack(lab))) {
      await Promise.race([wait(100), rollback.ended]);
    }
    letGo();
    const [back, fenced] = await Promise.all([rollback.ended, deploy.ended]);
    expect(back.code, `${back.stdout}\n${back.stderr}`).toBe(0);
    expect(fenced.code, `${fenced.stdout}\n${fenced.stderr}`).toBe(1);
    expect(fenced.stderr).toMatch(/The lease of live was taken away from this process/);
  } finally {
    letGo();
    deploy.kill("with-children");
  }
  lab.proxy.begin();
  const { entries } = await lab.ledger();
  expect(entries.flatMap(({ body }) => (body.type === "lease.broken" ? [body.reason] : []))).toEqual([
    expect.stringContaining("it hangs"),
  ]);
  expect(await expectConsistent(lab)).toMatchObject({ outcome: "put-back" });
  await expectServedBy(lab, before);
}

async function isBack(lab: Lab): Promise<boolean> {
  const { entries } = await lab.ledger();
  return entries.some(({ body }) => body.type === "step.finished" && body.kind === "traffic.restore");
}
