import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";

interface DetectOptions extends TargetOptions {
  readonly watch?: boolean;
  readonly output?: "text" | "json";
}

const CODES = { quiet: 0, open: 1, unknown: 2 } as const;
const INTERRUPTED = 130;

/** `slipway incident detect`: looks whether an environment is well, and opens incidents by itself. */
export const incidentDetect: Command = {
  name: "incident detect",
  summary:
    "look whether an environment is well, open, update and resolve its incidents by that, and do what may be done about them without a person; exit code 0 quiet, 1 an incident is open, 2 not found out",
  failureCode: CODES.unknown,
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [
    { flags: "--watch", description: "look every minute until Ctrl-C, and show what is new" },
    ...TARGET_OPTIONS,
    {
      ...OUTPUT_OPTION,
      description: "text, or one JSON document on stdout; with --watch one for each look, a line each",
    },
  ],
  examples: [
    "slipway incident detect prod",
    "slipway incident detect prod --watch",
    "slipway incident detect prod --output json",
  ],
  json: { documents: ["incident-look"], lines: "with --watch, one for each look" },
  async run(options: DetectOptions, io: CommandIo, [environment = ""]: readonly string[]): Promise<number> {
    const [{ withIncidents }, { detectIncidents }] = await Promise.all([
      import("../incidents/open-incidents.ts"),
      import("../incidents/detect-incidents.ts"),
    ]);
    return withIncidents(options, io, environment, async (open) => {
      const outcome = await detectIncidents(open, io, {
        watch: options.watch === true,
        output: options.output ?? "text",
      });
      return outcome === undefined || (options.watch === true && io.signal.aborted) ? INTERRUPTED : CODES[outcome];
    });
  },
};
