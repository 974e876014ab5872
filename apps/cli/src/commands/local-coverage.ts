import type { ServiceCoverage } from "@slipway/local-aws";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { type LocalOptions, PORT_OPTION, portOf } from "../local/local-instance.ts";
import { table } from "../terminal/table.ts";
import { UserError } from "../user-error.ts";

/** `slipway local coverage`: which operations of which services are there, and which are not. */
export const localCoverage: Command = {
  name: "local coverage",
  summary: "list the AWS operations that local AWS has, and those it refuses",
  arguments: [{ name: "[service]", description: "s3, lambda, dynamodb... (default: a table of all)" }],
  options: [PORT_OPTION, OUTPUT_OPTION],
  examples: ["slipway local coverage", "slipway local coverage dynamodb"],
  json: { documents: ["local-aws-coverage"] },
  async run(options: LocalOptions, io: CommandIo, [name]: readonly string[]): Promise<number> {
    const all = await new ControlClient(portOf(options, io.env)).call<ServiceCoverage[]>("GET", "coverage");
    const services = all.filter(({ service }) => name === undefined || service === name);
    if (services.length === 0) {
      throw new UserError(
        `service: local AWS has no '${name}'. It has ${all.map(({ service }) => service).join(", ")}.`,
      );
    }
    if (options.output === "json") {
      io.stdout.write(`${JSON.stringify({ version: 1, services })}\n`);
    } else if (name === undefined) {
      io.stdout.write(
        table([
          ["service", "has", "of"],
          ...services.map(({ service, implemented, missing }) => [
            service,
            String(implemented.length),
            String(implemented.length + missing.length),
          ]),
        ]),
      );
      io.stdout.write(
        "\nAn operation that is missing is refused at once, by name. Details: slipway local coverage SERVICE\n",
      );
    } else {
      const [{ implemented = [], missing = [] } = {}] = services;
      io.stdout.write(`${name} has (${implemented.length}):\n${list(implemented)}\n`);
      io.stdout.write(`${name} refuses (${missing.length}):\n${list(missing)}`);
    }
    return 0;
  },
};

function list(names: readonly string[]): string {
  return names.map((name) => `  ${name}\n`).join("");
}
