import type { Command, CommandOption } from "../command.ts";

/**
 * The manual page of `slipway`, as man(1) reads it: every command with its arguments, options and examples, of the table that parses them.
 *
 * @see https://man7.org/linux/man-pages/man7/man.7.html
 */
export function manPage(commands: readonly Command[], groups: Readonly<Record<string, string>>): string {
  return [
    '.TH SLIPWAY 1 "" "Slipway" "User Commands"',
    ...[".SH NAME", "slipway \\- takes a serverless API to production by the book, and back again"],
    ...[".SH SYNOPSIS", ".B slipway", ".I command", "[arguments] [options]"],
    ".SH DESCRIPTION",
    roff("Everything that can be typed, with what comes of it. Results go to stdout, everything else to stderr."),
    ".SH COMMANDS",
    ...commands.flatMap(commandLines),
    ".SH GROUPS",
    ...Object.entries(groups).flatMap(([name, about]) => [".TP", `.B ${roff(name)}`, roff(about)]),
    ".SH EXIT STATUS",
    ...EXIT_CODES.flatMap(([code, when]) => [".TP", `.B ${code}`, roff(when)]),
    roff("Commands that look at something have codes of their own, which their summaries say."),
    ".SH ENVIRONMENT",
    ...VARIABLES.flatMap(([name, about]) => [".TP", `.B ${name}`, roff(about)]),
    ".SH FILES",
    ...[".TP", ".I slipway.config.ts", "what is released, and how; searched for from the working folder upwards"],
    ...[".TP", ".I .slipway/", "what set-up found, local AWS, plans that wait for an apply"],
    "",
  ].join("\n");
}

const EXIT_CODES: readonly (readonly [string, string])[] = [
  ["0", "done, or nothing to do"],
  ["1", "failed, or a bad finding; the message says what, why, and what to type"],
  ["2", "wrong usage, or something could not be found out"],
  ["3", "it waits for people"],
  ["130", "interrupted; what was begun can be resumed"],
];

const VARIABLES: readonly (readonly [string, string])[] = [
  ["SLIPWAY_LOCAL_PORT", "port of local AWS for every command without --port"],
  ["NO_COLOR", "no colours"],
];

function commandLines({ name, summary, arguments: positionals = [], options, examples = [] }: Command): string[] {
  const words = [name, ...positionals.map((each) => each.name), ...(options.length === 0 ? [] : ["[options]"])];
  return [
    `.SS "${roff(`slipway ${words.join(" ")}`)}"`,
    roff(sentence(summary)),
    ...positionals.flatMap((each) => [".TP", `.I ${roff(each.name)}`, roff(described(each.description, each.choices))]),
    ...options.flatMap(optionLines),
    ...(examples.length === 0
      ? []
      : [".PP", "Examples:", ".nf", ...examples.map((each) => roff(`    ${each}`)), ".fi"]),
  ];
}

function optionLines({ flags, description, choices, default: byDefault }: CommandOption): string[] {
  const text = described(description, choices, byDefault);
  return [".TP", `.B ${roff(flags)}`, roff(text)];
}

function described(text: string, choices?: readonly string[], byDefault?: string | boolean): string {
  const notes = [
    ...(choices === undefined ? [] : [`one of ${choices.join(", ")}`]),
    ...(byDefault === undefined ? [] : [`by default ${byDefault}`]),
  ];
  return notes.length === 0 ? text : `${text} (${notes.join("; ")})`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Text that roff takes for text: its hyphens are those that can be copied, and no line of it is a request. */
function roff(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll('"', "\\(dq")
    .replace(/^([.'])/gm, "\\&$1");
}
