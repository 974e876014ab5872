import { describe, expect, it } from "vitest";
import { ReleaseLab } from "../test/release-lab.ts";
import { hasRollbackChecklist, rollbackChecklist } from "./rollback-checklist.ts";

async function linesOf(lab: ReleaseLab) {
  const record = await lab.newest();
  const lines = rollbackChecklist((await lab.records()).at(-1) ?? record, await lab.ledger.read(), " --local");
  return new Map(lines.map(({ item, state, found }) => [item, `${state}: ${found}`]));
}

async function released(count: number): Promise<ReleaseLab> {
  const lab = new ReleaseLab(["api-handler"]);
  for (let each = 0; each < count; each += 1) await lab.deploy();
  return lab;
}

describe("rollbackChecklist", () => {
  it("has what the ledger has seen, and says how to note the rest", async () => {
    const lab = await released(3);
    await lab.rollBack({ to: "r1" });
    const lines = await linesOf(lab);
    expect([...lines.keys()]).toEqual([
      ...["root-cause", "plan", "stakeholders", "executed", "verified", "monitored", "documented", "post-mortem"],
    ]);
    expect(lines.get("plan")).toMatch(/^done: from r3 to r1, 5 steps, by Jane/);
    expect(lines.get("executed")).toMatch(/^done: done at 2026/);
    expect(lines.get("verified")).toBe("done: it is there");
    expect(lines.get("monitored")).toBe("to-do: slipway watch prod --local judges it at its checkpoints");
    expect(lines.get("root-cause")).toBe('to-do: slipway note prod root-cause "..." --release r4 --local');
  });

  it("takes what people note, the newest word of each line", async () => {
    const lab = await released(2);
    await lab.rollback();
    for (const text of ["a bad join", "a missing index"]) {
      const body = { type: "rollback.noted", item: "root-cause", text } as const;
      await lab.ledger.append({ by: { name: "Joe" }, release: "r2", body });
    }
    const lines = await linesOf(lab);
    expect(lines.get("root-cause")).toMatch(/^done: a missing index \(Joe, 2026/);
    expect(lines.get("executed")).toMatch(/^done: put back at/);
    // Checkpoints of the bad release say nothing about what runs now.
    expect(lines.get("monitored")).toMatch(/^to-do: slipway note prod monitored/);
  });

  it("belongs to rollbacks, and to what was put back", async () => {
    const lab = await released(2);
    expect(hasRollbackChecklist(await lab.newest())).toBe(false);
    await lab.rollback();
    expect(hasRollbackChecklist(await lab.newest())).toBe(true);
  });
});
