import type { Command, CommandOption } from "../src/command.ts";
import { groups } from "../src/command-groups.ts";
import { markdownTable } from "./markdown-table.ts";

/** Where {@link cliReference} is kept, from the repository's root. */
export const CLI_REFERENCE = "docs/reference/cli.md";

/** Every command with its arguments, options and examples: what `--help` says, as a page. */
export function cliReference(commands: readonly Command[]): string {
  const groupsThere = [
    ...new Set(commands.flatMap(({ name }) => (name.includes(" ") ? [name.split(" ")[0] ?? ""] : []))),
  ];
  const contents = commands.map(({ name, summary }) => [
    `[\`slipway ${name}\`](#slipway-${name.replaceAll(" ", "-")})`,
    summary,
  ]);
  return `<!-- Made by \`npm run docs\` from apps/cli/src/commands; a test says when it is out of date. -->

# The command line

Everything that can be typed after \`slipway\`; in a clone of this repository it is \`npx slipway\`. \`slipway COMMAND --help\` says the same.
Exit codes are in [CONFIGURATION.md](../../CONFIGURATION.md#exit-codes-of-slipway).

${markdownTable(["command", "what it does"], contents)}

Groups: ${groupsThere.map((group) => `\`slipway ${group}\`, ${groups[group]}`).join("; ")}.

${commands.map(sectionOf).join("\n")}`;
}

function sectionOf(command: Command): string {
  const { name, summary, arguments: args = [], options, examples = [] } = command;
  const usage = [`slipway ${name}`, "[options]", ...args.map((each) => each.name)].join(" ");
  const choices = (each: { readonly choices?: readonly string[] }) =>
    each.choices === undefined ? "" : `; one of ${each.choices.map((choice) => `\`${choice}\``).join(", ")}`;
  const parts = [
    `## \`slipway ${name}\``,
    `${capital(summary)}.`,
    `\`\`\`text\n${usage}\n\`\`\``,
    args.length === 0
      ? undefined
      : markdownTable(
          ["argument", "what"],
          args.map((each) => [`\`${each.name}\``, `${plain(each.description)}${choices(each)}`]),
        ),
    options.length === 0
      ? undefined
      : markdownTable(
          ["option", "default", "what"],
          options.map((each) => [`\`${each.flags}\``, defaultOf(each), `${plain(each.description)}${choices(each)}`]),
        ),
    examples.length === 0 ? undefined : `\`\`\`bash\n${examples.join("\n")}\n\`\`\``,
  ];
  return `${parts.filter((part) => part !== undefined).join("\n\n")}\n`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${plain(text.slice(1))}`;
}

/** What Markdown would take for markup. */
function plain(text: string): string {
  return text.replaceAll(/[<>*_[\]]/g, "\\$&");
}

function defaultOf({ default: byDefault }: CommandOption): string {
  return byDefault === undefined ? "" : `\`${byDefault}\``;
}
