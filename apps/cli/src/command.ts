import type { DocumentName } from "@slipway/contracts/documents";

/** An option of a command, in commander's notation. */
export interface CommandOption {
  /** `--port <n>`, `--once`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly default?: string | boolean;
}

/** A positional argument: `<name>` is required, `[name]` is not. */
export interface CommandArgument {
  readonly name: string;
  readonly description: string;
  readonly choices?: readonly string[];
}

/** The world of a command; tests hand in their own. */
export interface CommandIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** True when stderr is a terminal that control codes may be sent to. */
  readonly isTty: boolean;
  /** True when stdout is a terminal that control codes may be sent to; a result that is piped or kept must not have any. */
  readonly isStdoutTty?: boolean;
  /** Aborted when whoever read stdout has gone, as `| head` does: nobody sees what else would be written. */
  readonly stdoutClosed?: AbortSignal;
  /** Width of that terminal. */
  readonly columns: number;
  /** Asks whoever sits at the terminal; absent where nobody does. `undefined`: the question was broken off. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}

/** What a command prints with `--output json`. Its schemas are named only: `slipway --help` should not wait for them. */
export interface JsonOutput {
  /** Names of documents, each of which is one of what it prints. */
  readonly documents: readonly [DocumentName, ...DocumentName[]];
  /** Where it prints several, one a line (JSON Lines): when, and which. */
  readonly lines?: string;
}

/** A command: plain data and one function. */
export interface Command {
  /** Words to type after `slipway`. */
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly CommandArgument[];
  readonly options: readonly CommandOption[];
  readonly examples?: readonly string[];
  /** Exit code when it throws: 1, unless 1 is a finding of this command. */
  readonly failureCode?: number;
  /** Absent where there is no `--output json`: `commands-without-json.ts` says why. */
  readonly json?: JsonOutput;
  /** @returns the exit code */
  run(options: never, io: CommandIo, args: readonly string[]): Promise<number>;
}

/** The option that every command with a result has. */
export const OUTPUT_OPTION: CommandOption = {
  flags: "--output <format>",
  description: "text, or one JSON document on stdout",
  choices: ["text", "json"],
  default: "text",
};
