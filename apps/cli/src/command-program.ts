import { Argument, Option, Command as Program } from "commander";
import type { Command } from "./command.ts";
import { groups } from "./command-groups.ts";

/** Where the parser writes its help and its complaints. */
export interface ProgramOutput {
  writeOut(text: string): unknown;
  writeErr(text: string): unknown;
  /** How wide help may be; as wide as the terminal, or 80, unless given. */
  readonly columns?: number;
}

/** What is done with a command that was typed. */
export type CommandAction = (command: Command, options: object, args: readonly string[]) => Promise<void>;

/** The parser of what can be typed after `slipway`: it throws a CommanderError at what cannot, and after a help text. */
export function commandProgram(list: readonly Command[], output: ProgramOutput, act: CommandAction): Program {
  const program = new Program("slipway")
    .description("Takes a serverless API to production by the book, and back again when the book says so.")
    .showHelpAfterError("(add --help for usage)")
    .showSuggestionAfterError()
    .exitOverride()
    // What a command takes, its own help says.
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => output.writeOut(text),
      writeErr: (text) => output.writeErr(text),
      ...(output.columns !== undefined && {
        getOutHelpWidth: () => output.columns as number,
        getErrHelpWidth: () => output.columns as number,
      }),
    });
  const parents = new Map<string, Program>();
  for (const command of list) {
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
    declare(parent, words.at(-1) ?? "", command, act);
  }
  return program;
}

function declare(parent: Program, word: string, command: Command, act: CommandAction): void {
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
    await act(command, all[positionals] as object, args);
  });
}
