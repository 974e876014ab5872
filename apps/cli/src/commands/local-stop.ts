import { setTimeout as wait } from "node:timers/promises";
import { isAlive } from "@slipway/local-aws";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { type LocalOptions, PORT_OPTION, portOf } from "../local/local-instance.ts";
import { UserError } from "../user-error.ts";

const STOP_TIMEOUT_MS = 15_000;

/** `slipway local stop`: ends local AWS and every function it runs; the state stays. */
export const localStop: Command = {
  name: "local stop",
  summary: "stop local AWS; its state stays",
  options: [PORT_OPTION, OUTPUT_OPTION],
  json: { documents: ["local-aws-stop"] },
  async run(options: LocalOptions, io: CommandIo): Promise<number> {
    const client = new ControlClient(portOf(options, io.env));
    const say = (result: object, text: string): void => {
      io.stdout.write(options.output === "json" ? `${JSON.stringify({ version: 1, ...result })}\n` : text);
    };
    const health = await client.health();
    if (health === undefined) {
      say({ stopped: false, port: client.port }, `No local AWS runs on port ${client.port}: nothing to stop.\n`);
      return 0;
    }
    await client.call("POST", "stop");
    const deadline = Date.now() + STOP_TIMEOUT_MS;
    while ((await client.health()) !== undefined || isAlive(health.pid)) {
      if (Date.now() > deadline) {
        throw new UserError(`Process ${health.pid} does not stop. End it with: kill -9 ${health.pid}`);
      }
      await wait(25);
    }
    say(
      { stopped: true, port: client.port, dataDir: health.dataDir },
      `Local AWS on port ${client.port} has stopped. Its state stays in ${health.dataDir}.\n`,
    );
    return 0;
  },
};
