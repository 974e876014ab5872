import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type GameDayReport, gameDayReportSchema } from "@slipway/contracts";
import { expect } from "vitest";
import * as z from "zod";
import { gitEnvironment } from "../release/lab-repository.ts";
import { repositoryRoot } from "../support/repository.ts";
import { runProgram } from "../support/run-program.ts";
import { slipway } from "../support/slipway.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** How long all of them may take together, on a machine that has other things to do. */
export const MOST_MS = 1_200_000;

/**
 * Plays game days on this repository's own API, in a clone of what is committed, because a game day commits what is bad; and checks that
 * each fault was found, called what the guide calls it, cured or its cure named, and over.
 *
 * @returns their scores
 */
export async function playDays(days: readonly string[]): Promise<readonly GameDayReport[]> {
  const folder = temporaryFolder("gamedays");
  const clone = join(folder.path, "clone");
  try {
    await runProgram("git", ["clone", "--quiet", "--no-hardlinks", repositoryRoot, clone]);
    // A link is not the folder that .gitignore names, and would be a change that nobody has committed.
    writeFileSync(join(clone, ".git/info/exclude"), "node_modules\n");
    symlinkSync(join(repositoryRoot, "node_modules"), join(clone, "node_modules"));
    const env = { PATH: process.env.PATH, HOME: folder.path, ...gitEnvironment };
    const ran = await slipway(["gameday", ...days, "--verbose", "--output", "json"], {
      ...{ cwd: clone, env, timeoutMs: MOST_MS },
    });

    expect(ran.stdout, ran.stderr).toMatch(/^\{/);
    const { reports } = z.object({ reports: z.array(gameDayReportSchema) }).parse(JSON.parse(ran.stdout));
    const bad = reports.flatMap(({ name, grades }) =>
      grades.filter(({ status }) => status !== "pass").map((grade) => `${name}: ${grade.name}: ${grade.found}`),
    );
    expect(bad, ran.stderr).toEqual([]);
    expect(reports.map(({ name }) => name)).toEqual(days);
    expect(ran.code).toBe(0);
    // Without traffic, and without anybody who feels it, nothing would have been shown.
    for (const { name, requests } of reports) {
      expect(requests, name).toBeGreaterThan(400);
    }
    return reports;
  } finally {
    folder.remove();
  }
}
