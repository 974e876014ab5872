import type { Command } from "../command.ts";
import { isVariadicArgument } from "./is-variadic-argument.ts";
import { optionWords } from "./option-words.ts";

/** What a value may be, where that is known: words to choose from, a file, an environment of the configuration; nothing otherwise. */
const FILE = "<file>";
const ENVIRONMENT = "<environment>";

/**
 * A script for bash that completes commands, options, and values that are known. Environments are asked of `slipway` itself, because
 * they stand in the repository's configuration.
 *
 * @param shell whose script it is: zsh runs bash's
 */
export function bashCompletion(commands: readonly Command[], shell: "bash" | "zsh" = "bash"): string {
  const names = commands.map(({ name }) => name);
  const groups = unique(names.filter((name) => name.includes(" ")).map(firstWord));
  const ofGroup = groups.map((group) => {
    const inGroup = names.filter((name) => name.startsWith(`${group} `)).map((name) => name.slice(group.length + 1));
    return `    "${group} 0") words="${inGroup.join(" ")}" ;;`;
  });
  return `# Completion of slipway for ${shell}, made by: slipway completion ${shell}
${shell === "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : ""}
_slipway() {
  local current="\${COMP_WORDS[COMP_CWORD]}"
  local command="" options="" valued="" variadic="" words="" option="" position=0 index word
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    if [[ $word == -* ]]; then
      option="$word"
    elif [[ -n $option && " $valued " == *" $option "* ]]; then
      # Its value; more may follow only where it takes several.
      [[ " $variadic " == *" $option "* ]] || option=""
    elif [[ -z $command ]]; then
      command="$word"
    elif [[ " ${groups.join(" ")} " == *" $command "* ]]; then
      command="$command $word"
    else
      position=$((position + 1))
    fi
    _slipway_options
  done
  _slipway_options
  case "$command $position" in
    " 0") words="${unique(names.map(firstWord)).join(" ")}" ;;
${ofGroup.join("\n")}
${commands.flatMap(positionalCases).join("\n")}
  esac
  if [[ $current == -* ]]; then
    words="$options --help"
  elif [[ -n $option && " $valued " == *" $option "* ]]; then
    words=""
    case "$command $option" in
${commands.flatMap(valueCases).join("\n")}
    esac
  fi
  if [[ $words == "${ENVIRONMENT}" ]]; then
    words="$(slipway completion --environments 2>/dev/null)"
  fi
  if [[ $words == "${FILE}" ]]; then
    COMPREPLY=($(compgen -f -- "$current"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}

# Sets options, valued (those that take a value) and variadic (those that take several), for the command so far.
_slipway_options() {
  case "$command" in
${commands.map(optionCase).join("\n")}
  esac
}

complete -F _slipway slipway
`;
}

function optionCase({ name, options }: Command): string {
  const all = options.map(optionWords);
  const valued = all.filter(({ value }) => value !== undefined);
  const variadic = all.filter(({ isVariadic }) => isVariadic);
  const words = (of: typeof all) => of.flatMap((each) => each.words).join(" ");
  return `    "${name}") options="${words(all)}"; valued="${words(valued)}"; variadic="${words(variadic)}" ;;`;
}

/** The first that fits is taken: what is variadic stands for its own place and all after it. */
function positionalCases({ name, arguments: positionals = [] }: Command): string[] {
  return positionals.map(({ name: argument, choices }, position) => {
    const words = choices?.join(" ") ?? (isEnvironment(argument) ? ENVIRONMENT : "");
    return `    "${name} "${isVariadicArgument(argument) ? "*" : position}) words="${words}" ;;`;
  });
}

function valueCases({ name, options }: Command): string[] {
  return options.flatMap((option) => {
    const { words, value = "" } = optionWords(option);
    const known =
      option.choices?.join(" ") ??
      (isEnvironment(value) ? ENVIRONMENT : /^(file|dir|folder|path)$/.test(value) ? FILE : undefined);
    return known === undefined ? [] : words.map((word) => `      "${name} ${word}") words="${known}" ;;`);
  });
}

/** `<environment>`, `[environment]`, `environment`. */
function isEnvironment(name: string): boolean {
  return /^[<[]?(environment|env)[\]>]?$/.test(name);
}

function firstWord(name: string): string {
  return name.split(" ")[0] ?? name;
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}
