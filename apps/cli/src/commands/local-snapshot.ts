import type { Health, Snapshot } from "@slipway/local-aws";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { type LocalOptions, PORT_OPTION, portOf } from "../local/local-instance.ts";
import { lockRehearsal } from "../rehearsal/rehearsal-lock.ts";
import { table } from "../terminal/table.ts";
import { UserError } from "../user-error.ts";

/** `slipway local snapshot`: keeps the whole state under a name, and brings it back. */
export const localSnapshot: Command = {
  name: "local snapshot",
  summary: "save, restore, list or delete snapshots of the whole state",
  arguments: [
    { name: "[action]", description: "what to do", choices: ["list", "save", "restore", "delete"] },
    { name: "[name]", description: "the snapshot" },
  ],
  options: [PORT_OPTION, OUTPUT_OPTION],
  examples: ["slipway local snapshot save before-the-drill", "slipway local snapshot restore before-the-drill"],
  json: { documents: ["local-aws-snapshots", "local-aws-snapshot-change"] },
  async run(options: LocalOptions, io: CommandIo, [action = "list", name]: readonly string[]): Promise<number> {
    const client = new ControlClient(portOf(options, io.env));
    const say = (result: object, text: string): void => {
      io.stdout.write(options.output === "json" ? `${JSON.stringify({ version: 1, ...result })}\n` : text);
    };
    if (action === "list") {
      const snapshots = await client.call<Snapshot[]>("GET", "snapshots");
      say(
        { snapshots },
        snapshots.length === 0
          ? "There are no snapshots. Save one with: slipway local snapshot save NAME\n"
          : table(snapshots.map((snapshot) => [snapshot.name, snapshot.createdAt])),
      );
      return 0;
    }
    if (name === undefined) {
      throw new UserError(`name: missing. Type: slipway local snapshot ${action} NAME`);
    }
    if (action === "save") {
      const snapshot = await client.call<Snapshot>("POST", "snapshots", { name });
      say({ action, ...snapshot }, `Saved '${name}'. Bring it back with: slipway local snapshot restore ${name}\n`);
    } else if (action === "restore") {
      await restore(client, name);
      say({ action, name }, `Local AWS is as it was in '${name}'.\n`);
    } else {
      await client.call("DELETE", `snapshots/${encodeURIComponent(name)}`);
      say({ action, name }, `Deleted '${name}'.\n`);
    }
    return 0;
  },
};

/** Not while a rehearsal's Terraform works inside of the state. */
async function restore(client: ControlClient, name: string): Promise<void> {
  const { dataDir } = await client.call<Health>("GET", "health");
  const unlock = lockRehearsal(dataDir);
  try {
    await client.call("POST", "restore", { name });
  } finally {
    unlock();
  }
}
