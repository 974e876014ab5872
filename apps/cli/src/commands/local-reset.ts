import { resetDataFolder } from "@slipway/local-aws";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { DATA_DIR_OPTION, type LocalOptions, localAwsOptions, PORT_OPTION } from "../local/local-instance.ts";
import { lockRehearsal } from "../rehearsal/rehearsal-lock.ts";
import { UserError } from "../user-error.ts";

/** `slipway local reset`: throws the state away; snapshots stay. Works on a stopped one too, so that a damaged store can be left behind. */
export const localReset: Command = {
  name: "local reset",
  summary: "throw all state of local AWS away; snapshots stay",
  options: [PORT_OPTION, DATA_DIR_OPTION, OUTPUT_OPTION],
  json: { documents: ["local-aws-reset"] },
  async run(options: LocalOptions, io: CommandIo): Promise<number> {
    const { port, dataDir } = localAwsOptions(options, io.env, io.cwd);
    const client = new ControlClient(port);
    const say = (result: object, text: string): void => {
      io.stdout.write(
        options.output === "json" ? `${JSON.stringify({ version: 1, reset: true, port, ...result })}\n` : text,
      );
    };
    const health = await client.health();
    if (health !== undefined) {
      if (options.dataDir !== undefined && health.dataDir !== dataDir) {
        throw new UserError(
          `Port ${port} has a local AWS with another data folder (${health.dataDir}), which was left alone. Give the port of the one that you mean with --port N; to reset a stopped one, name a port that nothing runs on.`,
        );
      }
      // A rehearsal's Terraform works inside of the state: it must not lose the ground in the middle.
      const unlock = lockRehearsal(health.dataDir);
      try {
        await client.call("POST", "reset");
      } finally {
        unlock();
      }
      say({ running: true, dataDir: health.dataDir }, `Local AWS on port ${port} is empty again.\n`);
      return 0;
    }
    resetDataFolder(dataDir);
    say({ running: false, dataDir }, `No local AWS runs on port ${port}; the state in ${dataDir} is gone.\n`);
    return 0;
  },
};
