import { CommanderError } from "commander";
import type { CommandIo } from "./command.ts";
import { commandProgram } from "./command-program.ts";
import { commands } from "./commands.ts";
import { escapeControls } from "./terminal/escape-controls.ts";

/**
 * Parses the words after `slipway`, runs the command, and turns what it throws into a message and an exit code.
 *
 * @returns 0 success; 1 failure; 2 wrong usage, or a failure of a command whose 1 is a finding; 130 interrupted before the end;
 *   other codes as the command documents them
 */
export async function runCli(argv: readonly string[], io: CommandIo): Promise<number> {
  let exitCode = 0;
  let failureCode = 1;
  const output = {
    writeOut: (text: string) => io.stdout.write(text),
    writeErr: (text: string) => io.stderr.write(text),
    columns: io.columns,
  };
  const program = commandProgram(commands, output, async (command, options, args) => {
    failureCode = command.failureCode ?? 1;
    exitCode = await command.run(options as never, io, args);
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 || error.code === "commander.help" ? 0 : 2;
    }
    return await reportFailure(error, io, failureCode);
  }
}

/** What shells say of a command that Ctrl-C ended. */
const INTERRUPTED = 130;

/** Names of the errors that are messages to people: theirs, not bugs of ours. */
const EXPECTED = new Set([
  "UserError",
  "LocalAwsError",
  "StoreError",
  "SetupError",
  "ReleaseError",
  "ConfigError",
  "AwsError",
]);

/** Whatever has gone wrong, wherever: this is the last that is said, and it has no secrets in it. */
async function reportFailure(thrown: unknown, io: CommandIo, failureCode: number): Promise<number> {
  // Loaded now, because nothing else of `slipway --help` needs it.
  const { createRedactor, learnEnvironment, redactedError } = await import("@slipway/release-engine");
  const redactor = createRedactor();
  learnEnvironment(redactor, io.env);
  const error = redactedError(redactor, thrown);
  if (error instanceof Error && EXPECTED.has(error.name)) {
    // It may have in it what AWS, a log or a file says: a terminal must not do that.
    io.stderr.write(`slipway: ${escapeControls(error.message, { lines: true })}\n`);
    return io.signal.aborted ? INTERRUPTED : failureCode;
  }
  if (io.signal.aborted && error instanceof Error && error.name === "AbortError") {
    io.stderr.write("slipway: interrupted.\n");
    return INTERRUPTED;
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(
    `slipway: this is a bug of Slipway, not yours. Please report it with the lines below.\n\n${details}\n`,
  );
  return failureCode;
}
