import { spawnSync } from "node:child_process";
import type { Vocabulary } from "../documentation/command-problem.ts";
import { commandProblem } from "../documentation/command-problem.ts";
import { shellCommands } from "../documentation/shell-commands.ts";
import { githubProblems } from "./parse-workflow.ts";
import { type WorkflowFile, type WorkflowJob, type WorkflowStep, workflowSteps } from "./workflow-steps.ts";

/** What every runner has, beside what documents may ask for. */
const RUNNER = "[ cat exit gh head mkdir sleep".split(" ");
const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;
const VERSION = /^v\d+\.\d+\.\d+$/;

/**
 * What is wrong with a workflow: what GitHub would refuse, and what this repository asks for besides. Actions are pinned by digest, with the
 * version beside it; nobody has rights that are not asked for; nothing that others write is put into a script; and each command could be
 * typed.
 */
export async function workflowProblems(
  file: string,
  source: string,
  vocabulary: Vocabulary,
): Promise<readonly string[]> {
  const found = (await githubProblems(file, source)).map((message) => `${file}: ${message.replace(`${file} `, "")}`);
  let workflow: WorkflowFile;
  try {
    workflow = workflowSteps(source);
  } catch (error) {
    return found.length > 0 ? found : [`${file}: ${error instanceof Error ? error.message : String(error)}`];
  }
  const { permissions, jobs, events } = workflow;
  if (events.includes("pull_request_target")) {
    found.push(`${file}: on: pull_request_target runs with secrets what a fork has written: pull_request`);
  }
  if (!isEmpty(permissions)) {
    found.push(`${file}: permissions: has to be {} at the top: each job asks for what it needs`);
  }
  for (const job of jobs) {
    found.push(...jobProblems(job).map((problem) => `${file}:${job.line}: ${job.id}: ${problem}`));
    for (const step of job.steps) {
      const problems = [...usesProblems(step), ...runProblems(step, vocabulary)];
      found.push(...problems.map((problem) => `${file}:${step.line}: ${problem}`));
    }
  }
  return found;
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function jobProblems({ permissions }: WorkflowJob): readonly string[] {
  if (typeof permissions === "object" && permissions !== null) {
    return [];
  }
  return [
    permissions === undefined
      ? "permissions: are missing: say what it needs, or {}"
      : `permissions: ${String(permissions)} is everything at once: name each`,
  ];
}

function usesProblems({ uses, with: inputs }: WorkflowStep): readonly string[] {
  if (uses === undefined || uses.action.startsWith("./")) {
    return [];
  }
  const { action, comment } = uses;
  return [
    ...(PINNED.test(action)
      ? []
      : [`${action}: is not pinned by a digest of 40 digits: what a tag leads to can change`]),
    ...(VERSION.test(comment) ? [] : [`${action}: has no comment with its version, such as # v1.2.3`]),
    ...(action.startsWith("actions/checkout@") && inputs["persist-credentials"] !== false
      ? ["actions/checkout: leaves the token in the clone: persist-credentials: false"]
      : []),
  ];
}

function runProblems({ run }: WorkflowStep, vocabulary: Vocabulary): readonly string[] {
  if (run === undefined) {
    return [];
  }
  // Whatever it is, the shell would read it as part of the script.
  const put = [...run.matchAll(/\$\{\{.*?\}\}/gs)].map(
    ([expression]) => `${expression}: is put into a script: give it by env, and write "$NAME"`,
  );
  if (put.length > 0) {
    return put;
  }
  const { status, stderr, error } = spawnSync("bash", ["-n"], { input: run, encoding: "utf8" });
  if (status !== 0) {
    return [`bash -n: ${error?.message ?? stderr.trim()}`];
  }
  try {
    const known = { ...vocabulary, others: RUNNER };
    return shellCommands(run, { keywords: "simple" }).flatMap(({ words }) => {
      const problem = commandProblem(words, known);
      return problem === undefined ? [] : [`${words.join(" ")}: ${problem}`];
    });
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
