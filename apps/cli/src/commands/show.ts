import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { escapeControlsInJson } from "../terminal/escape-controls.ts";
import { UserError } from "../user-error.ts";

interface ShowOptions extends TargetOptions {
  readonly all?: boolean;
  readonly output?: "text" | "json";
}

/** `slipway show`: everything that the ledger tells of one release. */
export const show: Command = {
  name: "show",
  summary: "show a release: its steps, checks, plan, approvals, verdicts and checkpoints",
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    { name: "[release]", description: "such as r12 (default: the newest)" },
  ],
  options: [{ flags: "--all", description: "what passed, too" }, ...TARGET_OPTIONS, OUTPUT_OPTION],
  examples: ["slipway show prod r12", "slipway show prod --local --all", "slipway show prod r12 --output json"],
  json: { documents: ["release-story"] },
  async run(options: ShowOptions, io: CommandIo, [environment = "", id]: readonly string[]): Promise<number> {
    if (id !== undefined && !/^r[1-9]\d*$/.test(id)) {
      throw new UserError(`release: '${id}' is no release such as r12. slipway history ${environment} lists them.`);
    }
    const [{ commandLedger }, { latestReleases }, { releaseStory, storyJson }, { renderStory }] = await Promise.all([
      import("../ledger/command-ledger.ts"),
      import("../ledger/latest-releases.ts"),
      import("../ledger/release-story.ts"),
      import("../ledger/render-story.ts"),
    ]);
    const { ledger, target, close } = await commandLedger(options, io, environment);
    try {
      const { records, entries } = await latestReleases(
        ledger,
        (some) => (id === undefined ? some.length > 0 : some.some((record) => record.id === id)),
        io.signal,
      );
      const record = id === undefined ? records.at(-1) : records.find((each) => each.id === id);
      if (record === undefined) {
        const newest = records.at(-1)?.id;
        throw new UserError(
          newest === undefined
            ? `${environment} on ${target.label} has no releases yet.`
            : `release: ${environment} on ${target.label} has no ${id}. It has r1 to ${newest}.`,
        );
      }
      const story = releaseStory(record, entries, target.flags);
      const place = { environment, target: target.label, flags: target.flags, all: options.all === true };
      io.stdout.write(
        options.output === "json"
          ? `${escapeControlsInJson(JSON.stringify(storyJson(story, place)))}\n`
          : renderStory(story, place, io.columns),
      );
      return 0;
    } finally {
      close();
    }
  },
};
