import { parseArgs } from "node:util";

/** What was typed after `npm run bench --`. */
export interface BenchOptions {
  /** Names of the benchmarks to run; all of them when empty. */
  readonly only: readonly string[];
  readonly quick: boolean;
  readonly rounds: number | undefined;
  readonly output: "text" | "json";
  readonly help: boolean;
}

/** Something that was typed makes no sense; the message says what would. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const largestRounds = 1000;

/**
 * Reads the words after `npm run bench --`.
 *
 * @param names - the benchmarks that there are
 * @throws UsageError for an unknown flag or name, or a value that is none
 */
export function parseBenchOptions(words: readonly string[], names: readonly string[]): BenchOptions {
  const { only = [], quick = false, rounds, output = "text", help = false } = readFlags(words);
  const asked = only.flatMap((each) => each.split(","));
  const unknown = asked.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--only: there is no benchmark '${unknown}'. There are: ${names.join(", ")}.`);
  }
  if (output !== "text" && output !== "json") {
    throw new UsageError(`--output: '${output}' is no format. Give text or json.`);
  }
  const wanted = rounds === undefined ? undefined : Number(rounds);
  if (wanted !== undefined && !(/^\d+$/.test(rounds ?? "") && wanted >= 1 && wanted <= largestRounds)) {
    throw new UsageError(`--rounds: '${rounds}' is no number of rounds. Give one from 1 to ${largestRounds}.`);
  }
  return { only: asked, quick, rounds: wanted, output, help };
}

function readFlags(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        only: { type: "string", multiple: true },
        quick: { type: "boolean" },
        rounds: { type: "string" },
        output: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.split(". ")[0] : String(cause);
    throw new UsageError(`${said}. Type npm run bench -- --help for what there is.`, { cause });
  }
}
