import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LedgerEntry, ReleasePlan } from "@slipway/contracts";
import { loadConfig } from "@slipway/release-engine";
import { expect, onTestFinished, test } from "vitest";
import { temporaryRepository } from "../test/temporary-repository.ts";
import { openPolicy } from "./open-policy.ts";

const env = {
  ...{ PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
  ...{ GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.com" },
  ...{ GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.com" },
};

/** A repository whose rules are in a file beside its configuration, which imports it. */
function arrange() {
  const { path, remove } = temporaryRepository();
  onTestFinished(remove);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: path, env, encoding: "utf8" }).trim();
  const write = (file: string, text: string) => writeFileSync(join(path, file), text);
  const commit = (reviewers: number, signers: string, putsBack = "error-rate") => {
    write("rules.ts", `export const reviewers: number = ${reviewers};\nexport const rollBackOn = ["${putsBack}"];\n`);
    write("signers", signers);
    git("add", "--all");
    git("commit", "--quiet", "--message", "Change the rules");
    return git("rev-parse", "HEAD");
  };
  git("init", "--quiet", "--initial-branch=main");
  write("package.json", '{ "type": "module" }');
  write("main.tf", "");
  write(
    "slipway.config.ts",
    `import { reviewers, rollBackOn } from "./rules.ts";
export default {
  project: "orders", region: "eu-central-1", infrastructure: ".",
  bootstrap: { directory: ".", outputs: { stateBucket: "state_bucket" } },
  environments: { prod: {
    protected: true,
    terraform: { directory: ".", stateKey: "prod/terraform.tfstate" },
    functions: [{ name: "orders", directory: ".", build: ["true"], artifact: "out",
      outputs: { functionName: "function_name", alias: "alias", artifactBucket: "bucket" } }],
    api: { urlOutput: "url" }, smoke: { steps: [{ name: "up", method: "GET", path: "/", expect: { status: 200 } }] },
    release: { approvals: { infrastructure: 1, signers: "signers" }, checklist: { reviewers }, checkpoints: { rollBackOn } },
  } },
};
`,
  );
  return { path, git, commit };
}

const live = (commit: string) =>
  [
    {
      ...{ release: "r1", at: "", by: { name: "Olga" } },
      body: {
        type: "release.started",
        plan: { release: "r1", source: { commit }, previous: null, steps: [] },
        authors: [],
      },
    },
    { release: "r1", at: "", body: { type: "release.ended", outcome: "live", reason: "done", functions: [] } },
  ] as unknown as LedgerEntry[];

test("the rules are those of the commit that has the traffic, with everything that it imports", async () => {
  const { path, commit, git } = arrange();
  const running = commit(2, "jane@example.com ssh-ed25519 AAAA\n");
  commit(0, "jane@example.com ssh-ed25519 AAAA\nmallory@example.com ssh-ed25519 BBBB\n");
  const config = await loadConfig(join(path, "slipway.config.ts"));
  const status = git("status", "--porcelain");

  const policy = await openPolicy({ repository: path, config, environment: "prod", env }).inForce(live(running));

  expect(policy).toMatchObject({ reviewers: 2, approvals: { infrastructure: 1, signers: "signers" } });
  expect(policy.loosened.map(({ address }) => address)).toEqual([
    "release.checklist.reviewers",
    "release.approvals.signers",
  ]);
  // Nothing of what is checked out was touched by the look.
  expect(git("status", "--porcelain")).toBe(status);
  expect(readdirSync(path).sort()).toEqual([
    ".git",
    "main.tf",
    "package.json",
    "rules.ts",
    "signers",
    "slipway.config.ts",
  ]);
});

test("a commit that is not in the clone is asked for by the command that fetches it, and looked for again", async () => {
  const { path, commit } = arrange();
  commit(2, "");
  const config = await loadConfig(join(path, "slipway.config.ts"));
  const { inForce: ask } = openPolicy({ repository: path, config, environment: "prod", env });

  for (const _ of ["once", "again"]) {
    expect((await ask(live("d".repeat(40)))).unknown).toMatchObject({
      ...{ why: expect.stringContaining("it was never fetched here"), next: `git fetch origin ${"d".repeat(40)}` },
    });
  }
});

test("a shallow clone is asked to become a whole one", async () => {
  const { path, commit } = arrange();
  const running = commit(2, "");
  commit(1, "");
  const clone = temporaryRepository();
  onTestFinished(clone.remove);
  execFileSync("git", ["clone", "--quiet", "--depth=1", `file://${path}`, clone.path], { env });
  const config = await loadConfig(join(clone.path, "slipway.config.ts"));

  const { unknown } = await openPolicy({ repository: clone.path, config, environment: "prod", env }).inForce(
    live(running),
  );

  expect(unknown?.next).toContain("git fetch --unshallow");
});

test("a live release is judged by the rules of its own commit, and by the strictest where that was never fetched", async () => {
  const { path, commit } = arrange();
  const running = commit(2, "", "error-rate");
  commit(2, "", "cost-expected");
  const config = await loadConfig(join(path, "slipway.config.ts"));
  const { ofLive } = openPolicy({ repository: path, config, environment: "prod", env });
  const plan = (hash: string) => ({ release: "r1", source: { commit: hash, tree: null, dirty: false } }) as ReleasePlan;

  expect([...(await ofLive(plan(running))).rollBackOn]).toEqual(["validation.short.error-rate"]);
  const strictest = await ofLive(plan("d".repeat(40)));
  expect([...strictest.rollBackOn]).toEqual(
    expect.arrayContaining(["validation.short.error-rate", "validation.extended.cost-expected"]),
  );
  expect(strictest.unknown).toContain(`git fetch origin ${"d".repeat(40)}`);
});
