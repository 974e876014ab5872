import type { AlarmState } from "@slipway/release-engine";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { checkTimeRange, MOMENT_HELP, parseTimeRange } from "../parse-time-range.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { UserError } from "../user-error.ts";

interface AlarmsOptions extends TargetOptions {
  readonly state?: AlarmState;
  readonly history?: boolean;
  readonly since?: string;
  readonly output?: "text" | "json";
}

/** CloudWatch keeps what happened to alarms for 30 days. */
const DEFAULT_SINCE = "7d";

const QUIET = 0;
const ALARMING = 1;
const NOT_FOUND_OUT = 2;

/** `slipway alarms`: what has gone off, and what watches. */
export const alarms: Command = {
  name: "alarms",
  summary: "show the alarms of an environment, the worst first; exit code 0 quiet, 1 in ALARM, 2 not found out",
  failureCode: NOT_FOUND_OUT,
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    { name: "[name]", description: "an alarm's name, or a part of some (default: all)" },
  ],
  options: [
    ...TARGET_OPTIONS,
    { flags: "--state <state>", description: "only these", choices: ["ALARM", "INSUFFICIENT_DATA", "OK"] },
    { flags: "--history", description: "tell what happened to them, too: changes of state, and who was told" },
    { flags: "--since <time>", description: `with --history, since when: ${MOMENT_HELP} (default: ${DEFAULT_SINCE})` },
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway alarms prod",
    "slipway alarms prod --state ALARM --output json",
    "slipway alarms prod api-handler-prod-errors --history --since 2h",
  ],
  json: { documents: ["alarms-report"] },
  async run(options: AlarmsOptions, io: CommandIo, [environment = "", name]: readonly string[]): Promise<number> {
    if (options.since !== undefined && options.history !== true) {
      throw new UserError("--since: says since when the history is told. Add --history.");
    }
    checkTimeRange({ since: options.since });
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [{ AwsAlarmsReader }, { viewEnvironment }, { reportAlarms }] = await Promise.all([
      import("@slipway/aws"),
      import("../target/view-environment.ts"),
      import("../alarms/alarms-report.ts"),
    ]);
    const { target, client, resources, clock } = await viewEnvironment(options, io, environment);
    const now = clock.now();
    const reader = new AwsAlarmsReader(client);
    try {
      const report = await reportAlarms(
        reader,
        {
          ...{ environment, target: target.label, now, names: resources.alarms },
          ...(name === undefined ? {} : { name }),
          ...(options.state === undefined ? {} : { state: options.state }),
          ...(options.history === true
            ? { historySince: parseTimeRange({ since: options.since ?? DEFAULT_SINCE }, 0, now).from }
            : {}),
        },
        io.signal,
      );
      io.stdout.write(
        options.output === "json"
          ? (await import("../alarms/alarms-json.ts")).alarmsJson(report)
          : (await import("../alarms/render-alarms.ts")).renderAlarms(report, io.columns, { all: name !== undefined }),
      );
      if (report.counts.ALARM > 0) {
        return ALARMING;
      }
      return report.missing.length > 0 ? NOT_FOUND_OUT : QUIET;
    } finally {
      reader.close();
    }
  },
};
