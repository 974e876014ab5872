import { expect } from "vitest";
import type { Lab } from "./lab.ts";

/** What came of deploys that were started at the same time. */
export interface AtOnce {
  readonly succeeded: number;
  /** What those said that did not get the lease. */
  readonly refused: readonly string[];
}

/** Starts so many deploys of the same commit at once, and checks that one of them runs and all others say who it is. */
export async function deployAtOnce(lab: Lab, count: number): Promise<AtOnce> {
  const processes = Array.from({ length: count }, () => lab.deploy());
  const all = await Promise.all(processes.map(async ({ pid, ended }) => ({ pid, ...(await ended) })));
  const winners = all.filter(({ code }) => code === 0);
  const others = all.filter(({ code }) => code !== 0);
  expect(winners.length, others.map(({ stderr }) => stderr).join("\n")).toBe(1);
  for (const { code, stderr } of others) {
    expect(code).toBe(1);
    // Who, from where, and until when.
    expect(stderr).toContain("Jane Doe <jane@example.com>");
    expect(stderr).toContain(`process ${winners[0]?.pid}`);
    expect(stderr).toContain("Next: ");
  }
  return { succeeded: winners.length, refused: others.map(({ stderr }) => stderr) };
}
