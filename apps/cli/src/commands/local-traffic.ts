import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { PORT_OPTION } from "../local/local-instance.ts";
import { parseSpan } from "../parse-time-range.ts";
import { targetAws } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { UserError } from "../user-error.ts";

interface TrafficOptions {
  readonly over: string;
  readonly requests: string;
  readonly profile: "steady" | "daily";
  readonly step?: string;
  readonly port?: string;
  readonly output?: "text" | "json";
}

const DEFAULT_OVER = "1h";
const DEFAULT_REQUESTS = "200";
const BAD = 1;

/** `slipway local traffic`: users for an environment on local AWS, spread over hours of its clock. */
export const localTraffic: Command = {
  name: "local traffic",
  summary:
    "send requests to a rehearsed API while the clock of local AWS is moved forward; 1 when one was not answered as expected",
  arguments: [{ name: "[environment]", description: "as in slipway.config.ts (default: prod)" }],
  options: [
    { flags: "--over <span>", description: "time on the clock of local AWS, like 5m, 1h, 24h", default: DEFAULT_OVER },
    {
      flags: "--requests <n>",
      description: "how many at least: whole runs of the smoke scenario, cleanup included",
      default: DEFAULT_REQUESTS,
    },
    {
      flags: "--profile <name>",
      description: "alike all the time, or quiet at night (UTC) and busy in the afternoon",
      choices: ["steady", "daily"],
      default: "steady",
    },
    {
      flags: "--step <span>",
      description: "how far the clock is moved at a time (default: a ninety-sixth of --over, at least 1m)",
    },
    PORT_OPTION,
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway local traffic prod --over 24h --requests 1000 --profile daily",
    "slipway local traffic --over 5m",
  ],
  json: { documents: ["local-aws-traffic"] },
  async run(options: TrafficOptions, io: CommandIo, [name = "prod"]: readonly string[]): Promise<number> {
    const overMs = parseSpan("--over", options.over);
    const requests = wholeNumber("--requests", options.requests);
    const stepMs = options.step === undefined ? undefined : parseSpan("--step", options.step);
    if (stepMs !== undefined && stepMs > overMs) {
      throw new UserError(`--step: ${options.step} is longer than --over ${options.over}.`);
    }
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [{ loadEnvironment }, { sendTraffic }] = await Promise.all([
      import("../environment-config.ts"),
      import("../local/send-traffic.ts"),
    ]);
    const { config, environment } = await loadEnvironment(io.cwd, name);
    // Never AWS: its clock cannot be moved, and its users are real.
    const target = await targetAws({ local: true, ...options }, io, config.region);
    const progress = new ProgressPrinter(io);
    try {
      const sent = await sendTraffic(
        { config, environment: name, target, signal: io.signal },
        {
          overMs,
          requests,
          profile: options.profile,
          smoke: environment.smoke,
          ...(stepMs === undefined ? {} : { stepMs }),
        },
        progress,
      );
      progress.stop();
      const { runs, failures } = sent;
      io.stdout.write(
        options.output === "json"
          ? `${JSON.stringify({ version: 1, environment: name, target: target.label, ...sent })}\n`
          : [
              `${sent.requests.toLocaleString("en-US")} requests in ${runs} runs of the smoke scenario of ${name}, from ${sent.from} to ${sent.to} on local AWS.`,
              ...(failures === 0
                ? []
                : [`${failures} steps were not answered as expected, the first: ${sent.firstFailure}`]),
              "",
            ].join("\n"),
      );
      return failures === 0 ? 0 : BAD;
    } finally {
      progress.stop();
    }
  },
};

function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) {
    throw new UserError(`${flag}: '${text}' is no whole number of at least 1.`);
  }
  return value;
}
