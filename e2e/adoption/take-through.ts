import { expect } from "vitest";
import { ENVIRONMENT, type ShortLinks } from "./short-links.ts";

const REDIRECT = "services/redirect/index.ts";

/** Checks that people find everything as it should be. */
export async function expectServed(team: ShortLinks): Promise<void> {
  const traffic = await team.traffic();
  await traffic.atLeast(20);
  expect((await traffic.stop()).failures).toEqual([]);
}

/**
 * Releases a commit of which one function fails now and then, while people use it: the canary has to find it, and both functions have to go
 * back.
 */
export async function expectBadPutBack(team: ShortLinks, release: string): Promise<void> {
  const before = await team.versions();
  // Not its first calls: what asks it once, before it has a user, would find it out.
  team.repository.edit(
    REDIRECT,
    "const links = new LinkTable();\n",
    "const links = new LinkTable();\nlet calls = 0;\n",
  );
  team.repository.edit(
    REDIRECT,
    '  const slug = pathParameters?.proxy ?? "";\n',
    '  const slug = pathParameters?.proxy ?? "";\n  calls += 1;\n  if (calls > 5 && Math.random() < 0.3) {\n    throw new Error("planted");\n  }\n',
  );
  team.repository.edit("services/manage/index.ts", "is not for this", "is for nothing here");
  team.repository.commit("Go wrong");
  const traffic = await team.traffic();
  await traffic.atLeast(20);
  const ran = await team.deploy();
  const { requests } = await traffic.stop();
  expect(ran.code, `${ran.stdout}\n${ran.stderr}`).toBe(1);
  const report = JSON.parse(ran.stdout) as { steps: { kind: string; state: string; summary: string }[] };
  expect(report).toMatchObject({ release, outcome: "put-back" });
  // Both had a part of the traffic, and it was the canary that found it.
  const of = (kind: string) => report.steps.filter((step) => step.kind === kind);
  expect(of("traffic.shift")[0]?.summary).toMatch(/redirect.*manage/);
  const found = of("traffic.judge").find(({ state }) => state === "failed");
  expect(found?.summary).toMatch(/redirect/);
  expect(requests).toBeGreaterThan(20);
  expect(await team.versions()).toEqual(before);
  await expectServed(team);
}

/** Releases a change of one function, and takes it back by a rollback. */
export async function expectRolledBack(team: ShortLinks): Promise<void> {
  const before = await team.versions();
  team.repository.revert();
  team.repository.edit(REDIRECT, '"no such link"', '"there is no such link"');
  team.repository.commit("Be clearer");
  const ran = await team.deploy();
  expect(ran.code, `${ran.stdout}\n${ran.stderr}`).toBe(0);
  const after = await team.versions();
  expect(after.manage).toBe(before.manage);
  expect(Number(after.redirect)).toBeGreaterThan(Number(before.redirect));
  const back = await team.must("rollback", ENVIRONMENT, "--reason", "support finds it unclear", "--output", "json");
  expect(JSON.parse(back)).toMatchObject({ outcome: "put-back" });
  expect(await team.versions()).toEqual(before);
  await expectServed(team);
  await team.must("ledger", "verify", ENVIRONMENT);
}
