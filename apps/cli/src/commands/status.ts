import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import type { StatusReport } from "../status/status-report.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { escapeControlsInJson } from "../terminal/escape-controls.ts";

interface StatusOptions extends TargetOptions {
  readonly output?: "text" | "json";
}

const IN_ORDER = 0;
const NEEDS_SOMEBODY = 1;
const NOT_FOUND_OUT = 2;

/** `slipway status`: where an environment stands, at once. */
export const status: Command = {
  name: "status",
  summary:
    "say what runs, since when, where its API is, how it is, who is at it, and what is pending; exit code 1 when it needs somebody, 2 when something could not be looked at",
  failureCode: NOT_FOUND_OUT,
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [...TARGET_OPTIONS, OUTPUT_OPTION],
  examples: ["slipway status prod", "slipway status prod --local --output json"],
  json: { documents: ["status-report"] },
  async run(options: StatusOptions, io: CommandIo, [environment = ""]: readonly string[]): Promise<number> {
    const [
      { commandLedger },
      { warnOfGlass },
      { lookAtStatus },
      { openStatusReaders },
      { renderStatus },
      { environmentView },
    ] = await Promise.all([
      import("../ledger/command-ledger.ts"),
      import("../ledger/warn-of-glass.ts"),
      import("../status/look-at-status.ts"),
      import("../status/open-status-readers.ts"),
      import("../status/render-status.ts"),
      import("../target/environment-view.ts"),
    ]);
    const opened = await commandLedger(options, io, environment);
    const { config, target, ledger, clock, credentials } = opened;
    warnOfGlass(io.stderr, { repository: opened.repository, target, name: environment });
    const settings = config.environments[environment];
    if (settings === undefined) {
      throw new Error(`${environment} was in the configuration a moment ago`);
    }
    const { region, endpoint } = target;
    const { functions, alarms, close } = openStatusReaders({ region, endpoint, credentials });
    try {
      const report = await lookAtStatus(
        {
          ledger,
          view: () => environmentView({ config, environment, target, signal: io.signal }),
          functions,
          alarms,
        },
        {
          ...{ environment, config: settings, target: target.label, endpoint, flags: target.flags },
          ...{ now: clock.now(), signal: io.signal },
        },
      );
      io.stdout.write(
        options.output === "json"
          ? `${escapeControlsInJson(JSON.stringify(report))}\n`
          : renderStatus(report, target.flags, io.columns),
      );
      return exitCodeOf(report);
    } finally {
      close();
      opened.close();
    }
  },
};

function exitCodeOf({ functions, api, health, checkpoints, unfinished, lease, openIncidents }: StatusReport): number {
  const isMoved = !("unknown" in functions) && functions.some(({ expected }) => expected !== undefined);
  const isAlarming = !("unknown" in health) && health.alarming.length > 0;
  const isBad = checkpoints.some(({ state }) => state === "fail" || state === "overdue");
  // One that somebody is at needs nobody else.
  const isLeft = unfinished !== null && (unfinished.state === "paused" || lease?.state !== "held");
  const isUnanswered = openIncidents.some(({ state }) => state === "open");
  if (isMoved || isAlarming || isBad || isLeft || isUnanswered) {
    return NEEDS_SOMEBODY;
  }
  const isMissing = !("unknown" in health) && health.missing.length > 0;
  return "unknown" in functions || "unknown" in api || "unknown" in health || isMissing ? NOT_FOUND_OUT : IN_ORDER;
}
