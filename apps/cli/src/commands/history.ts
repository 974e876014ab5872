import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { escapeControlsInJson } from "../terminal/escape-controls.ts";
import { UserError } from "../user-error.ts";

interface HistoryOptions extends TargetOptions {
  readonly limit: string;
  readonly output?: "text" | "json";
}

const DEFAULT_LIMIT = "20";

/** `slipway history`: what was released, by whom, and what became of it; and what else was done. */
export const history: Command = {
  name: "history",
  summary: "list the releases of an environment, and its backups and restores beside them, the newest first",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [
    { flags: "--limit <n>", description: "how many at most", default: DEFAULT_LIMIT },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: ["slipway history prod", "slipway history prod --local --limit 3 --output json"],
  json: { documents: ["release-history"] },
  async run(options: HistoryOptions, io: CommandIo, [environment = ""]: readonly string[]): Promise<number> {
    const limit = limitOf(options.limit);
    const [{ commandLedger }, { latestReleases }, { operationsOf }, { historyJson, renderHistory }] = await Promise.all(
      [
        import("../ledger/command-ledger.ts"),
        import("../ledger/latest-releases.ts"),
        import("../ledger/operations-of.ts"),
        import("../ledger/render-history.ts"),
      ],
    );
    const { ledger, target, close } = await commandLedger(options, io, environment);
    try {
      // One more than are shown says whether there are more.
      const { records, entries } = await latestReleases(ledger, ({ length }) => length > limit, io.signal);
      const releases = records.slice(-limit).toReversed();
      // Where there are older releases, what was done before the oldest of those that are shown is older, too.
      const oldest =
        records.length > limit ? entries.find(({ release }) => release === releases.at(-1)?.id) : undefined;
      const operations = operationsOf(entries).filter(({ sequence }) => sequence > (oldest?.sequence ?? 0));
      const shown = {
        ...{ environment, target: target.label, flags: target.flags },
        ...{ releases, operations: operations.slice(-limit).toReversed() },
        isCut: records.length > limit || operations.length > limit,
      };
      io.stdout.write(
        options.output === "json"
          ? `${escapeControlsInJson(JSON.stringify(historyJson(shown)))}\n`
          : renderHistory(shown, io.columns),
      );
      return 0;
    } finally {
      close();
    }
  },
};

function limitOf(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
    throw new UserError(`--limit: '${text}' is no number from 1 to 10000.`);
  }
  return limit;
}
