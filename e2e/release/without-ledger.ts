import { statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { expectConsistent } from "./expect-consistent.ts";
import type { Lab } from "./lab.ts";
import { expectServedBy } from "./settle.ts";

/**
 * Rolls back to r1 while the ledger's table answers nobody, by the copy that is here; and once it answers again, brings that into the ledger.
 *
 * @param before the release that is served before, by its commit's name
 */
export async function rollBackWithoutLedger(lab: Lab, before: string): Promise<void> {
  // Every reading of the ledger keeps the copy.
  await lab.must("history", "live");
  const folder = join(lab.repository.path, ".slipway", "ledger", `local-127.0.0.1-${lab.proxy.port}`);
  expect(statSync(join(folder, "live.jsonl")).mode & 0o777).toBe(0o600);

  const words = ["rollback", "live", "--break-glass", "--reason", "orders get lost"];
  const refused = await lab.run(...words);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain("the ledger of live can be reached");
  await expectServedBy(lab, before);

  lab.proxy.begin(({ service }) => (service === "dynamodb" ? "reset" : undefined));
  const unreachable = await lab.run("rollback", "live");
  expect(unreachable.code).toBe(1);
  await expectServedBy(lab, before);
  const back = await lab.must(...words, "--to", "r1", "--output", "json");
  await expectServedBy(lab, "one");
  expect(JSON.parse(back.stdout)).toMatchObject({
    ...{ breakGlass: true, to: "r1", verdict: "pass", signed: false, notMoved: [] },
    moved: [{ functionName: "shop-orders" }, { functionName: "shop-stock" }],
  });
  expect(statSync(JSON.parse(back.stdout).journal).mode & 0o777).toBe(0o600);
  lab.proxy.begin();

  const warned = await lab.run("status", "live");
  expect(warned.stderr).toContain("slipway ledger reconcile live");
  const reconciled = await lab.must("ledger", "reconcile", "live");
  expect(reconciled.stderr).toContain("see that all of the traffic is there");
  const { entries } = await lab.ledger();
  const [entry] = entries.flatMap(({ body }) => (body.type === "break-glass.reconciled" ? [body] : []));
  expect(entry?.journal.map(({ body }) => body.type)).toEqual([
    ...["glass.broken", "alias.moved", "alias.moved", "verified"],
  ]);
  expect(await expectConsistent(lab)).toMatchObject({ release: "r4", outcome: "live" });
  await expectServedBy(lab, "one");
  expect((await lab.run("status", "live")).stderr).not.toContain("reconcile");
}
