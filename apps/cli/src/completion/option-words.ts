import type { CommandOption } from "../command.ts";

/** How an option is typed. */
export interface OptionWords {
  /** `--follow`, `-f`; the long one first. */
  readonly words: readonly string[];
  /** What stands for its value in help, without brackets: `format`; absent for a switch. */
  readonly value?: string;
  /** Whether several values may follow. */
  readonly isVariadic: boolean;
}

/** Takes an option's flags apart, which are in commander's notation: `-f, --follow`, `--check [ids...]`. */
export function optionWords({ flags }: Pick<CommandOption, "flags">): OptionWords {
  const words = flags.split(/[ ,|]+/).filter((word) => word.startsWith("-"));
  const value = /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1];
  return {
    words: words.toSorted((left, right) => right.length - left.length),
    ...(value === undefined ? {} : { value: value.replace(/\.\.\.$/, "") }),
    isVariadic: value?.endsWith("...") === true,
  };
}
