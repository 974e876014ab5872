import type { NotableItem } from "@slipway/contracts";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { escapeControlsInJson } from "../terminal/escape-controls.ts";
import { UserError } from "../user-error.ts";

interface NoteOptions extends TargetOptions {
  readonly release?: string;
  readonly output?: "text" | "json";
}

const LINES: readonly NotableItem[] = ["root-cause", "stakeholders", "monitored", "documented", "post-mortem"];

/** `slipway note`: what people have to say for the checklist of a rollback. */
export const note: Command = {
  name: "note",
  summary: "write down what people found out or did about a rollback, for its checklist in slipway show",
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    { name: "<line>", description: "which line of the checklist", choices: LINES },
    { name: "<text>", description: "what to write down; it stays with your name" },
  ],
  options: [
    { flags: "--release <release>", description: "the rollback, such as r12 (default: the newest)" },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    'slipway note prod root-cause "r12 asked for an index that is not there"',
    'slipway note prod post-mortem "Tuesday 10:00, Jane invites" --release r13',
  ],
  json: { documents: ["note-report"] },
  async run(
    options: NoteOptions,
    io: CommandIo,
    [environment = "", item = "", text = ""]: readonly string[],
  ): Promise<number> {
    if (text.trim() === "") {
      throw new UserError("text: is empty. Say what was found out or done.");
    }
    const [{ commandLedger }, { thisActor }, { hasRollbackChecklist, releases }] = await Promise.all([
      import("../ledger/command-ledger.ts"),
      import("../release/this-actor.ts"),
      import("@slipway/release-engine"),
    ]);
    const { ledger, target, principal, close } = await commandLedger(options, io, environment);
    try {
      const rollbacks = releases(await ledger.read(io.signal)).filter(hasRollbackChecklist);
      const record = rollbacks.findLast(({ id }) => options.release === undefined || id === options.release);
      if (record === undefined) {
        const which = rollbacks.map(({ id }) => id).join(", ");
        throw new UserError(
          `--release: ${environment} on ${target.label} has no such rollback. ${which === "" ? "Nothing was rolled back there yet." : `It has ${which}.`}`,
        );
      }
      const by = await thisActor({ repository: io.cwd, env: io.env, principal });
      const body = { type: "rollback.noted", item: item as NotableItem, text: text.trim() } as const;
      await ledger.append({ by, release: record.id, body });
      const next = `slipway show ${environment} ${record.id}${target.flags}`;
      const place = { version: 1, environment, target: target.label, release: record.id };
      const report = { ...place, item: body.item, text: body.text, by: by.name, next };
      io.stdout.write(
        options.output === "json"
          ? `${escapeControlsInJson(JSON.stringify(report))}\n`
          : `Noted for ${record.id} of ${environment}. All of it: ${next}\n`,
      );
      return 0;
    } finally {
      close();
    }
  },
};
