import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { UserError } from "../user-error.ts";

interface StateListOptions extends TargetOptions {
  readonly limit: string;
  readonly output?: "text" | "json";
}

const NOT_FOUND_OUT = 2;
const MOST = 200;

/** `slipway state list`: what a lost or damaged Terraform state could be restored from. */
export const stateList: Command = {
  name: "state list",
  summary: "show the versions and named copies of an environment's Terraform state; exit code 2 when it is not known",
  failureCode: NOT_FOUND_OUT,
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [
    { flags: "--limit <n>", description: `versions to read, the newest first, at most ${MOST}`, default: "20" },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: ["slipway state list prod", "slipway state list prod --limit 100 --output json"],
  json: { documents: ["state-list"] },
  async run(options: StateListOptions, io: CommandIo, [environment = ""]: readonly string[]): Promise<number> {
    if (!/^[1-9]\d{0,2}$/.test(options.limit) || Number(options.limit) > MOST) {
      throw new UserError(`--limit: '${options.limit}' is no number from 1 to ${MOST}.`);
    }
    const [{ openState }, { renderStateList }, { listStateVersions }] = await Promise.all([
      import("../state/open-state.ts"),
      import("../state/render-state-list.ts"),
      import("@slipway/release-engine"),
    ]);
    const opened = await openState(options, io, environment);
    try {
      const { label: target, flags } = opened.target;
      const { entries, note } = await opened.entries();
      const listing = await listStateVersions(opened.store, {
        ...{ entries, limit: Number(options.limit), signal: io.signal },
      });
      if (note !== undefined) {
        io.stderr.write(`slipway: ${note}\n`);
      }
      const iso = <T extends { readonly at: number }>(each: T) => ({ ...each, at: new Date(each.at).toISOString() });
      const report = { ...listing, versions: listing.versions.map(iso), backups: listing.backups.map(iso) };
      io.stdout.write(
        options.output === "json"
          ? `${JSON.stringify({ version: 1, environment, target, ...report, note: note ?? null })}\n`
          : renderStateList(listing, { environment, target, flags }, io.columns),
      );
      return 0;
    } finally {
      opened.close();
    }
  },
};
