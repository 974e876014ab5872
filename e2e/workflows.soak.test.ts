import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ran } from "./support/run-program.ts";
import { AdoptedPlace } from "./workflows/adopted-place.ts";
import { type JobResult, runWorkflow, type Trigger, type WorkflowRun } from "./workflows/run-workflow.ts";

// The workflows as they are in .github/workflows: every `run:` of every job, in order, as GitHub runs it, on a local AWS under the roles that
// the bootstrap makes. What docs/github-actions.md asks for was done before. One test goes on where the one before has ended.

let place: AdoptedPlace;
let change: ReturnType<AdoptedPlace["openPullRequest"]>;

beforeAll(async () => {
  place = await AdoptedPlace.open();
  place.repository.append("apps/api-handler/src/handler.ts", '\nconsole.debug("the second release");\n');
  place.repository.edit(
    "CHANGELOG.md",
    "\n## ",
    "\n## Next\n\n- The handler says that it is the second release.\n\n### Deployment notes\n\n- Nothing to watch out for.\n\n## ",
  );
  change = place.openPullRequest(7, "Say that it is the second release");
}, 1_800_000);

afterAll(async () => {
  await place?.close();
});

const onMain = (event: string, inputs: Record<string, string> = {}): Trigger => ({
  ...{ event, ref: "refs/heads/main", commit: change.merge, actor: "jane", inputs },
});

/** Users of both environments at the same time: each minute of the clock is one of both. */
async function usersOfBoth(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 4) {
    await place.users("staging", "2m", 20);
    await place.users("prod", "2m", 20);
  }
}

async function run(
  file: string,
  trigger: Trigger,
  others: Pick<WorkflowRun, "leftOut" | "onOutput"> = {},
): Promise<readonly JobResult[]> {
  const { runner, vars, repository } = place;
  const began = performance.now();
  const jobs = await runWorkflow({ runner, vars, file, trigger, repository: repository.clone, ...others });
  console.log(`${file} by ${trigger.event}, ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  for (const { name, result, steps } of jobs) {
    console.log(`  ${name}: ${result}`);
    for (const step of steps) {
      const log = step.outcome === "failure" ? `\n${step.log}` : "";
      console.log(`    ${step.outcome.padEnd(8)} ${step.seconds.toFixed(0).padStart(4)} s  ${step.name}${log}`);
    }
  }
  return jobs;
}

const results = (jobs: readonly JobResult[]) => jobs.map(({ name, result }) => `${name}: ${result}`);

/** Users come, and time passes, whenever a release has shifted traffic, or says that it waits. */
function usersMeanwhile(environment: string): NonNullable<WorkflowRun["onOutput"]> {
  let traffic = Promise.resolve();
  return (text) => {
    for (const _ of text.matchAll(/^send \d+ % of the traffic .* - done|is live; waiting /gm)) {
      traffic = traffic.then(() => place.users(environment, "8m", 120));
    }
  };
}

test("a pull request is linted, planned under a role that may only read, and told of in one comment", async () => {
  const jobs = await run(
    "pull-request.yml",
    {
      ...{ event: "pull_request", ref: "refs/pull/7/merge", commit: change.merge, actor: "jane" },
      payload: { pull_request: { number: 7, head: { repo: { full_name: place.github.repository } } } },
    },
    // This test is one of those.
    { leftOut: "npm run test:coverage" },
  );

  expect(results(jobs)).toEqual([
    "lint: success",
    "test: success",
    "plan (dev): success",
    "plan (staging): success",
    "plan (prod): success",
    "comment: success",
  ]);
  const left = jobs.flatMap(({ steps }) => steps.filter(({ outcome }) => outcome === "left out"));
  expect(left.map(({ name }) => name)).toEqual(["npm run test:coverage"]);
  const comments = place.github.comments.get(7) ?? [];
  expect(comments).toHaveLength(1);
  for (const environment of ["dev", "staging", "prod"]) {
    expect(comments[0]?.body).toContain(environment);
  }
  expect(place.github.refused).toEqual([]);
});

/** Octo Cat reads what the run says, and says yes to the plan that it waits with. */
function approverMeanwhile(environment: string, ...words: readonly string[]) {
  const said: Promise<Ran>[] = [];
  const meanwhile: NonNullable<WorkflowRun["onOutput"]> = (text) => {
    const waits = /^::notice::(\w+) waits for people\. The plan: slipway approve \w+ --plan ([0-9a-f]{12})$/m;
    const [, of, digest] = waits.exec(text) ?? [];
    if (of === environment && digest !== undefined && said.length === 0) {
      said.push(place.typeOnCall(environment, "approve", environment, "--plan", digest, ...words));
    }
  };
  return { meanwhile, said };
}

async function release(trigger: Trigger, environment: string, ...words: readonly string[]) {
  const users = usersMeanwhile(environment);
  const { meanwhile, said } = approverMeanwhile(environment, ...words);
  const jobs = await run("release.yml", trigger, {
    onOutput: (text, step) => {
      users(text, step);
      meanwhile(text, step);
    },
  });
  expect(results(jobs)).toEqual(["plan: success", "release: success"]);
  const yes = await Promise.all(said);
  expect(yes.map(({ code, stderr }) => [code, stderr])).toEqual(yes.map(() => [0, ""]));
  expect(place.github.refused).toEqual([]);
  return { summary: jobs.map(({ summary }) => summary).join("\n"), approvals: yes.length };
}

test("what comes to main is released to staging, step by step, and judged after five minutes", async () => {
  place.merge(change);

  // The release before was a rehearsal, with a provider that was led to local AWS by other settings: somebody has to say that this is meant.
  const accept = ["--accept", "plan.provider-changed", "provider.aws"];
  const { summary, approvals } = await release(onMain("push"), "staging", ...accept);

  expect(approvals).toBe(1);
  expect(summary).toMatch(/^## Plan of staging [\s\S]*r2 of staging[^\n]*: live[\s\S]*STOPPED by 1 finding/);
});

test("prod is released by hand, and waits on its runner for somebody's yes to the very plan", async () => {
  const { summary, approvals } = await release(onMain("workflow_dispatch", { environment: "prod" }), "prod");

  expect(approvals).toBe(1);
  expect(summary).toMatch(/r1 of prod[^\n]*: live/);
});

test("after an hour, what is live is judged again by the clock, and looked after", async () => {
  await usersOfBoth(64);

  let meanwhile = Promise.resolve();
  const jobs = await run("watch.yml", onMain("schedule"), {
    onOutput: (text) => {
      if (text.includes("again in a minute")) {
        meanwhile = meanwhile.then(() => usersOfBoth(4));
      }
    },
  });
  await meanwhile;

  expect(results(jobs)).toEqual(["watch (staging): success", "watch (prod): success"]);
});

test("a second release of prod changes code alone, which asks nobody", async () => {
  place.repository.append("apps/api-handler/src/handler.ts", 'console.debug("and the third");\n');
  place.repository.edit(
    "CHANGELOG.md",
    "- The handler says that it is the second release.\n",
    "- The handler says that it is the second release, and the third.\n",
  );
  change = place.openPullRequest(8, "Say that it is the third release");
  place.merge(change);

  const { summary, approvals } = await release(onMain("workflow_dispatch", { environment: "prod" }), "prod");

  expect(approvals).toBe(0);
  expect(summary).toMatch(/r2 of prod[^\n]*: live/);
});

test("at night, nothing has drifted, nothing is left over, and every way back works", async () => {
  // The schedule of the backups comes by at three.
  await place.usersUntil("prod", "03:10", 20);

  const jobs = await run("nightly.yml", onMain("schedule"));

  expect(results(jobs)).toEqual([
    "drift (staging): success",
    "drift (prod): success",
    "account: success",
    "recovery: success",
  ]);
});
