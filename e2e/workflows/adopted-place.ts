import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type GithubJob, githubTokenRequest } from "@slipway/local-aws";
import { outputsOf } from "../purpose-roles/state-outputs.ts";
import { gitEnvironment } from "../release/lab-repository.ts";
import { LocalAwsProcess } from "../support/local-aws-process.ts";
import { networkEnvironment } from "../support/network-environment.ts";
import { repositoryRoot } from "../support/repository.ts";
import type { Ran } from "../support/run-program.ts";
import { slipway } from "../support/slipway.ts";
import { AdoptedRepository } from "./adopted-repository.ts";
import { PlayedGithub } from "./played-github.ts";
import { Runner } from "./runner.ts";

const REPOSITORY = "example/items-api";
const ACCOUNT = "000000000000";
const AUDIT_ROLE = "github-audit";
/** Who is on call, and approves. */
const OPERATOR = `arn:aws:iam::${ACCOUNT}:role/on-call`;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A pull request: the commit of its author, and GitHub's merge of it with main. */
interface PullRequest {
  readonly number: number;
  readonly head: string;
  readonly merge: string;
}

/** All that a team has when it begins to release from GitHub Actions: the repository, GitHub, an account with the bootstrap, a runner. */
export class AdoptedPlace {
  readonly repository: AdoptedRepository;
  readonly localAws: LocalAwsProcess;
  readonly github: PlayedGithub;
  readonly runner: Runner;

  /**
   * Does what docs/github-actions.md says has to be set up, and rehearses staging, which brings the bootstrap with it.
   *
   * @throws Error with what was said, when it fails
   */
  static async open(): Promise<AdoptedPlace> {
    const repository = new AdoptedRepository();
    setUp(repository);
    const localAws = await LocalAwsProcess.start();
    await makeOperatorRole(localAws);
    const mint = async (job: GithubJob) => {
      const { token } = await localAws.control<{ token: string }>("POST", "tokens", githubTokenRequest(job));
      return token;
    };
    const github = await PlayedGithub.start(REPOSITORY, mint);
    const runner = new Runner({
      ...{ github, remote: repository.remote, endpoint: localAws.endpoint },
      network: await networkEnvironment(),
    });
    const place = new AdoptedPlace(repository, localAws, github, runner);
    const { code, stdout, stderr } = await place.type("rehearse", "staging", "--once", "--port", String(localAws.port));
    if (code !== 0) {
      await place.close();
      throw new Error(`slipway rehearse staging ended with ${code}:\n${stdout}${stderr}`);
    }
    await place.#moveBootstrapState();
    await makeAuditRole(localAws);
    return place;
  }

  private constructor(repository: AdoptedRepository, localAws: LocalAwsProcess, github: PlayedGithub, runner: Runner) {
    this.repository = repository;
    this.localAws = localAws;
    this.github = github;
    this.runner = runner;
  }

  /** The variables of the repository on GitHub. */
  get vars(): Readonly<Record<string, string | null>> {
    return {
      SLIPWAY_ROLE_ARNS: JSON.stringify(outputsOf(this.#bootstrapState).role_arns),
      AWS_REGION: null,
      SLIPWAY_AUDIT_ROLE_ARN: `arn:aws:iam::${ACCOUNT}:role/${AUDIT_ROLE}`,
      SLIPWAY_APPROVAL_WAIT_SECONDS: null,
    };
  }

  get #bootstrapState(): string {
    const { dataDir } = this.localAws;
    return readFileSync(join(dataDir, "state/rehearsal/infrastructure/bootstrap/terraform.tfstate"), "utf8");
  }

  /** As step 3 of the bootstrap's README does, where a rehearsal leaves the state in a file. */
  async #moveBootstrapState(): Promise<void> {
    const s3 = new S3Client({ ...this.localAws.client, forcePathStyle: true });
    const Bucket = String(outputsOf(this.#bootstrapState).state_bucket_name);
    await s3.send(new PutObjectCommand({ Bucket, Key: "bootstrap/terraform.tfstate", Body: this.#bootstrapState }));
    s3.destroy();
  }

  /** Jane types a command in her clone, on her own machine, for what runs there. */
  type(...words: readonly string[]): Promise<Ran> {
    return this.#type({}, words);
  }

  /** Users come for a while of local AWS's clock, which is moved on. */
  async users(environment: string, over: string, requests: number): Promise<void> {
    const words = ["local", "traffic", environment, "--over", over, "--requests", String(requests)];
    const { code, stderr } = await this.type(...words, "--port", String(this.localAws.port));
    if (code !== 0) {
      throw new Error(`slipway ${words.join(" ")} ended with ${code}:\n${stderr}`);
    }
  }

  /** Users come until a time of day has come, as `03:10`, and leave items that stay. */
  async usersUntil(environment: string, time: string, items: number): Promise<void> {
    const { stdout } = await this.type("status", environment, "--output", "json", "--port", String(this.localAws.port));
    const { api } = JSON.parse(stdout) as { readonly api: { readonly url: string } };
    for (let index = 0; index < items; index += 1) {
      const init = { method: "POST", headers: { "content-type": "application/json" } };
      const { status } = await fetch(`${api.url}/items`, { ...init, body: JSON.stringify({ name: `kept ${index}` }) });
      if (status !== 201) {
        throw new Error(`POST ${api.url}/items was answered ${status}`);
      }
    }
    const { clock } = await this.localAws.control<{ clock: string }>("GET", "clock");
    const wait = Date.parse(`${clock.slice(0, 10)}T${time}:00Z`) - Date.parse(clock);
    const minutes = Math.ceil((wait < 0 ? wait + DAY_MS : wait) / MINUTE_MS);
    await this.users(environment, `${minutes}m`, 100);
  }

  /** Octo Cat, who is on call, types one for AWS, under the role of who operates an environment. */
  async typeOnCall(environment: string, ...words: readonly string[]): Promise<Ran> {
    const { RoleSessions } = await import("@slipway/aws");
    const { region, endpoint, credentials } = this.localAws.client;
    const sessions = new RoleSessions({ region, endpoint });
    const onCall = await sessions.credentials({
      ...{ roleArn: OPERATOR, sessionName: "octocat", proof: { kind: "credentials", credentials } },
    });
    const { accessKeyId, secretAccessKey, sessionToken } = await sessions.credentials({
      roleArn: `arn:aws:iam::${ACCOUNT}:role/slipway-${environment}-operate`,
      ...{ sessionName: "octocat", proof: { kind: "credentials", credentials: onCall } },
    });
    return this.#type(
      {
        ...{ AWS_ENDPOINT_URL: endpoint, AWS_EC2_METADATA_DISABLED: "true" },
        ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken },
        ...{ GIT_AUTHOR_NAME: "Octo Cat", GIT_AUTHOR_EMAIL: "octocat@example.com" },
        ...{ GIT_COMMITTER_NAME: "Octo Cat", GIT_COMMITTER_EMAIL: "octocat@example.com" },
      },
      words,
    );
  }

  #type(env: NodeJS.ProcessEnv, words: readonly string[]): Promise<Ran> {
    const { clone } = this.repository;
    const own = { PATH: process.env.PATH, HOME: this.localAws.dataDir, ...gitEnvironment, ...env };
    return slipway(words, { cwd: clone, env: own, timeoutMs: 1_800_000 });
  }

  /** Commits what Jane has changed on a branch, as a pull request, which GitHub has merged for trying. */
  openPullRequest(number: number, message: string): PullRequest {
    const { repository } = this;
    repository.git("checkout", "--quiet", "-b", `change-${number}`);
    const head = repository.commit(message);
    repository.git("checkout", "--quiet", "main");
    repository.git("merge", "--quiet", "--no-ff", "--message", `Merge pull request #${number}`, `change-${number}`);
    const merge = repository.git("rev-parse", "HEAD");
    repository.push(`HEAD:refs/pull/${number}/merge`);
    return { number, head, merge };
  }

  /** Two people have read it, and it comes to main. */
  merge({ number, head, merge }: PullRequest): void {
    this.repository.push("HEAD:refs/heads/main");
    const reviews = ["octocat", "hubot"].map((login) => ({ login, state: "APPROVED" as const }));
    this.github.merged({ number, head, author: "jane", commits: [head, merge], reviews });
  }

  async close(): Promise<void> {
    this.runner.remove();
    await this.github.stop();
    await this.localAws.stop();
    this.repository.remove();
  }
}

/** The steps of docs/github-actions.md that are about files, and what a team answers for that no machine can. */
function setUp(repository: AdoptedRepository): void {
  const { clone } = repository;
  // A link is not the folder that .gitignore names, and would be a change that nobody has committed.
  writeFileSync(join(clone, ".git/info/exclude"), "node_modules\n");
  symlinkSync(join(repositoryRoot, "node_modules"), join(clone, "node_modules"));
  const expires = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  const waiver = (check: string, reason: string) =>
    `{ check: "checklist.${check}", by: "Octo Cat <octocat@example.com>", reason: "${reason}", expires: "${expires}" }`;
  const edits: readonly (readonly [from: string, to: string])[] = [
    [
      "      github_branch: github.branch,\n",
      `      github_branch: github.branch,\n      github_watch: true,\n      operator_principal_arns: ["${OPERATOR}"],\n`,
    ],
    [
      "    rules: [\n",
      `    rules: [\n      { type: "iam-role", name: "${AUDIT_ROLE}", reason: "made by hand, as docs/github-actions.md says" },\n      { type: "iam-role", name: "${nameOf(OPERATOR)}", reason: "of who is on call" },\n`,
    ],
    [
      '{ dev: "*", staging: "*", prod: "*" }',
      '{ dev: "*", staging: "https://app.example.com", prod: "https://app.example.com" }',
    ],
    [
      "    accepted: [\n",
      `    accepted: [\n      { finding: "exposure.unauthenticated-api", address: "module.items.module.api.aws_api_gateway_rest_api.this", root: "environments/prod", reason: "what is in it is made up" },\n`,
    ],
    // The suite would be run by what it runs; the pull request has been linted; and to apply three environments for each release of one is a
    // test of its own: whether that is well is not found out (2) here, and waived below.
    [
      "  checklist: {\n",
      `  checklist: {\n    tests: ["npm", "test", "--", "tools/lock-file.test.ts"],\n    coverage: { command: ["npm", "run", "test:coverage", "--", "packages/release-plan", "--coverage.include=packages/release-plan/src/**/*.ts", "--coverage.thresholds.lines=0"] },\n    lint: ["npm", "exec", "--", "biome", "check", "slipway.config.ts", "apps/api-handler"],\n    validateInfrastructure: ["node", "--eval", "process.exitCode = 2"],\n`,
    ],
    [
      "      ...release,\n",
      `      ...release,\n      approvals: { infrastructure: name === "prod" ? 1 : 0 },\n      waivers: [\n        ${[
        waiver("signed-commits", "GitHub signs what it merges, and nobody else pushes to main"),
        waiver("recovery-tested", "the nightly drill has not run yet"),
        waiver("infrastructure-scripts", "found out once for all releases of a day"),
        waiver("audit", "looked at by hand, since the registry may be out of reach"),
      ].join(",\n        ")},\n      ],\n`,
    ],
  ];
  for (const [from, to] of edits) {
    repository.edit("slipway.config.ts", from, to);
  }
  // As whoever edits it would: the pull request is linted.
  execFileSync(join(repositoryRoot, "node_modules/.bin/biome"), ["check", "--write", "slipway.config.ts"], {
    ...{ cwd: clone, stdio: "pipe" },
  });
  repository.commit("Set up what GitHub Actions need");
  repository.push("HEAD:refs/heads/main");
}

/** Roles of the team's own, made by who administers the account. */
async function makeRole(localAws: LocalAwsProcess, name: string, trust: object, policy?: object): Promise<void> {
  const iam = new IAMClient(localAws.client);
  const document = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: document(trust) }));
  if (policy !== undefined) {
    await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "own", PolicyDocument: document(policy) }));
  }
  iam.destroy();
}

/** People on call come under it, by whatever way the account lets people in. */
async function makeOperatorRole(localAws: LocalAwsProcess): Promise<void> {
  const principal = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
  await makeRole(localAws, nameOf(OPERATOR), { Effect: "Allow", Action: "sts:AssumeRole", Principal: principal });
}

/** `SLIPWAY_AUDIT_ROLE_ARN`: "a role of your own that may read all of the account". */
async function makeAuditRole(localAws: LocalAwsProcess): Promise<void> {
  const issuer = "token.actions.githubusercontent.com";
  const services = ["cloudwatch", "dynamodb", "iam", "kms", "lambda", "logs", "s3", "scheduler", "sns", "sqs", "tag"];
  const reads = services.flatMap((service) => ["Describe", "Get", "List"].map((verb) => `${service}:${verb}*`));
  const trust = {
    ...{ Effect: "Allow", Action: "sts:AssumeRoleWithWebIdentity" },
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}` },
    Condition: {
      StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com" },
      StringLike: { [`${issuer}:sub`]: `repo:${REPOSITORY}:*` },
    },
  };
  await makeRole(localAws, AUDIT_ROLE, trust, {
    Effect: "Allow",
    Action: [...reads, "apigateway:GET", "kms:Decrypt", "logs:FilterLogEvents"],
    Resource: "*",
  });
}

function nameOf(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf("/") + 1);
}
