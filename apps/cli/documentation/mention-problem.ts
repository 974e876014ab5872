import type { Command } from "../src/command.ts";

/**
 * Whether a command that a text mentions is there, with the flags that it is mentioned with. A mention need not be whole: it may lack
 * arguments, and have `[optional]` ones, `...` and words with `|` between them.
 *
 * @param text - `slipway rollback ENV [code] [--to RELEASE]`
 * @returns what is wrong; undefined where nothing is, or it mentions no command of ours
 */
export function mentionProblem(text: string, known: readonly Command[]): string | undefined {
  const [, rest] = /^(?:npx )?slipway ([a-z].*)$/.exec(text) ?? [];
  if (rest === undefined) {
    return undefined;
  }
  const [words = ""] = rest.split(" | ");
  const [first = "", second = ""] = words.split(" ");
  const own = known.filter(({ name }) => name === first);
  const group = known.filter(({ name }) => name.startsWith(`${first} `));
  const meant =
    own.length > 0 ? own : group.filter(({ name }) => second.split("|").includes(name.slice(first.length + 1)));
  if (meant.length === 0 && (group.length === 0 || /^[a-z]/.test(second))) {
    return `there is no slipway ${first} ${second}`.trimEnd();
  }
  const flags = new Set(
    meant.flatMap(({ options }) => options.flatMap((option) => option.flags.match(/--[a-z-]+/g) ?? [])),
  );
  const stray = (withoutQuotes(words).match(/(?<=^|[ [])--[a-z-]+/g) ?? []).find(
    (flag) => flag !== "--help" && !flags.has(flag),
  );
  return stray === undefined ? undefined : `slipway ${meant[0]?.name ?? first} has no ${stray}`;
}

function withoutQuotes(text: string): string {
  return text.replaceAll(/"[^"]*"|'[^']*'/g, "");
}
