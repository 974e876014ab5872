import { rmSync } from "node:fs";
import { join } from "node:path";
import { isAlive, readInstance } from "@slipway/local-aws";
import type { Command, CommandIo } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { DATA_DIR_OPTION, type LocalOptions, localAwsOptions, PORT_OPTION } from "../local/local-instance.ts";
import { UserError } from "../user-error.ts";

/** `slipway local reset`: throws the state away; snapshots stay. Works on a stopped one too, so that a damaged store can be left behind. */
export const localReset: Command = {
  name: "local reset",
  summary: "throw all state of local AWS away; snapshots stay",
  options: [PORT_OPTION, DATA_DIR_OPTION],
  async run(options: LocalOptions, io: CommandIo): Promise<number> {
    const { port, dataDir } = localAwsOptions(options, io.env, io.cwd);
    const client = new ControlClient(port);
    const health = await client.health();
    if (health !== undefined) {
      await client.call("POST", "reset");
      io.stdout.write(`Local AWS on port ${port} is empty again.\n`);
      return 0;
    }
    const instance = readInstance(dataDir);
    if (instance !== undefined && isAlive(instance.pid)) {
      throw new UserError(
        `Process ${instance.pid} has ${dataDir} open but does not answer on port ${port}. End it with: kill ${instance.pid}`,
      );
    }
    rmSync(join(dataDir, "state"), { recursive: true, force: true });
    io.stdout.write(`No local AWS runs on port ${port}; the state in ${dataDir} is gone.\n`);
    return 0;
  },
};
