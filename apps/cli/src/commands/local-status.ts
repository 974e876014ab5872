import { DEFAULT_PORT } from "@slipway/local-aws";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { healthDocument } from "../local/health-document.ts";
import { type LocalOptions, PORT_OPTION, portOf } from "../local/local-instance.ts";
import { table } from "../terminal/table.ts";

/** `slipway local status`: whether one runs, where, since when, and what it holds. */
export const localStatus: Command = {
  name: "local status",
  summary: "show what runs and what it holds; exit code 3 when nothing runs",
  options: [PORT_OPTION, OUTPUT_OPTION],
  json: { documents: ["local-aws-status"] },
  async run(options: LocalOptions, io: CommandIo): Promise<number> {
    const client = new ControlClient(portOf(options, io.env));
    const health = await client.health();
    if (health === undefined) {
      io.stdout.write(
        options.output === "json"
          ? `${JSON.stringify({ version: 1, running: false, port: client.port })}\n`
          : `No local AWS runs on port ${client.port}. Start it with: slipway local start${client.port === DEFAULT_PORT ? "" : ` --port ${client.port}`}\n`,
      );
      return 3;
    }
    const holds = await client.call<Record<string, string[]>>("GET", "inventory");
    if (options.output === "json") {
      io.stdout.write(`${JSON.stringify({ version: 1, running: true, ...healthDocument(health), holds })}\n`);
      return 0;
    }
    io.stdout.write(
      table([
        ["endpoint", health.endpoint],
        ["process", `${health.pid}, since ${health.startedAt}`],
        ["account", `${health.accountId} in ${health.region}`],
        ["IAM", health.iam === "off" ? "NOT ENFORCED (--no-iam): everybody may do everything" : "enforced"],
        ["state", health.dataDir],
        ["clock", health.clockOffsetMs === 0 ? "wall clock" : `${health.clock} (moved by ${health.clockOffsetMs} ms)`],
      ]),
    );
    const resources = Object.values(holds).flat();
    io.stdout.write(resources.length === 0 ? "\nIt holds nothing.\n" : `\nIt holds:\n`);
    for (const resource of resources) {
      io.stdout.write(`  ${resource}\n`);
    }
    return 0;
  },
};
