import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { type LocalOptions, PORT_OPTION, portOf } from "../local/local-instance.ts";
import { parseDuration } from "../parse-duration.ts";
import { UserError } from "../user-error.ts";

/** `slipway local clock`: shows the time of local AWS, or moves it forward. */
export const localClock: Command = {
  name: "local clock",
  summary: "show the clock of local AWS, or move it forward",
  arguments: [
    { name: "[action]", description: "what to do", choices: ["show", "advance"] },
    { name: "[duration]", description: "how far, like 5m, 24h" },
  ],
  options: [PORT_OPTION, OUTPUT_OPTION],
  examples: ["slipway local clock advance 24h"],
  json: { documents: ["local-aws-clock"] },
  async run(options: LocalOptions, io: CommandIo, [action = "show", duration]: readonly string[]): Promise<number> {
    const client = new ControlClient(portOf(options, io.env));
    if (action === "advance" && duration === undefined) {
      throw new UserError("duration: missing. Type, for example: slipway local clock advance 24h");
    }
    const time =
      action === "advance"
        ? await client.call<{ clock: string; clockOffsetMs: number }>("POST", "clock", {
            advanceMs: parseDuration(duration ?? "", "duration"),
          })
        : await client.call<{ clock: string; clockOffsetMs: number }>("GET", "clock");
    io.stdout.write(
      options.output === "json"
        ? `${JSON.stringify({ version: 1, ...time })}\n`
        : `${time.clock}${time.clockOffsetMs === 0 ? " (wall clock)" : ` (${time.clockOffsetMs} ms ahead of the wall clock)`}\n`,
    );
    return 0;
  },
};
