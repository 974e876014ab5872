import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { UserError } from "../user-error.ts";

interface StateBackupOptions extends TargetOptions {
  readonly name?: string;
  readonly output?: "text" | "json";
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** `slipway state backup`: a named copy of the Terraform state, which no rule for old versions removes. */
export const stateBackup: Command = {
  name: "state backup",
  summary: "make a named copy of an environment's Terraform state, which no rule for old versions removes",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [
    { flags: "--name <name>", description: "what to call it (default: the time and the state's serial)" },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: ["slipway state backup prod", "slipway state backup prod --name before-moving-the-table"],
  json: { documents: ["state-backup"] },
  async run({ name, ...options }: StateBackupOptions, io: CommandIo, [environment = ""]): Promise<number> {
    if (name !== undefined && !NAME.test(name)) {
      throw new UserError(`--name: '${name}' is no name of up to 100 letters, digits, dots, hyphens and underscores.`);
    }
    const [{ openState, ONLY_FOR_LOST_STATE }, { thisActor }, { backUpState }] = await Promise.all([
      import("../state/open-state.ts"),
      import("../release/this-actor.ts"),
      import("@slipway/release-engine"),
    ]);
    const opened = await openState(options, io, environment);
    try {
      const { store, clock, target, repository } = opened;
      const { ledger, principal } = await opened.ledger();
      const by = await thisActor({ repository, env: io.env, principal });
      const made = await backUpState(
        { store, ledger, clock },
        { by, ...(name === undefined ? {} : { name }), signal: io.signal },
      );
      const say = (text: string) => `${wrapText(text, io.columns, "").join("\n")}\n`;
      io.stdout.write(
        options.output === "json"
          ? `${JSON.stringify({ version: 1, environment, target: target.label, location: store.location, ...made })}\n`
          : say(
              `The state of ${environment} on ${target.label} is kept as ${made.name}: serial ${made.serial}, ${made.resources} resources.`,
            ) +
              say(
                `To put it back: slipway state restore ${environment} --backup ${made.name}${target.flags}. ${ONLY_FOR_LOST_STATE}`,
              ),
      );
      return 0;
    } finally {
      opened.close();
    }
  },
};
