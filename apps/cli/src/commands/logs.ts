import type { TimeWindow } from "@slipway/analysis";
import type { LogEvent } from "@slipway/release-engine";
import { formatTime } from "../charts/format-time.ts";
import { glyphsFor } from "../charts/glyphs.ts";
import type { Command, CommandIo } from "../command.ts";
import { checkTimeRange, MOMENT_HELP, parseMoment, parseTimeRange } from "../parse-time-range.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { UserError } from "../user-error.ts";

interface LogsOptions extends TargetOptions {
  readonly follow?: boolean;
  readonly since?: string;
  readonly until?: string;
  readonly filter?: string;
  readonly release?: string;
  readonly function?: string;
  readonly api?: boolean;
  readonly group?: string;
  readonly errors?: boolean;
  readonly raw?: boolean;
  readonly output?: "text" | "json";
}

const DEFAULT_SINCE = "10m";
const DEFAULT_SINCE_MS = 600_000;
/** Local AWS has no limits of an account that others share. */
const LOCAL_POLL_MS = 500;

/** `slipway logs`: what an environment's functions and APIs log, as people read it. */
export const logs: Command = {
  name: "logs",
  summary: "show what an environment logs, and follow it; all times are UTC",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [
    { flags: "-f, --follow", description: "go on with what comes, until Ctrl-C" },
    { flags: "--since <time>", description: `${MOMENT_HELP} (default: ${DEFAULT_SINCE})` },
    { flags: "--until <time>", description: "the same (default: now)" },
    { flags: "--filter <pattern>", description: "a filter pattern of CloudWatch Logs, which AWS applies" },
    { flags: "--release <version>", description: "only what this version of the function wrote" },
    { flags: "--errors", description: "only errors, answers of the 500s, and invocations that Lambda ended" },
    { flags: "--function <name>", description: "one function's log (default: those of all functions)" },
    { flags: "--api", description: "the API's access log, too" },
    {
      flags: "--group <name>",
      description: "another log group of the environment instead; the end of its name will do",
    },
    { flags: "--raw", description: "lines as they were written" },
    ...TARGET_OPTIONS,
    {
      flags: "--output <format>",
      description: "text, or JSON Lines: one document for each event, as it comes",
      choices: ["text", "json"],
      default: "text",
    },
  ],
  examples: [
    "slipway logs prod --errors --since 1h",
    "slipway logs prod --follow --api --release 7",
    `slipway logs prod --filter '{ $.operation = "createItem" && $.status >= 400 }' --since 2026-11-28T02:00`,
    "slipway logs prod --follow --output json | jq .fields.status",
  ],
  json: { documents: ["log-event"], lines: "one for each event" },
  async run(options: LogsOptions, io: CommandIo, [name = ""]: readonly string[]): Promise<number> {
    // What is typed wrong should be said at once.
    checkFlags(options);
    checkTimeRange(options);
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [{ AwsLogsReader }, { viewEnvironment }, { chooseLogGroups }, printing] = await Promise.all([
      import("@slipway/aws/logs"),
      import("../target/view-environment.ts"),
      import("../logs/choose-log-groups.ts"),
      loadPrinting(),
    ]);
    const { target, client, resources, clock } = await viewEnvironment(options, io, name);
    const groups = chooseLogGroups(resources, options, name);
    const reader = new AwsLogsReader({ ...client, clock, ...(target.isLocal ? { pollMs: LOCAL_POLL_MS } : {}) });
    const stop = io.stdoutClosed === undefined ? io.signal : AbortSignal.any([io.signal, io.stdoutClosed]);
    const question = { groups: groups.map(({ group }) => group), filter: options.filter };
    const show = printing(options, io, groups);
    try {
      const window = windowOf(options, clock.now());
      if (options.follow === true) {
        await show(reader.follow(question, window.from, stop, watcher(io, question.groups)));
        if (io.isTty) {
          // The terminal has shown ^C where the next prompt would begin.
          io.stderr.write("\n");
        }
        return 0;
      }
      if ((await show(reader.events(question, window, stop))) === 0 && !stop.aborted) {
        io.stderr.write(`${nothing(options, question.groups, window)}\n`);
      }
      return 0;
    } catch (error) {
      // Its reader has seen enough.
      if (io.stdoutClosed?.aborted === true && !io.signal.aborted) {
        return 0;
      }
      throw error;
    } finally {
      reader.close();
    }
  },
};

function checkFlags({ follow, until, raw, output, release, api }: LogsOptions): void {
  if (follow === true && until !== undefined) {
    throw new UserError("--until: what is followed has no end. Leave --follow or --until out.");
  }
  if (raw === true && output === "json") {
    throw new UserError("--raw: is for text. Leave it or --output json out.");
  }
  if (release !== undefined && !/^(\d+|\$LATEST)$/.test(release)) {
    throw new UserError(`--release: '${release}' is no version of a function. Give its number, such as 7, or $LATEST.`);
  }
  if (release !== undefined && api === true) {
    throw new UserError("--release: the API's access log knows no versions. Leave --release or --api out.");
  }
}

function windowOf(options: LogsOptions, now: number): TimeWindow {
  if (options.follow !== true) {
    return parseTimeRange(options, DEFAULT_SINCE_MS, now);
  }
  const from = parseMoment("--since", options.since ?? DEFAULT_SINCE, now);
  if (from > now) {
    throw new UserError(`--since: ${formatTime(from)} is yet to come, and would be waited for in silence.`);
  }
  return { from, to: now };
}

type Show = (events: AsyncIterable<LogEvent>) => Promise<number>;

async function loadPrinting() {
  const [{ LogPrinter }, { parseLogLine }, { isProblem }, { functionVersionOf }, { writeResult }, { wantsColour }] =
    await Promise.all([
      import("../logs/log-printer.ts"),
      import("../logs/parse-log-line.ts"),
      import("../logs/is-problem.ts"),
      import("../logs/function-version-of.ts"),
      import("../terminal/write-result.ts"),
      import("../terminal/paint.ts"),
    ]);
  return (
    { output, raw, errors, release }: LogsOptions,
    io: CommandIo,
    groups: ConstructorParameters<typeof LogPrinter>[2],
  ): Show => {
    const format = output === "json" ? "json" : raw === true ? "raw" : "text";
    const hasColour = wantsColour(io.env);
    const style =
      io.isStdoutTty === true
        ? {
            // Asked for each line: who follows a log for long makes the window wider meanwhile.
            get columns() {
              return io.columns;
            },
            hasColour,
            ellipsis: glyphsFor(io.env).ellipsis,
          }
        : { hasColour: false };
    const printer = new LogPrinter(format, style, groups);
    return async (events) => {
      let shown = 0;
      for await (const event of events) {
        const line = parseLogLine(event.message);
        const isWanted =
          (errors !== true || isProblem(line)) &&
          (release === undefined || functionVersionOf(event.stream, line) === release);
        if (isWanted) {
          shown++;
          await writeResult(io, printer.print(event, line));
        }
        if (io.stdoutClosed?.aborted === true) {
          break;
        }
      }
      return shown;
    };
  };
}

function watcher(io: CommandIo, groups: readonly string[]) {
  const note = (text: string) => io.stderr.write(`slipway: ${text}\n`);
  return {
    caughtUp: () => note(`waiting for what comes in ${groups.join(", ")}. Ctrl-C ends it.`),
    troubled: ({ message }: Error) => note(`${message}\nslipway: it is tried again until it works.`),
    recovered: () => note("it works again; nothing is missing."),
  };
}

function nothing(
  { filter, release, errors }: LogsOptions,
  groups: readonly string[],
  { from, to }: TimeWindow,
): string {
  const wanted = [
    errors === true ? "errors" : "events",
    ...(release === undefined ? [] : [`of version ${release}`]),
    ...(filter === undefined ? [] : [`that match ${filter}`]),
  ].join(" ");
  return `No ${wanted} in ${groups.join(", ")} from ${formatTime(from)} to ${formatTime(to)}.`;
}
