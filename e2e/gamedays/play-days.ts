import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type GameDayReport, gameDayReportSchema } from "@slipway/contracts";
import { expect } from "vitest";
import * as z from "zod";
import { gitEnvironment } from "../release/lab-repository.ts";
import { repositoryRoot } from "../support/repository.ts";
import { runProgram } from "../support/run-program.ts";
import { slipway } from "../support/slipway.ts";

/** How long all of them may take together, on a machine that has other things to do. */
export const MOST_MS = 1_200_000;

/** Where game days are played: a repository of its own, because a game day commits what is bad. */
export interface GameGround {
  readonly repository: string;
  readonly environment: string;
  readonly home: string;
}

/** A clone of what is committed of this repository, with its production. */
export async function clonedGround(folder: string): Promise<GameGround> {
  const clone = join(folder, "clone");
  await runProgram("git", ["clone", "--quiet", "--no-hardlinks", repositoryRoot, clone]);
  // A link is not the folder that .gitignore names, and would be a change that nobody has committed.
  writeFileSync(join(clone, ".git/info/exclude"), "node_modules\n");
  symlinkSync(join(repositoryRoot, "node_modules"), join(clone, "node_modules"));
  return { repository: clone, environment: "prod", home: folder };
}

/**
 * Plays game days, and checks that each fault was found, called what the guide calls it, cured or its cure named, and over.
 *
 * @returns their scores
 */
export async function playDays(ground: GameGround, days: readonly string[]): Promise<readonly GameDayReport[]> {
  const { repository, environment, home } = ground;
  const env = { PATH: process.env.PATH, HOME: home, LANG: "C.UTF-8", ...gitEnvironment };
  const words = ["gameday", ...days, "--environment", environment, "--verbose", "--output", "json"];
  const ran = await slipway(words, { cwd: repository, env, timeoutMs: MOST_MS });

  expect(ran.stdout, ran.stderr).toMatch(/^\{.*"reports":/);
  const { reports } = z.object({ reports: z.array(gameDayReportSchema) }).parse(JSON.parse(ran.stdout));
  const bad = reports.flatMap(({ name, grades }) =>
    grades.filter(({ status }) => status !== "pass").map((grade) => `${name}: ${grade.name}: ${grade.found}`),
  );
  expect(bad, ran.stderr).toEqual([]);
  expect(
    reports.map(({ name }) => name),
    ran.stderr,
  ).toEqual(days);
  expect(ran.code, ran.stderr).toBe(0);
  // Without traffic, and without anybody who feels it, nothing would have been shown.
  for (const { name, requests } of reports) {
    expect(requests, name).toBeGreaterThan(300);
  }
  return reports;
}
