import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { checkTimeRange, MOMENT_HELP } from "../parse-time-range.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { escapeControlsInJson } from "../terminal/escape-controls.ts";

interface StatsOptions extends TargetOptions {
  readonly since?: string;
  readonly output?: "text" | "json";
}

/** `slipway incident stats`: how often there are incidents, and how long they take. */
export const incidentStats: Command = {
  name: "incident stats",
  summary:
    "say how often there are incidents, and how long it takes to detect, acknowledge, mitigate and resolve them: median and 90th percentile, by severity",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [
    { flags: "--since <time>", description: `those that were opened since then: ${MOMENT_HELP} (default: all)` },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: ["slipway incident stats prod", "slipway incident stats prod --since 90d --output json"],
  json: { documents: ["incident-statistics"] },
  async run(options: StatsOptions, io: CommandIo, [environment = ""]: readonly string[]): Promise<number> {
    const { since: typed, output } = options;
    // What is typed wrong should be said at once.
    checkTimeRange({ ...(typed === undefined ? {} : { since: typed }) });
    const [{ commandLedger }, { incidentStatistics }, { renderStatistics }, { parseTimeRange }] = await Promise.all([
      import("../ledger/command-ledger.ts"),
      import("@slipway/release-engine"),
      import("../incidents/postmortem/render-statistics.ts"),
      import("../parse-time-range.ts"),
    ]);
    const { ledger, target, clock, close } = await commandLedger(options, io, environment);
    try {
      const now = clock.now();
      const since = typed === undefined ? undefined : parseTimeRange({ since: typed }, 0, now).from;
      const entries = await ledger.read(io.signal);
      const question = { environment, now, ...(since === undefined ? {} : { since }) };
      const statistics = incidentStatistics(entries, question);
      io.stdout.write(
        output === "json"
          ? `${escapeControlsInJson(JSON.stringify(statistics))}\n`
          : renderStatistics(statistics, target.label),
      );
      return 0;
    } finally {
      close();
    }
  },
};
