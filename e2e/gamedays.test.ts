import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gameDayReportSchema } from "@slipway/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { gitEnvironment } from "./release/lab-repository.ts";
import { repositoryRoot } from "./support/repository.ts";
import { runProgram } from "./support/run-program.ts";
import { slipway } from "./support/slipway.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

// The incident system against faults in this repository's own API: in a clone of what is committed, because a game day commits what is bad.

/** Those that need no more of Terraform than what brings the environment up, and one release that is to blame for several. */
const DAYS = [
  ...["bad-release", "slow-release", "memory-leak", "cold-start-storm", "two-faults"],
  ...["table-throttled", "table-unreachable", "corrupted-data", "permission-revoked", "alarm-deleted"],
  ...["poisoned-input", "traffic-spike"],
];

const folder = temporaryFolder("gamedays");
const clone = join(folder.path, "clone");

beforeAll(async () => {
  await runProgram("git", ["clone", "--quiet", "--no-hardlinks", repositoryRoot, clone]);
  // A link is not the folder that .gitignore names, and would be a change that nobody has committed.
  writeFileSync(join(clone, ".git/info/exclude"), "node_modules\n");
  symlinkSync(join(repositoryRoot, "node_modules"), join(clone, "node_modules"));
});

afterAll(() => folder.remove());

test("each fault is found, called what the guide calls it, cured or its cure named, and over", async () => {
  const env = { PATH: process.env.PATH, HOME: folder.path, ...gitEnvironment };
  const ran = await slipway(["gameday", ...DAYS, "--verbose", "--output", "json"], {
    ...{ cwd: clone, env, timeoutMs: 900_000 },
  });

  const { reports } = z.object({ reports: z.array(gameDayReportSchema) }).parse(JSON.parse(ran.stdout));
  const bad = reports.flatMap(({ name, grades }) =>
    grades.filter(({ status }) => status !== "pass").map((grade) => `${name}: ${grade.name}: ${grade.found}`),
  );
  expect(bad, ran.stderr).toEqual([]);
  expect(reports.map(({ name }) => name)).toEqual(DAYS);
  expect(ran.code).toBe(0);
  // Without traffic, and without anybody who feels it, nothing would have been shown.
  for (const { name, requests } of reports) {
    expect(requests, name).toBeGreaterThan(500);
  }
}, 900_000);
