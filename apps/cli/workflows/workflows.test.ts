import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commands } from "../src/commands.ts";
import { listWorkflows } from "./list-workflows.ts";
import { workflowProblems } from "./workflow-problems.ts";
import { workflowSteps } from "./workflow-steps.ts";

const repository = resolve(import.meta.dirname, "../../..");
const vocabulary = { repository, commands, aws: new Map() };
const workflows = listWorkflows(repository);
const read = (file: string) => readFileSync(join(repository, file), "utf8");
const folder = mkdtempSync(join(tmpdir(), "slipway-workflows-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(workflows)("%s is as it should be", async (file) => {
  expect(await workflowProblems(file, read(file), vocabulary)).toEqual([]);
});

test("there are the four that the guide tells of", () => {
  expect(workflows.map((file) => file.replace(".github/workflows/", ""))).toEqual([
    "nightly.yml",
    "pull-request.yml",
    "release.yml",
    "watch.yml",
  ]);
});

const CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";
const good = `on: push
permissions: {}
jobs:
  one:
    runs-on: ubuntu-24.04
    permissions:
      contents: read
    steps:
      - uses: ${CHECKOUT}
        with:
          persist-credentials: false
      - run: npx slipway plan prod
`;

test("a small one that is good", async () => {
  expect(await workflowProblems("x.yml", good, vocabulary)).toEqual([]);
});

test.each([
  ["a tag in the place of a digest", CHECKOUT, "actions/checkout@v7 # v7.0.1", "is not pinned"],
  ["a short digest", "3d3c42e5aac5ba805825da76410c181273ba90b1", "3d3c42e5", "is not pinned"],
  ["no version beside the digest", " # v7.0.1", "", "has no comment with its version"],
  ["a token that stays in the clone", "persist-credentials: false", "fetch-depth: 1", "persist-credentials"],
  ["rights for all jobs", "permissions: {}", "permissions: write-all", "has to be {} at the top"],
  ["no rights at the top", "permissions: {}\n", "", "has to be {} at the top"],
  ["a job without rights", "    permissions:\n      contents: read\n", "", "permissions: are missing"],
  ["a right that GitHub does not know", "contents: read", "content: read", "content"],
  ["a key that GitHub does not know", "runs-on:", "run-on:", "run-on"],
  ["a context that is not there", "- run: ", "- if: secret.x == ''\n        run: ", "secret"],
  ["an expression that is not closed", "- run: ", "- if: contains(github.ref\n        run: ", "Unexpected symbol"],
  ["what others write, in a script", "plan prod", "plan $" + "{{ github.head_ref }}", "is put into a script"],
  ["secrets for what forks write", "on: push", "on: pull_request_target", "pull_request_target"],
  ["a command that there is not", "slipway plan", "slipway plot", "unknown command"],
  ["an option that there is not", "plan prod", "plan prod --markup x", "unknown option"],
  ["a script of npm that there is not", "npx slipway plan prod", "npm run plan", "package.json has no script 'plan'"],
  ["a program that nobody has said is there", "npx slipway plan prod", "wget example.com", "'wget' is no program"],
  ["half a shell", "npx slipway plan prod", "if true", "bash -n"],
  ["no YAML", "jobs:", "jobs: [", ""],
])("%s is found", async (_, from, to, problem) => {
  const bad = good.replace(from, to);

  const problems = await workflowProblems("x.yml", bad, vocabulary);

  expect(bad).not.toBe(good);
  expect(problems.join("\n")).toContain(problem);
  expect(problems.length).toBeGreaterThan(0);
});

/** Runs a step as a runner does, with programs that only play: `slipway` ends with the codes of its commands, one after the other. */
function play(
  script: string,
  {
    codes,
    approvals = "0",
    env = {},
  }: { readonly codes: string; readonly approvals?: string; readonly env?: NodeJS.ProcessEnv },
) {
  const bin = mkdtempSync(join(folder, "bin-"));
  const calls = join(bin, "calls");
  writeFileSync(join(bin, "codes"), codes.replaceAll(" ", "\n"));
  writeFileSync(calls, "");
  const show = `{"state":"paused","plans":[{"summary":{"planDigest":"3f2a9c1b0d7e5566"}}],"approvals":[${"1,".repeat(Number(approvals)).slice(0, -1)}]}`;
  writeFileSync(
    join(bin, "npx"),
    `#!/bin/bash
echo "$*" >> '${calls}'
if [ "$2" = show ]; then echo '${show}'; exit 0; fi
for ((at = 1; at < $#; at++)); do if [ "\${!at}" = --markdown ]; then next=$((at + 1)); echo '## Plan' > "\${!next}"; fi; done
code="$(head -n 1 '${bin}/codes')"
sed -i 1d '${bin}/codes'
exit "\${code:-0}"
`,
    { mode: 0o755 },
  );
  writeFileSync(join(bin, "sleep"), `#!/bin/bash\necho "sleep $*" >> '${calls}'\n`, { mode: 0o755 });
  const summary = join(bin, "summary");
  writeFileSync(summary, "");
  const { status, stdout, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
    cwd: bin,
    env: {
      PATH: `${bin}:${process.env.PATH}`,
      ...{ ENVIRONMENT: "prod", WAIT_SECONDS: "60", GITHUB_RUN_ATTEMPT: "1", GITHUB_STEP_SUMMARY: summary },
      ...env,
    },
    encoding: "utf8",
  });
  return {
    ...{ status, stdout, stderr, summary: readFileSync(summary, "utf8") },
    calls: readFileSync(calls, "utf8").trim().split("\n"),
  };
}

function stepThatRuns(file: string, words: string): string {
  const steps = workflowSteps(read(`.github/workflows/${file}`)).jobs.flatMap((job) => job.steps);
  return steps.find(({ run }) => run?.includes(words))?.run ?? "";
}

const release = stepThatRuns("release.yml", "slipway deploy");

test("a release that is live at once ends well, and asks for nothing more", () => {
  expect(play(release, { codes: "0" })).toMatchObject({ status: 0, calls: ["slipway deploy prod"] });
});

test("one that fails ends so", () => {
  expect(play(release, { codes: "1" })).toMatchObject({ status: 1, calls: ["slipway deploy prod"] });
});

test("one that waits says for which plan, and goes on when somebody has said yes to it", () => {
  const { status, stdout, calls } = play(release, { codes: "3 0", approvals: "1" });

  expect(status).toBe(0);
  expect(stdout).toContain("slipway approve prod --plan 3f2a9c1b0d7e");
  expect(calls.filter((call) => !call.includes("show"))).toEqual([
    "slipway deploy prod",
    "sleep 60",
    "slipway resume prod",
  ]);
});

test("one that nobody says yes to is not begun again and again, and ends as waiting", () => {
  const { status, calls } = play(release, { codes: "3", env: { WAIT_SECONDS: "1" } });

  expect(status).toBe(3);
  expect(calls).not.toContain("slipway resume prod");
});

test("a run that is run again goes on with the release that it has begun", () => {
  const { status, calls } = play(release, { codes: "0", env: { GITHUB_RUN_ATTEMPT: "2" } });

  expect(status).toBe(0);
  expect(calls).toEqual(["slipway show prod --output json", "slipway resume prod"]);
});

test.each([
  ["0", 0, false],
  ["1", 0, true],
  ["2", 2, false],
])("the plan of a pull request that ends with %s ends the job with %i", (codes, status, warned) => {
  const played = play(stepThatRuns("pull-request.yml", "slipway plan"), { codes });

  expect(played.status).toBe(status);
  expect(played.calls).toEqual(["slipway plan prod --markdown plans/prod.md"]);
  expect(played.stdout.includes("::warning::")).toBe(warned);
});

test("the summary of the plan is there before anybody lets the release in", () => {
  expect(play(stepThatRuns("release.yml", "--markdown plan.md"), { codes: "1" })).toMatchObject({
    status: 0,
    summary: "## Plan\n",
  });
});
