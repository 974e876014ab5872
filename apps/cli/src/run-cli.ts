import { Argument, CommanderError, Option, Command as Program } from "commander";
import type { Command, CommandIo } from "./command.ts";
import { commands, groups } from "./commands.ts";
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
  const program = new Program("slipway")
    .description("Takes a serverless API to production by the book, and back again when the book says so.")
    .showHelpAfterError("(add --help for usage)")
    .showSuggestionAfterError()
    .exitOverride()
    // What a command takes, its own help says.
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
    });
  const parents = new Map<string, Program>();
  for (const command of commands) {
    const words = command.name.split(" ");
    const [group] = words.length > 1 ? words : [undefined];
    let parent = program;
    if (group !== undefined) {
      parent =
        parents.get(group) ??
        program
          .command(group)
          .description(groups[group] ?? "")
          .exitOverride();
      parents.set(group, parent);
    }
    declare(parent, words.at(-1) ?? "", command, async (options, args) => {
      failureCode = command.failureCode ?? 1;
      exitCode = await command.run(options as never, io, args);
    });
  }
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

function declare(
  parent: Program,
  word: string,
  command: Command,
  action: (options: object, args: readonly string[]) => Promise<void>,
): void {
  // In a list, what it does; its exit codes and exceptions, its own help says.
  const inShort = command.summary.split(/[;.] /)[0] ?? command.summary;
  const declared = parent.command(word).description(command.summary).summary(inShort).exitOverride();
  for (const { name, description, choices } of command.arguments ?? []) {
    const argument = new Argument(name, description);
    declared.addArgument(choices === undefined ? argument : argument.choices([...choices]));
  }
  for (const { flags, description, choices, default: byDefault } of command.options) {
    const option = new Option(flags, description);
    if (choices !== undefined) {
      option.choices([...choices]);
    }
    if (byDefault !== undefined) {
      option.default(byDefault);
    }
    declared.addOption(option);
  }
  if (command.examples !== undefined) {
    declared.addHelpText("after", `\nExamples:\n${command.examples.map((example) => `  ${example}\n`).join("")}`);
  }
  const positionals = command.arguments?.length ?? 0;
  declared.action(async (...all: unknown[]) => {
    // A variadic argument comes as a list of its own.
    const args = all
      .slice(0, positionals)
      .flat()
      .filter((value): value is string => typeof value === "string");
    await action(all[positionals] as object, args);
  });
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
