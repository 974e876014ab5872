import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EnvironmentConfig } from "@slipway/contracts";
import { temporaryFolder } from "@slipway/testing";
import { expect, it } from "vitest";
import { GameFiles } from "./game-files.ts";

const environment = {
  functions: [{ name: "shop", directory: "shop", build: ["npm", "run", "build"], artifact: "shop/dist" }],
} as unknown as EnvironmentConfig;

it("commits and goes back in its own folder, also where git runs the game day on another repository", async () => {
  using folder = temporaryFolder();
  const env = { PATH: process.env.PATH, HOME: folder.path, GIT_CONFIG_NOSYSTEM: "1" };
  const repository = (name: string) => {
    const path = join(folder.path, name);
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], { cwd: path, env })
        .toString()
        .trim();
    mkdirSync(join(path, "shop"), { recursive: true });
    writeFileSync(join(path, "shop/package.json"), JSON.stringify({ scripts: { build: "node build.mjs" } }));
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "--message", "Begin");
    return { path, git };
  };
  const [users, game] = [repository("users"), repository("game")];
  const head = users.git("rev-parse", "HEAD");
  // As hooks and aliases get it.
  const files = new GameFiles({ directory: game.path, environment }, { ...env, GIT_DIR: join(users.path, ".git") });

  await files.commit("none");
  const good = game.git("rev-parse", "HEAD");
  await files.commit("faulty");
  expect(readFileSync(join(game.path, "shop/game-day-plant.mjs"), "utf8")).toContain("The price list has no entry");
  await files.reset("none");

  expect(game.git("rev-parse", "HEAD")).toBe(good);
  expect(game.git("status", "--porcelain")).toBe("");
  expect(readFileSync(join(game.path, "shop/game-day-plant.mjs"), "utf8")).not.toContain("The price list has no entry");
  expect(users.git("rev-parse", "HEAD")).toBe(head);
  expect(users.git("status", "--porcelain")).toBe("");
});

it.each([
  ["bad-infrastructure", "  throttling_rate_limit  = 1\n  throttling_burst_limit = 1\n"],
  ["harmless-infrastructure", "  throttling_rate_limit  = 100\n  throttling_burst_limit = (var.burst) + 1\n"],
] as const)("changes the throttling in whichever file it is set: %s", async (fault, expected) => {
  using folder = temporaryFolder();
  const env = { PATH: process.env.PATH, HOME: folder.path, GIT_CONFIG_NOSYSTEM: "1" };
  mkdirSync(join(folder.path, "live"));
  writeFileSync(join(folder.path, "live/main.tf"), "locals {}\n");
  writeFileSync(
    join(folder.path, "live/api.tf"),
    "  throttling_rate_limit  = 100\n  throttling_burst_limit = var.burst\n",
  );
  execFileSync("git", ["init", "--quiet"], { cwd: folder.path, env });
  const live = { ...environment, terraform: { directory: "live" } } as unknown as EnvironmentConfig;

  await new GameFiles({ directory: folder.path, environment: live }, env).commit(fault);

  expect(readFileSync(join(folder.path, "live/api.tf"), "utf8")).toBe(expected);
  expect(readFileSync(join(folder.path, "live/main.tf"), "utf8")).toBe("locals {}\n");
});

it("says so where no throttling is set", async () => {
  using folder = temporaryFolder();
  const live = { ...environment, terraform: { directory: "." } } as unknown as EnvironmentConfig;
  const files = new GameFiles({ directory: folder.path, environment: live }, { PATH: process.env.PATH });

  await expect(files.commit("bad-infrastructure")).rejects.toThrow("No Terraform file in . sets a throttling");
});
