import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ReleasePlan } from "@slipway/contracts";
import { loadConfig, ReleaseError } from "@slipway/release-engine";
import { RecordingProgress } from "@slipway/testing";
import { expect, onTestFinished, test } from "vitest";
import { removePlans } from "../release/remove-plans.ts";
import { type EnvironmentPlace, environmentWork } from "../target/environment-work.ts";
import { temporaryRepository } from "../test/temporary-repository.ts";
import { assertCommitCanBePlanned, openEarlierPlace, removeEarlierPlace, withEarlierPlace } from "./earlier-place.ts";

const target = { isLocal: false, region: "eu-central-1", flags: "", label: "AWS", env: {} };

/** A repository with a commit for each size, the last of which is checked out; and a place on AWS in it. */
async function arrange(...sizes: string[]) {
  const { path, remove } = temporaryRepository();
  onTestFinished(remove);
  const env = {
    ...{ PATH: process.env.PATH, HOME: path, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
    ...{ GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.com" },
    ...{ GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.com" },
  };
  const git = (...args: string[]) => execFileSync("git", args, { cwd: path, env, encoding: "utf8" }).trim();
  git("init", "--quiet", "--initial-branch=main");
  writeFileSync(join(path, "package.json"), '{ "type": "module" }');
  writeFileSync(join(path, ".gitignore"), ".slipway/\n");
  mkdirSync(join(path, "tf"));
  writeFileSync(join(path, "tf/main.tf"), "");
  const commits = sizes.map((size) => {
    writeFileSync(join(path, "slipway.config.ts"), configText(size));
    git("add", "--all");
    git("commit", "--quiet", "--message", size);
    return git("rev-parse", "HEAD");
  });
  const config = await loadConfig(join(path, "slipway.config.ts"));
  const place = {
    ...{ repository: path, config, environment: "prod", target, env, progress: new RecordingProgress() },
    signal: new AbortController().signal,
  } as unknown as EnvironmentPlace;
  return { path, git, commits, place };
}

function configText(size: string): string {
  return `export default {
  project: "orders", region: "eu-central-1", infrastructure: "tf",
  bootstrap: { directory: "tf", outputs: { stateBucket: "state_bucket" }, state: { bucket: "states" } },
  environments: { prod: {
    terraform: { directory: "tf", stateKey: "prod/terraform.tfstate", variables: { size: "${size}" } },
    functions: [{ name: "orders", directory: ".", build: ["true"], artifact: "out",
      outputs: { functionName: "function_name", alias: "alias", artifactBucket: "bucket" } }],
    api: { urlOutput: "url" }, smoke: { steps: [{ name: "up", method: "GET", path: "/", expect: { status: 200 } }] },
  } },
};
`;
}

const rollbackTo = (commit: string | undefined, release = "r3") =>
  ({
    release,
    source: { commit, tree: null, dirty: false },
    rollsBack: { from: "r2", to: "r1", parts: ["infrastructure"], functions: [] },
  }) as unknown as ReleasePlan;

test("a plan that waits for approval is there when another process opens the same commit again", async () => {
  const { path, commits, place } = await arrange("small", "large");
  const planFile = async () => {
    const earlier = await openEarlierPlace(place, rollbackTo(commits[0]));
    expect(earlier.place.repository).not.toBe(path);
    const work = await environmentWork(earlier.place);
    work.release();
    // As the steps of a release name it.
    return join(dirname(work.planFile), "prod-r3.tfplan");
  };
  const file = await planFile();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "approved");

  expect(await planFile()).toBe(file);
  expect(existsSync(file)).toBe(true);
  await removePlans(place.target, path, "prod");
  expect(existsSync(file), "a plan holds secrets: it goes with the release").toBe(false);
});

test("going further back in one process has the configuration of the further commit, and nothing of either stays", async () => {
  const { path, git, commits, place } = await arrange("small", "medium", "large");
  const sizeAt = async (commit: string | undefined, release: string) => {
    const { config, repository } = (await openEarlierPlace(place, rollbackTo(commit, release))).place;
    expect(existsSync(join(repository, "tf/main.tf"))).toBe(true);
    return config.environments.prod?.terraform.variables;
  };
  expect(await sizeAt(commits[1], "r4")).toEqual({ size: "medium" });
  expect(await sizeAt(commits[0], "r5")).toEqual({ size: "small" });

  await removeEarlierPlace(place);
  expect(existsSync(join(path, ".slipway/worktrees/prod"))).toBe(false);
  expect(git("worktree", "list").split("\n")).toHaveLength(1);
  // Once more, with nothing there, as at the end of every release.
  await removeEarlierPlace(place);
});

test("who only looks has a worktree alone, which is gone afterwards, whatever happened and whoever was killed", async () => {
  const { path, git, commits, place } = await arrange("small", "large");
  const { place: held } = await openEarlierPlace(place, rollbackTo(commits[0]));
  const looks = join(path, ".slipway/looks");
  // Of a process that was killed: no process has this number.
  git("worktree", "add", "--quiet", "--detach", join(looks, "prod-99999999"), "HEAD");
  const seen = await withEarlierPlace(place, rollbackTo(commits[0]), async ({ place: { repository, config } }) => {
    expect(repository).not.toBe(held.repository);
    expect(existsSync(join(looks, "prod-99999999"))).toBe(false);
    return config.environments.prod?.terraform.variables;
  });
  expect(seen).toEqual({ size: "small" });
  const failing = withEarlierPlace(place, rollbackTo(commits[0]), async () => Promise.reject(new Error("no plan")));
  await expect(failing).rejects.toThrow("no plan");
  expect(existsSync(held.repository), "that of who has the lease stays").toBe(true);
  expect(git("worktree", "list").split("\n")).toHaveLength(2);
});

test("a commit whose configuration cannot be had, or lacks the environment, is refused before anything is begun", async () => {
  const { path, git, commits, place } = await arrange("small");
  const committed = (text: string) => {
    writeFileSync(join(path, "slipway.config.ts"), text);
    git("commit", "--quiet", "--all", "--message", "Another");
    return { commit: git("rev-parse", "HEAD"), tree: null, dirty: false };
  };
  const source = { commit: commits[0] ?? "", tree: null, dirty: false };
  const broken = committed("export default {");
  const other = committed(configText("small").replace("prod:", "staging:"));

  await assertCommitCanBePlanned(place, source, "r1");
  await expect(assertCommitCanBePlanned(place, broken, "r2")).rejects.toBeInstanceOf(ReleaseError);
  await expect(assertCommitCanBePlanned(place, other, "r3")).rejects.toThrow(
    "The infrastructure of prod cannot go back to r3",
  );
});
