import { delimiter, dirname } from "node:path";
import { findAwsCli } from "../support/aws-cli.ts";
import type { LocalAwsProcess } from "../support/local-aws-process.ts";
import { ProgramError, type Ran, type RunOptions, runProgram } from "../support/run-program.ts";
import { mustSlipway } from "../support/slipway.ts";
import { FollowedCommand } from "./followed-command.ts";

/** How many commands run at a time: the CLI needs a second of a core to start. */
const AT_A_TIME = 3;

/** What one command has otherwise than the shell; variables besides those of the shell. */
export type CommandOptions = Pick<RunOptions, "cwd" | "env" | "timeoutMs" | "input" | "hears">;

/** A shell in which `aws` is the CLI and speaks to one local AWS, as whoever evaluates `slipway local env` has it. */
export class GuideShell {
  readonly #prologue: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #cwd: string;
  readonly #waiting: (() => void)[] = [];
  #free = AT_A_TIME;

  /**
   * @param cwd - where commands find the files that they name
   * @param own - variables in the place of those that there are, and what is evaluated in the beginning
   */
  static async open(
    localAws: LocalAwsProcess,
    cwd: string,
    own: { readonly env?: NodeJS.ProcessEnv; readonly prologue?: string } = {},
  ): Promise<GuideShell> {
    const [program, prologue] = await Promise.all([
      findAwsCli(),
      mustSlipway(["local", "env", "--port", String(localAws.port)]),
    ]);
    const path = program.includes("/") ? `${dirname(program)}${delimiter}${process.env.PATH}` : process.env.PATH;
    // Unbuffered, so that a pipe gets lines when a terminal would.
    const env = { ...localAws.env, PATH: path, PYTHONUNBUFFERED: "1", ...own.env };
    return new GuideShell(`${prologue}\n${own.prologue ?? ""}`, env, cwd);
  }

  private constructor(prologue: string, env: NodeJS.ProcessEnv, cwd: string) {
    this.#prologue = prologue;
    this.#env = env;
    this.#cwd = cwd;
  }

  /** The variables that it has besides those of `slipway local env`. */
  get environment(): NodeJS.ProcessEnv {
    return this.#env;
  }

  /** Runs a command whatever comes of it. */
  async run(command: string, options: CommandOptions = {}): Promise<Ran> {
    await this.#enter();
    try {
      return await runProgram("bash", ["-c", this.#script(command)], this.#of(options));
    } finally {
      this.#leave();
    }
  }

  /**
   * Runs a command that has to succeed, and gives what it printed.
   *
   * @throws ProgramError with everything it said
   */
  async text(command: string): Promise<string> {
    const ran = await this.run(command);
    if (ran.code !== 0) {
      throw new ProgramError("bash", ["-c", command], ran);
    }
    return ran.stdout;
  }

  /** Like {@link GuideShell.text}, for commands that print JSON. */
  async json<T>(command: string): Promise<T> {
    return JSON.parse(await this.text(command)) as T;
  }

  /** Starts a command that does not end by itself. */
  follow(command: string, options: CommandOptions = {}): FollowedCommand {
    const { timeoutMs, env, cwd } = this.#of(options);
    return new FollowedCommand(this.#script(command), { env, cwd }, timeoutMs);
  }

  #of({ cwd = this.#cwd, env = {}, ...others }: CommandOptions) {
    return { ...others, cwd, env: { ...this.#env, ...env } };
  }

  #script(command: string): string {
    return `${this.#prologue}\n${command}\n`;
  }

  async #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#free++;
    } else {
      next();
    }
  }
}
