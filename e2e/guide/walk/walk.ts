import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "vitest";
import { LocalAwsProcess } from "../../support/local-aws-process.ts";
import { ProgramError, type Ran } from "../../support/run-program.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { GuideShell } from "../guide-shell.ts";
import { oneLine } from "../one-line.ts";
import { Team } from "./team.ts";
import { Users } from "./users.ts";
import type { WalkedCommand } from "./walked-command.ts";

/** The longest that a command may take, on a machine that has other work. */
const MOST_MS = 1_500_000;
/** What a release says shortly before it waits for its users' requests. Before that it works, and a clock that runs ahead would make what it has seen old. */
const WAITING = /send .* of the traffic to the new version/;

/**
 * What a shell has besides what `slipway local env` gives it, so that commands work as they are written: AWS's names lead to local AWS, and the
 * time is that of the AWS that is asked, which is ahead where its clock was moved.
 */
const PROLOGUE = `
curl() {
  local words=() word
  for word in "$@"; do
    [[ $word =~ ^https://([a-z0-9]+)\\.execute-api\\.us-east-1\\.amazonaws\\.com(.*)$ ]] &&
      word="\${AWS_ENDPOINT_URL/127.0.0.1/\${BASH_REMATCH[1]}.execute-api.localhost}\${BASH_REMATCH[2]}"
    words+=("$word")
  done
  command curl --silent --show-error "\${words[@]}"
}
date() {
  local words=() at=now
  while (($#)); do
    if [[ $1 == -d ]]; then at=$2; shift; else words+=("$1"); fi
    shift
  done
  command date -d "$at $SECONDS_AHEAD seconds" "\${words[@]}"
}
`;

/** A walk through the guide: somebody who types its commands, one after the other, on a local AWS where prod is live. */
export class Walk {
  readonly localAws: LocalAwsProcess;
  readonly team: Team;
  readonly users: Users;
  /** What has been found out on the way. */
  readonly facts = new Map<string, string>();
  /** Ends a command that hangs. */
  hung: (() => void) | undefined;
  readonly #folder: { remove(): void };
  readonly #shell: GuideShell;
  /** Variables of the shell, as they were set. */
  readonly #variables = new Map<string, string>();
  readonly #moments = new Map<string, string>();
  #keyOfSam = "";
  #cwd: string;

  /** Takes prod to production as README.md says, which is before the guide. */
  static async open(): Promise<Walk> {
    const folder = temporaryFolder("guide-walk");
    const localAws = await LocalAwsProcess.start();
    try {
      const team = await Team.move(folder.path, localAws.port);
      const shell = await GuideShell.open(localAws, team.clone, { env: team.env, prologue: PROLOGUE });
      const walk = new Walk({ localAws, team, shell, folder });
      await walk.#goLive();
      return walk;
    } catch (error) {
      await localAws.stop();
      folder.remove();
      throw error;
    }
  }

  private constructor(place: {
    readonly localAws: LocalAwsProcess;
    readonly team: Team;
    readonly shell: GuideShell;
    readonly folder: { remove(): void };
  }) {
    this.localAws = place.localAws;
    this.team = place.team;
    this.#shell = place.shell;
    this.#folder = place.folder;
    this.#cwd = place.team.clone;
    this.users = new Users(this.localAws, () => this.url());
  }

  async #goLive(): Promise<void> {
    const { dataDir } = this.localAws;
    await this.must("npm run setup");
    await this.must("slipway rehearse prod --once");
    await this.must("terraform -chdir=infrastructure/environments/prod init -backend-config=backend.hcl");
    await this.#hire();
    // A rehearsal keeps the bootstrap's own state to itself; infrastructure/bootstrap/README.md moves it into its bucket.
    const state = join(dataDir, "state/rehearsal/infrastructure/bootstrap/terraform.tfstate");
    await this.must(`aws s3 cp ${quoted(state)} s3://terraform-state/bootstrap/terraform.tfstate`);
  }

  /** Sam comes to AWS under a name of his own: whose yes counts is told by that. */
  async #hire(): Promise<void> {
    const anything = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
    });
    await this.must("aws iam create-user --user-name sam");
    await this.must(`aws iam put-user-policy --user-name sam --policy-name all --policy-document ${quoted(anything)}`);
    const made = await this.must("aws iam create-access-key --user-name sam --query AccessKey");
    const { AccessKeyId, SecretAccessKey } = JSON.parse(made) as { AccessKeyId: string; SecretAccessKey: string };
    this.#keyOfSam = `export AWS_ACCESS_KEY_ID=${AccessKeyId} AWS_SECRET_ACCESS_KEY=${quoted(SecretAccessKey)}`;
  }

  /** Goes where blocks of commands begin. */
  toRoot(): void {
    this.#cwd = this.team.clone;
  }

  /**
   * Types a command of the guide, and checks what came of it.
   *
   * @param text as it stands in the guide
   */
  async take(step: WalkedCommand, text: string): Promise<void> {
    await step.arrange?.(this);
    const command = this.#filled(text, step.values?.(this) ?? {});
    const [, folder] = /^cd (\S+)$/.exec(command) ?? [];
    if (folder !== undefined) {
      this.#cwd = join(this.#cwd, folder);
      await step.proves(this.#cwd, this, { code: 0, stdout: "", stderr: "" });
      return;
    }
    const cwd = step.folder === undefined ? this.#cwd : join(this.team.clone, step.folder);
    if (step.until !== undefined) {
      const said = await this.#follow(command, cwd, step, step.until);
      await step.proves(said, this, { code: 0, stdout: said, stderr: "" });
      return;
    }
    const ran = withoutColours(await this.#run(command, cwd, step));
    const { code, stdout, stderr } = ran;
    expect([step.exit ?? 0].flat(), `${command} ended with ${code}\n${stdout}\n${stderr}`).toContain(code);
    // What AWS CLI says is JSON, or what was asked of it.
    await step.proves(command.startsWith("aws ") ? stdout : stdout + stderr, this, ran);
  }

  /** What somebody types besides. */
  async must(command: string, who: "jane" | "sam" = "jane"): Promise<string> {
    const ran = await this.#run(command, this.team.clone, { who });
    if (ran.code !== 0) {
      throw new ProgramError("bash", ["-c", command], ran);
    }
    return withoutColours(ran).stdout;
  }

  /** What a command of ours says as JSON. */
  async ask<T>(words: string): Promise<T> {
    return JSON.parse(await this.must(`slipway ${words} --output json`)) as T;
  }

  /** A fact that was found out before. @throws Error when it was not */
  fact(name: string): string {
    const value = this.facts.get(name);
    if (value === undefined) {
      throw new Error(`nothing has told ${name} yet`);
    }
    return value;
  }

  /** The newest release. */
  async newest(): Promise<string> {
    const { releases } = await this.ask<{ releases: { release: string }[] }>("history prod --limit 1");
    return releases[0]?.release ?? "";
  }

  /** The release that has the traffic. */
  async runs(): Promise<string> {
    return /^Runs +(r\d+)/m.exec(await this.must("slipway status prod || true"))?.[1] ?? "";
  }

  /** The version that users are sent to. */
  async live(): Promise<string> {
    const alias = "aws lambda get-alias --function-name api-handler-prod --name live --query FunctionVersion";
    return (await this.must(`${alias} --output text`)).trim();
  }

  /** Where the API answers. */
  async url(): Promise<string> {
    const apis = `aws apigateway get-rest-apis --query "items[?name=='items-api-prod'].id" --output text`;
    return this.localAws.stageUrl((await this.must(apis)).trim(), "prod");
  }

  /** Takes what is checked out to production, while users go on. */
  async goesLive(): Promise<void> {
    const { code, stdout, stderr } = await this.#run("slipway deploy prod", this.team.clone, { waits: true });
    expect(code, `${stdout}\n${stderr}`).toBe(0);
  }

  /** How many items are spoilt. */
  async spoiltItems(): Promise<number> {
    const filter = `--filter-expression 'description = :d' --expression-attribute-values '{":d":{"S":"spoilt"}}'`;
    return Number(await this.must(`aws dynamodb scan --table-name items-prod ${filter} --select COUNT --query Count`));
  }

  /** Keeps the moment, of AWS and of the repository, to come back to it. */
  async keep(name: string): Promise<void> {
    await this.localAws.control("POST", "snapshots", { name });
    this.#moments.set(name, this.team.git("rev-parse", "HEAD").trim());
  }

  /** Comes back to a moment: another night. */
  async backTo(name: string): Promise<void> {
    await this.localAws.control("POST", "restore", { name });
    this.team.checkOut(this.#moments.get(name) ?? "HEAD");
  }

  /** Starts a command that comes to no end: from when it has said something, it hangs. @returns ends it */
  async hang(command: string, said: RegExp): Promise<() => void> {
    const env = { ...this.#shell.environment, ...(await this.#env()) };
    const child = spawn("bash", ["-c", `exec ${command}`], { cwd: this.team.clone, env, detached: true });
    let text = "";
    await new Promise<void>((resolve, reject) => {
      const look = (chunk: Buffer) => {
        text += chunk.toString("utf8");
        if (said.test(text)) {
          resolve();
        }
      };
      child.stdout.on("data", look);
      child.stderr.on("data", look);
      child.once("close", () => reject(new Error(`it has said no more than:\n${text}`)));
    });
    const group = -(child.pid ?? 0);
    process.kill(group, "SIGSTOP");
    return () => {
      process.kill(group, "SIGKILL");
    };
  }

  async close(): Promise<void> {
    await this.localAws.stop();
    this.#folder.remove();
  }

  async #run(
    command: string,
    cwd: string,
    { who, waits, answer }: Pick<WalkedCommand, "who" | "waits" | "answer">,
  ): Promise<Ran> {
    const over = new AbortController();
    let users: Promise<void> | undefined;
    const hears = (text: string) => {
      if (WAITING.test(text)) {
        users ??= this.users.goOn(over.signal);
      }
    };
    try {
      const [, name, value] = /^([a-z_]+)=([\s\S]*)$/.exec(command) ?? [];
      // A variable is for what is typed after it.
      const typed = name === undefined ? command : `${name}=${value}\nprintf %s "$${name}"`;
      const env = await this.#env(who);
      const script = this.#script(answer === undefined ? typed : `script -qec ${quoted(typed)} /dev/null`, who);
      const input = answer === undefined ? {} : { input: `${answer}\n` };
      const ran = await this.#shell.run(script, {
        ...{ cwd, env, timeoutMs: MOST_MS },
        ...input,
        ...(waits === true && { hears }),
      });
      record(command, ran);
      if (name !== undefined) {
        this.#variables.set(name, ran.stdout);
      }
      return ran;
    } finally {
      over.abort();
      await users;
    }
  }

  async #follow(command: string, cwd: string, { who, waits, exit = 0 }: WalkedCommand, until: RegExp): Promise<string> {
    const env = await this.#env(who);
    const followed = this.#shell.follow(this.#script(`exec 2>&1\n${command}`, who), { cwd, env, timeoutMs: 600_000 });
    const over = new AbortController();
    const users = waits === true ? this.users.goOn(over.signal) : Promise.resolve();
    try {
      await followed.shows((lines) => until.test(stripVTControlCharacters(lines.join("\n"))));
    } finally {
      over.abort();
      await users;
    }
    const stdout = stripVTControlCharacters((await followed.interrupt([exit].flat())).join("\n"));
    record(command, { code: 0, stdout, stderr: "" });
    return stdout;
  }

  #filled(text: string, values: Readonly<Record<string, string>>): string {
    return Object.entries(values).reduce((command, [example, value]) => {
      if (!command.includes(example)) {
        throw new Error(`'${oneLine(text)}' has no '${example}'`);
      }
      return command.replaceAll(example, () => value);
    }, text);
  }

  #script(command: string, who: "jane" | "sam" = "jane"): string {
    const variables = [...this.#variables].map(([name, value]) => `${name}=${quoted(value)}`);
    return [...(who === "sam" ? [this.#keyOfSam] : []), ...variables, command].join("\n");
  }

  async #env(who: "sam" | "jane" = "jane"): Promise<NodeJS.ProcessEnv> {
    const { clockOffsetMs } = await this.localAws.control<{ clockOffsetMs: number }>("GET", "health");
    return { ...this.team.as(who), SECONDS_AHEAD: String(Math.round(clockOffsetMs / 1_000)) };
  }
}

/** Keeps what was typed and said, where somebody wants to read it. */
function record(command: string, { code, stdout, stderr }: Ran): void {
  const file = process.env.SLIPWAY_WALK_TRANSCRIPT;
  if (file !== undefined) {
    appendFileSync(file, `$ ${command}\n${stdout}${stderr}[${new Date().toISOString()}: ${code}]\n\n`);
  }
}

/** Terraform colours what it says wherever it says it. */
function withoutColours(ran: Ran): Ran {
  const plain = (text: string) => stripVTControlCharacters(text).replaceAll("\r\n", "\n");
  return { ...ran, stdout: plain(ran.stdout), stderr: plain(ran.stderr) };
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
