import type { RequestLogEntry } from "@slipway/local-aws";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { type LocalOptions, PORT_OPTION, portOf } from "../local/local-instance.ts";
import { table } from "../terminal/table.ts";
import { UserError } from "../user-error.ts";

interface RequestOptions extends LocalOptions {
  readonly last: string;
}

/** `slipway local requests`: the latest requests, with their answers. */
export const localRequests: Command = {
  name: "local requests",
  summary: "show the latest requests to local AWS",
  options: [{ flags: "--last <n>", description: "how many", default: "30" }, PORT_OPTION, OUTPUT_OPTION],
  json: { documents: ["local-aws-requests"] },
  async run(options: RequestOptions, io: CommandIo): Promise<number> {
    if (!/^[1-9]\d*$/.test(options.last)) {
      throw new UserError(`--last: '${options.last}' is no number of requests.`);
    }
    const entries = await new ControlClient(portOf(options, io.env)).call<RequestLogEntry[]>(
      "GET",
      `requests?count=${options.last}`,
    );
    io.stdout.write(
      options.output === "json"
        ? `${JSON.stringify({ version: 1, requests: entries })}\n`
        : entries.length === 0
          ? "No requests yet.\n"
          : table(
              entries.map((entry) => [
                entry.time.slice(11, 23),
                entry.status === 0 ? "cut" : String(entry.status),
                `${entry.durationMs.toFixed(1)} ms`,
                `${entry.service}:${entry.operation}`,
                [entry.error, entry.message, entry.fault && `(planted: ${entry.fault})`].filter(Boolean).join(" "),
              ]),
            ),
    );
    return 0;
  },
};
