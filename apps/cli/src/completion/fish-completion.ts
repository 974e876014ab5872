import type { Command } from "../command.ts";
import { isVariadicArgument } from "./is-variadic-argument.ts";
import { optionWords } from "./option-words.ts";

/** A script for fish; see `bashCompletion`. */
export function fishCompletion(commands: readonly Command[], groups: Readonly<Record<string, string>>): string {
  const names = commands.map(({ name }) => name);
  const firsts = [...new Set(names.map((name) => name.split(" ")[0] ?? ""))];
  const summaryOf = (word: string) => groups[word] ?? commands.find(({ name }) => name === word)?.summary ?? "";
  return `# Completion of slipway for fish, made by: slipway completion fish
function __slipway_typed
  set -l words
  for word in (commandline -opc)[2..-1]
    string match -q -- '-*' $word; or set -a words $word
  end
  echo $words
end
function __slipway_is
  string match -q -- "$argv[1]" (__slipway_typed); or string match -q -- "$argv[1] *" (__slipway_typed)
end
complete -c slipway -f
${firsts.map((word) => `complete -c slipway -n 'test -z (__slipway_typed)' -a ${word} -d ${quoted(summaryOf(word))}`).join("\n")}
${commands.flatMap(linesOf).join("\n")}
`;
}

function linesOf({ name, summary, arguments: positionals = [], options }: Command): string[] {
  const [group, word] = name.split(" ");
  const here = `-n ${quoted(`__slipway_is '${name}'`)}`;
  return [
    ...(word === undefined
      ? []
      : [`complete -c slipway -n ${quoted(`test (__slipway_typed) = ${group}`)} -a ${word} -d ${quoted(summary)}`]),
    ...positionals.flatMap((argument, position) => {
      const values =
        argument.choices?.join(" ") ??
        (/environment/.test(argument.name) ? "(slipway completion --environments 2>/dev/null)" : "");
      const before = isVariadicArgument(argument.name) ? `{${position},}` : `{${position}}`;
      const fits = `string match -qr -- '^${name}( [^ ]+)${before}$' (__slipway_typed)`;
      return values === "" ? [] : [`complete -c slipway -n ${quoted(fits)} -a ${quoted(values)}`];
    }),
    ...options.map((option) => {
      const { words, value } = optionWords(option);
      const spelled = words.map((each) => (each.startsWith("--") ? `-l ${each.slice(2)}` : `-s ${each.slice(1)}`));
      const taken =
        value === undefined
          ? []
          : option.choices === undefined
            ? ["-r"]
            : ["-x", "-a", quoted(option.choices.join(" "))];
      return ["complete -c slipway", here, ...spelled, ...taken, "-d", quoted(option.description)].join(" ");
    }),
  ];
}

/** In single quotes, where fish knows but two escapes. */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
