import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "../support/run-program.ts";
import type { Runner } from "./runner.ts";

/** A step that uses an action, in its job. */
export interface UsedAction {
  /** `with`, evaluated. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly runner: Runner;
  /** What the job's steps have in their environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** What an action leaves in the environment of the steps after it. */
export type PlayedAction = (used: UsedAction) => Promise<Readonly<Record<string, string>>>;

/**
 * What stands in for actions, which run on GitHub's machines alone: the whole list. Each takes the inputs that workflows give it, and no
 * others.
 */
export const playedActions: Readonly<Record<string, PlayedAction>> = {
  "actions/checkout": checkout,
  "actions/setup-node": setupNode,
  "actions/upload-artifact": uploadArtifact,
  "actions/download-artifact": downloadArtifact,
  "aws-actions/configure-aws-credentials": configureAwsCredentials,
};

/** @throws Error when nothing stands in for the action */
export function playedAction(uses: string): PlayedAction {
  const [name = ""] = uses.split("@");
  const action = playedActions[name];
  if (action === undefined) {
    throw new Error(`${name}: nothing stands in for it; give it a line in playedActions, or do without`);
  }
  return action;
}

async function checkout({ inputs, workspace, runner, env }: UsedAction) {
  const { "fetch-depth": depth = "1" } = take(inputs, ["fetch-depth", "persist-credentials"]);
  const { GITHUB_REF: ref = "", GITHUB_SHA: commit = "" } = env;
  const git = (...words: readonly string[]) => mustRun("git", words, { cwd: workspace, env });
  await git("init", "--quiet", "--initial-branch=main");
  await git("remote", "add", "origin", `https://github.com/${runner.github.repository}`);
  // From where GitHub's repository lies; a job that had to ask the remote again would find nobody, as it would have no credentials.
  const remote = `file://${runner.remote}`;
  if (depth === "0") {
    await git("fetch", "--quiet", remote, "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*");
  }
  await git("fetch", "--quiet", ...(depth === "0" ? [] : [`--depth=${depth}`]), remote, ref);
  const [, branch] = /^refs\/heads\/(.+)$/.exec(ref) ?? [];
  await git("checkout", "--quiet", "--force", ...(branch === undefined ? ["--detach"] : ["-B", branch]), commit);
  return {};
}

async function setupNode({ inputs, workspace, runner }: UsedAction) {
  const { "node-version": version = "" } = take(inputs, ["node-version"]);
  await runner.giveNode(version);
  runner.giveModules(workspace);
  return {};
}

async function uploadArtifact({ inputs, workspace, runner }: UsedAction) {
  const {
    name = "artifact",
    path = "",
    "if-no-files-found": none = "warn",
  } = take(inputs, ["name", "path", "if-no-files-found", "retention-days"]);
  const from = join(workspace, path);
  const to = join(runner.artifacts, name);
  if (existsSync(to)) {
    throw new Error(`${name}: there is an artifact of this name already`);
  }
  if (existsSync(from) && readdirSync(from).length > 0) {
    cpSync(from, to, { recursive: true });
  } else if (none === "error") {
    throw new Error(`${path}: there are no files`);
  }
  return {};
}

async function downloadArtifact({ inputs, workspace, runner }: UsedAction) {
  const { pattern = "", path = "", "merge-multiple": merged } = take(inputs, ["pattern", "path", "merge-multiple"]);
  const [, beginning] = /^([\w-]+)\*$/.exec(pattern) ?? [];
  if (beginning === undefined || merged !== "true") {
    throw new Error(`download-artifact: only a pattern such as plan-*, merged, is played, and not '${pattern}'`);
  }
  mkdirSync(join(workspace, path), { recursive: true });
  for (const name of readdirSync(runner.artifacts).filter((each) => each.startsWith(beginning))) {
    cpSync(join(runner.artifacts, name), join(workspace, path), { recursive: true });
  }
  return {};
}

async function configureAwsCredentials({ inputs, runner, env }: UsedAction) {
  const { "aws-region": region = "", "role-to-assume": roleArn = "" } = take(inputs, ["aws-region", "role-to-assume"]);
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url = "", ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer = "" } = env;
  if (url === "" || bearer === "") {
    throw new Error("configure-aws-credentials: the job gets no token: it needs id-token: write");
  }
  // Loaded now: the SDK is slow to load, and the table is read without it.
  const { RoleSessions } = await import("@slipway/aws");
  const token = async () => {
    const answer = await fetch(`${url}&audience=sts.amazonaws.com`, { headers: { authorization: `bearer ${bearer}` } });
    return ((await answer.json()) as { readonly value: string }).value;
  };
  const { accessKeyId, secretAccessKey, sessionToken } = await new RoleSessions({
    region,
    endpoint: runner.endpoint,
  }).credentials({ roleArn, sessionName: "GitHubActions", proof: { kind: "web-identity", token } });
  return {
    ...{ AWS_REGION: region, AWS_DEFAULT_REGION: region },
    ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken },
  };
}

function take(inputs: Readonly<Record<string, string>>, known: readonly string[]): Readonly<Record<string, string>> {
  const [unknown] = Object.keys(inputs).filter((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Error(`${unknown}: is an input that is not played`);
  }
  return inputs;
}
