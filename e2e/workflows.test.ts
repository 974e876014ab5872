import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repositoryRoot } from "./support/repository.ts";
import { playedAction, playedActions } from "./workflows/actions.ts";
import { evaluate, interpolate, isMet } from "./workflows/expressions.ts";
import { PlayedGithub } from "./workflows/played-github.ts";
import { parseWorkflow, readWorkflow } from "./workflows/read-workflow.ts";
import { readAssignments, runShellStep } from "./workflows/run-shell-step.ts";

// The machinery that e2e/workflows.soak.test.ts runs whole workflows with, piece by piece.

const folder = ".github/workflows";
const workflows = readdirSync(join(repositoryRoot, folder)).map((file) =>
  readWorkflow(repositoryRoot, `${folder}/${file}`),
);
const good = { failed: false, skipped: false };

test("each workflow is read whole, and something stands in for each of its actions, and for no others", () => {
  const used = workflows.flatMap(({ jobs }) =>
    Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses]))),
  );

  expect(workflows).toHaveLength(4);
  expect([...new Set(used.map((uses) => uses.split("@")[0]))].toSorted()).toEqual(
    Object.keys(playedActions).toSorted(),
  );
  expect(() => used.map(playedAction)).not.toThrow();
});

test("each of their scripts is one that the shell can read", () => {
  const scripts = workflows.flatMap(({ jobs }) =>
    Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run = [] }) => run)),
  );

  expect(scripts.length).toBeGreaterThan(15);
  const read = spawnSync("bash", ["-n"], { input: scripts.map((run) => `(\n${run}\n)`).join("\n"), encoding: "utf8" });
  expect(read).toMatchObject({ status: 0, stderr: "" });
});

test("what nobody has played is an error", () => {
  expect(() => playedAction("actions/github-script@v9")).toThrow("nothing stands in for it");
  const source = `name: X
on: { push: {} }
permissions: {}
defaults: { run: { shell: bash } }
jobs:
  one:
    runs-on: ubuntu-24.04
    timeout-minutes: 1
    permissions: {}
    steps: [{ run: echo }]
`;
  expect(parseWorkflow(source).jobs.one?.steps).toHaveLength(1);
  expect(() => parseWorkflow(source.replace("run: echo", "run: echo, shell: sh"))).toThrow("shell");
  expect(() =>
    parseWorkflow(source.replace("timeout-minutes: 1", "timeout-minutes: 1\n    continue-on-error: true")),
  ).toThrow("continue-on-error");
});

describe("expressions", () => {
  const roles = JSON.stringify({ prod: { operate: "arn:aws:iam::1:role/o" } });
  const contexts = {
    vars: { ROLES: roles, UNSET: null },
    matrix: { environment: "prod" },
    inputs: { environment: null },
  };

  test.each([
    ["plain", "plain"],
    ["$" + "{{ inputs.environment || 'staging' }}", "staging"],
    ["$" + "{{ matrix.environment }}-watch", "prod-watch"],
    ["$" + "{{ vars.UNSET }}", ""],
    ["a$" + "{{ 'it''s }}' }}b$" + "{{ 1 == 1 }}", "ait's }}btrue"],
    [
      "$" + `{{ format('{{"{0}":"{1}"}}', matrix.environment, fromJSON(vars.ROLES)[matrix.environment].operate) }}`,
      '{"prod":"arn:aws:iam::1:role/o"}',
    ],
  ])("%s is %s", (text, value) => {
    expect(interpolate(text, contexts)).toBe(value);
  });

  test.each([
    ["a context that is not there", "secrets.TOKEN", /secrets/],
    ["a key of a context that nobody has set", "vars.OTHER", /vars\.OTHER: is nothing that is played/],
    ["a function that there is not", "hashFiles('**')", /hashFiles/],
    ["half an expression", "contains(vars.ROLES", /./],
  ])("%s is an error", (_, expression, message) => {
    expect(() => evaluate(expression, contexts)).toThrow(message);
    expect(() => interpolate(`\${{ ${expression}`, contexts)).toThrow();
  });

  test.each([
    [undefined, good, true],
    [undefined, { failed: true, skipped: false }, false],
    ["vars.UNSET != ''", good, false],
    ["vars.ROLES != ''", good, true],
    ["vars.ROLES != ''", { failed: true, skipped: false }, false],
    ["always()", { failed: true, skipped: false }, true],
    ["failure()", { failed: true, skipped: false }, true],
    ["$" + "{{ !cancelled() && matrix.environment != 'dev' }}", { failed: false, skipped: true }, true],
    // A text that has the name of a function is none.
    ["matrix.environment == 'always()' || vars.ROLES", { failed: true, skipped: false }, false],
  ])("if: %s, after %o, is %s", (condition, standing, met) => {
    expect(isMet(condition, contexts, standing)).toBe(met);
  });
});

describe("a shell step", () => {
  let temporary: string;
  beforeAll(() => {
    temporary = mkdtempSync(join(tmpdir(), "slipway-step-"));
  });
  afterAll(() => rmSync(temporary, { recursive: true }));
  const run = (script: string, timeoutMs = 120_000) =>
    runShellStep({ script, cwd: temporary, env: { PATH: process.env.PATH }, temporary, timeoutMs });

  test("stops at the first command that fails, also within a pipe", async () => {
    expect(await run("echo one\nfalse | cat\necho two")).toMatchObject({ code: 1, log: "one\n" });
  });

  test("says in files what the next one and its readers should know", async () => {
    const { files } = await run(
      'echo A=1 >> "$GITHUB_ENV"\nprintf "B<<END\\n2\\n3\\nEND\\n" >> "$GITHUB_ENV"\necho "# Good" >> "$GITHUB_STEP_SUMMARY"',
    );

    expect(readAssignments(files.env)).toEqual({ A: "1", B: "2\n3" });
    expect(files.summary).toBe("# Good\n");
    expect(() => readAssignments("A<<END\n1\n")).toThrow("no line 'END'");
    expect(() => readAssignments("nonsense")).toThrow("expected NAME=value");
  });

  test("is killed with all that it has started when its time is up", async () => {
    expect(await run("sleep 60 & sleep 60", 200)).toMatchObject({ code: null });
  });
});

describe("the played GitHub", () => {
  let github: PlayedGithub;
  beforeAll(async () => {
    github = await PlayedGithub.start("acme/shop", async (job) => `token for ${job.environment} and ${job.audience}`);
  });
  afterAll(() => github.stop());
  const claims = { repository: "acme/shop", environment: "prod" };
  const ask = async (url: string, authorization: string) => {
    const answer = await fetch(url, { headers: { authorization } });
    return [answer.status, await answer.json()];
  };

  test("gives a token for AWS to who has the permission, and to nobody else", async () => {
    expect(github.open({ claims, permissions: { contents: "read" } }).idToken).toBeUndefined();

    const { idToken } = github.open({ claims, permissions: { "id-token": "write" } });

    const url = `${idToken?.url}&audience=sts.amazonaws.com`;
    expect(await ask(url, `bearer ${idToken?.bearer}`)).toEqual([
      200,
      { value: "token for prod and sts.amazonaws.com" },
    ]);
    expect(await ask(url, "bearer none")).toMatchObject([401, {}]);
  });

  test("keeps a job to its permissions", async () => {
    const { token } = github.open({ claims, permissions: { contents: "read" } });
    const other = github.open({ claims, permissions: { "pull-requests": "write" } });

    const comments = `${github.url}/repos/acme/shop/issues/7/comments`;
    expect(await ask(comments, `token ${token}`)).toMatchObject([403, {}]);
    expect(await ask(comments, `token ${other.token}`)).toEqual([200, []]);
    expect(await ask(`${github.url}/repos/acme/shop/branches`, `token ${token}`)).toMatchObject([404, {}]);
    expect(github.refused.some((line) => line.includes("403") && line.includes("comments"))).toBe(true);
  });
});
