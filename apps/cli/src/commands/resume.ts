import type { Command, CommandIo } from "../command.ts";
import {
  CONFIRM_OPTION,
  EXIT,
  RELEASE_OPTIONS,
  type ReleaseOptions,
  releaseCommand,
  WAIT_OPTIONS,
  WAIVE_OPTIONS,
} from "../release/release-command.ts";
import type { Left } from "../rollback/left-words.ts";
import { UserError } from "../user-error.ts";

/** `slipway resume`: goes on with the release that was broken off, paused or killed. */
export const resume: Command = {
  name: "resume",
  summary:
    "go on with the release that was broken off; exit codes as of slipway deploy, and 3 where an undo of bad writes leaves items for people to look at",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [...WAIT_OPTIONS, ...WAIVE_OPTIONS, CONFIRM_OPTION, ...RELEASE_OPTIONS],
  examples: ["slipway resume prod", "slipway resume prod --local --wait none"],
  json: { documents: ["release-report"] },
  async run(options: ReleaseOptions, io: CommandIo, [name = ""]: readonly string[]): Promise<number> {
    let left: Left | undefined;
    const code = await releaseCommand("resume", options, io, name, async (session) => {
      const [{ resumeRelease }, { runDeployment }, { deployRequest }, { leftBy }, { releases, unfinishedRelease }] =
        await Promise.all([
          import("../release/deploy-release.ts"),
          import("../release/run-deployment.ts"),
          import("../release/deploy-request.ts"),
          import("../rollback/left-by.ts"),
          import("@slipway/release-engine"),
        ]);
      const { open, target } = session;
      const records = releases(await open.ledger.read(io.signal));
      const newest = records.at(-1);
      // A live one with checkpoints to come is not unfinished, and can be gone on with all the same, unless the traffic of a
      // later one came in between: then there is nothing that could still be judged.
      const record =
        unfinishedRelease(records) ??
        records.findLast(({ state, overtakenBy }) => state === "live" && overtakenBy === undefined);
      if (record === undefined) {
        const state = newest === undefined ? "nothing was released there yet" : `${newest.id} is ${newest.state}`;
        throw new UserError(
          `There is no release of ${name} on ${target.label} to go on with: ${state}. To release what is checked out: slipway deploy ${name}${target.flags}`,
        );
      }
      const request = await deployRequest(session, options, io, name, `slipway resume ${name}${target.flags}`);
      return runDeployment(session, io, name, async (onHeld) => {
        const resumed = await resumeRelease(open, { ...request, onHeld }, record);
        left = resumed.kind === "outcome" ? leftBy(resumed.outcome.record) : undefined;
        return resumed;
      });
    });
    if (left === undefined || code !== EXIT.done) {
      return code;
    }
    const count = (left.conflicts + left.unwritable).toLocaleString("en-US");
    io.stderr.write(
      `slipway: ${count} items were not written, and are left for people to decide: somebody has changed them since, or they have too many attributes. To have them in a file, type the undo that has begun this again, with --conflicts FILE.\n`,
    );
    // As of that command.
    return EXIT.waits;
  },
};
