import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { playedAction } from "./actions.ts";
import { type Contexts, interpolate, isMet, type Standing } from "./expressions.ts";
import type { JobTokens } from "./played-github.ts";
import { type Job, readWorkflow, type Step, type Workflow } from "./read-workflow.ts";
import { readAssignments, runShellStep } from "./run-shell-step.ts";
import type { Runner } from "./runner.ts";

/** What starts a run. */
export interface Trigger {
  /** `push`, `pull_request`, `schedule`, `workflow_dispatch`. */
  readonly event: string;
  readonly ref: string;
  readonly commit: string;
  readonly actor: string;
  /** The event's payload, as far as expressions ask for it. */
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, string>>;
}

/** A run of a workflow. */
export interface WorkflowRun {
  readonly runner: Runner;
  /** Where the file is read. */
  readonly repository: string;
  /** Name of the file in `.github/workflows`. */
  readonly file: string;
  readonly trigger: Trigger;
  /** Variables of the repository; `null` is one that is not set. */
  readonly vars: Readonly<Record<string, string | null>>;
  /** The one script that is not run, word by word. */
  readonly leftOut?: string;
  readonly onOutput?: (text: string, step: { readonly job: string; readonly step: string }) => void;
}

export interface StepResult {
  readonly name: string;
  readonly outcome: "success" | "failure" | "skipped" | "left out";
  readonly log: string;
  readonly seconds: number;
}

export interface JobResult {
  readonly id: string;
  /** With the values of its matrix. */
  readonly name: string;
  readonly result: "success" | "failure" | "skipped";
  readonly steps: readonly StepResult[];
  /** What is read on the page of the run. */
  readonly summary: string;
}

/**
 * Runs a workflow as GitHub does, from its own file: its jobs in the order of their needs and once for each value of their matrix, in each
 * every step, in order. Shell steps are run; what stands in for actions is in `playedActions`.
 *
 * @throws Error when the file has anything that is not played
 */
export async function runWorkflow(run: WorkflowRun): Promise<readonly JobResult[]> {
  const workflow = readWorkflow(run.repository, `.github/workflows/${run.file}`);
  const { trigger } = run;
  if (!Object.hasOwn(workflow.on, trigger.event)) {
    throw new Error(`${run.file}: is not started by ${trigger.event}`);
  }
  const runId = run.runner.runId();
  const results: JobResult[] = [];
  for (const id of inOrder(workflow)) {
    const job = workflow.jobs[id] as Job;
    const needed = job.needs.map((need) => [need, resultOf(results.filter((each) => each.id === need))] as const);
    const standing = {
      failed: needed.some(([, result]) => result === "failure"),
      skipped: needed.some(([, result]) => result === "skipped"),
    };
    const needs = Object.fromEntries(needed.map(([need, result]) => [need, { result }]));
    const contexts = { ...jobContexts(run), needs };
    if (!isMet(job.if, contexts, standing)) {
      results.push({ id, name: id, result: "skipped", steps: [], summary: "" });
      continue;
    }
    for (const matrix of combinations(job.strategy?.matrix ?? {})) {
      results.push(await runJob({ ...run, id, runId, job, workflow, contexts: { ...contexts, matrix } }));
    }
  }
  return results;
}

function jobContexts({ runner, trigger, vars }: WorkflowRun): Contexts {
  const { event, ref, commit, actor, payload = {}, inputs = {} } = trigger;
  return {
    github: {
      ...{ event_name: event, event: payload, ref, sha: commit, actor },
      repository: runner.github.repository,
    },
    // Null where nobody was asked: a push has no inputs.
    inputs: { environment: null, ...inputs },
    vars,
  };
}

function inOrder({ jobs }: Workflow): readonly string[] {
  const sorted: string[] = [];
  const add = (id: string, waiting: readonly string[]) => {
    const job = jobs[id];
    if (job === undefined || waiting.includes(id)) {
      throw new Error(`${id}: is no job that can be waited for`);
    }
    for (const need of job.needs) {
      add(need, [...waiting, id]);
    }
    if (!sorted.includes(id)) {
      sorted.push(id);
    }
  };
  for (const id of Object.keys(jobs)) {
    add(id, []);
  }
  return sorted;
}

function resultOf(instances: readonly JobResult[]): JobResult["result"] {
  return (["failure", "skipped"] as const).find((each) => instances.some(({ result }) => result === each)) ?? "success";
}

function combinations(
  matrix: Readonly<Record<string, readonly string[]>>,
): readonly Readonly<Record<string, string>>[] {
  return Object.entries(matrix).reduce<readonly Readonly<Record<string, string>>[]>(
    (made, [name, values]) => made.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  );
}

interface JobRun extends WorkflowRun {
  readonly id: string;
  readonly runId: string;
  readonly job: Job;
  readonly workflow: Workflow;
  readonly contexts: Contexts & { readonly matrix: Readonly<Record<string, string>> };
}

async function runJob(run: JobRun): Promise<JobResult> {
  const { runner, id, job, contexts: of, trigger, file } = run;
  const name = [id, ...Object.values(of.matrix).map((value) => `(${value})`)].join(" ");
  const environment = job.environment === undefined ? undefined : interpolate(job.environment, of);
  const tokens = runner.github.open({
    permissions: job.permissions,
    claims: {
      ...{ repository: runner.github.repository, ref: trigger.ref, event: trigger.event, actor: trigger.actor },
      ...{ workflowFile: `.github/workflows/${file}`, environment },
    },
  });
  const contexts = { ...of, github: { ...(of.github as object), token: tokens.token } };
  const workspace = runner.workspace();
  try {
    const began = performance.now();
    const stage: Stage = {
      ...{ run, name, contexts, workspace: workspace.path },
      env: { ...givenEnv(run, tokens, workspace.path), ...evaluated(job.env, contexts) },
      left: () => job["timeout-minutes"] * 60_000 - (performance.now() - began),
      done: {},
      summary: "",
    };
    const steps: StepResult[] = [];
    let standing: Standing = { failed: false, skipped: false };
    for (const step of job.steps) {
      const stepBegan = performance.now();
      const result = await runStep(step, stage, standing);
      steps.push({ ...result, seconds: (performance.now() - stepBegan) / 1_000 });
      standing = { failed: standing.failed || result.outcome === "failure", skipped: false };
    }
    return { id, name, result: standing.failed ? "failure" : "success", steps, summary: stage.summary };
  } finally {
    workspace.remove();
  }
}

/** A job under way: what one step leaves for the next. */
interface Stage {
  readonly run: JobRun;
  readonly name: string;
  readonly contexts: Contexts;
  readonly workspace: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds of its timeout. */
  readonly left: () => number;
  /** Steps that have an id, by it. */
  readonly done: Record<string, { readonly outcome: string; readonly outputs: Readonly<Record<string, string>> }>;
  summary: string;
}

async function runStep(step: Step, stage: Stage, standing: Standing): Promise<Omit<StepResult, "seconds">> {
  const { run, workspace, env } = stage;
  const contexts = { ...stage.contexts, env, steps: stage.done };
  const name = step.name ?? step.uses ?? step.run?.trim().split("\n")[0] ?? "";
  if (!isMet(step.if, contexts, standing)) {
    return { name, outcome: "skipped", log: "" };
  }
  if (step.run !== undefined && step.run.trim() === run.leftOut) {
    return { name, outcome: "left out", log: "" };
  }
  const own = { ...env, ...evaluated(step.env, contexts) };
  if (step.uses !== undefined) {
    const action = playedAction(step.uses);
    const inputs = evaluated(step.with, contexts);
    try {
      Object.assign(env, await action({ inputs, workspace, runner: run.runner, env: own }));
      return { name, outcome: "success", log: "" };
    } catch (error) {
      return { name, outcome: "failure", log: String(error) };
    }
  }
  const { code, log, files } = await runShellStep({
    ...{ script: step.run ?? "", cwd: workspace, env: own, temporary: run.runner.temporary, timeoutMs: stage.left() },
    onOutput: (text) => run.onOutput?.(text, { job: stage.name, step: name }),
  });
  Object.assign(env, readAssignments(files.env));
  env.PATH = [...files.path.split("\n").filter((line) => line !== ""), env.PATH].join(delimiter);
  stage.summary += files.summary;
  const outcome = code === 0 ? "success" : "failure";
  if (step.id !== undefined) {
    stage.done[step.id] = { outcome, outputs: readAssignments(files.output) };
  }
  return { name, outcome, log: `${log}\n(exit code ${code})` };
}

function evaluated(texts: Readonly<Record<string, string>>, contexts: Contexts): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, interpolate(text, contexts)]));
}

/** @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables#default-environment-variables */
function givenEnv({ runner, runId, trigger, workflow, id }: JobRun, { idToken }: JobTokens, workspace: string) {
  const eventFile = join(runner.temporary, `event-${runId}.json`);
  writeFileSync(eventFile, JSON.stringify(trigger.payload ?? {}));
  return {
    ...runner.env,
    ...{ GITHUB_SERVER_URL: "https://github.com", GITHUB_API_URL: runner.github.url },
    ...{ GITHUB_REPOSITORY: runner.github.repository, GITHUB_WORKSPACE: workspace },
    ...{ GITHUB_REF: trigger.ref, GITHUB_SHA: trigger.commit, GITHUB_ACTOR: trigger.actor },
    ...{ GITHUB_EVENT_NAME: trigger.event, GITHUB_EVENT_PATH: eventFile },
    ...{ GITHUB_WORKFLOW: workflow.name, GITHUB_JOB: id, GITHUB_RUN_ID: runId, GITHUB_RUN_ATTEMPT: "1" },
    ...(idToken && { ACTIONS_ID_TOKEN_REQUEST_URL: idToken.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: idToken.bearer }),
  };
}
