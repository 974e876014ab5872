import type { ReleaseReport } from "@slipway/contracts";
import type { CommandIo, CommandOption } from "../command.ts";
import { OUTPUT_OPTION } from "../command.ts";
import { FailedWith } from "../failed-with.ts";
import { TARGET_OPTIONS, type TargetAws, type TargetOptions, targetAws } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { UserError } from "../user-error.ts";
import type { OpenRelease } from "./open-release.ts";
import type { ReportedCommand } from "./release-report.ts";
import type { WaiveOptions } from "./waivers-of.ts";

/** Options of the commands that release. */
export interface ReleaseOptions extends TargetOptions, WaiveOptions {
  readonly plan?: boolean;
  readonly wait: "none" | "immediate" | "all";
  readonly fastForward?: boolean;
  readonly confirm?: readonly string[];
  readonly verbose?: boolean;
  readonly output?: "text" | "json";
}

export const VERBOSE_OPTION: CommandOption = {
  flags: "--verbose",
  description: "show what happens inside of each step",
};

export const WAIT_OPTIONS: readonly CommandOption[] = [
  {
    flags: "--wait <checkpoints>",
    description: "which checkpoints to wait for: those after 5 minutes, an hour and a day",
    choices: ["none", "immediate", "all"],
    default: "immediate",
  },
  {
    flags: "--fast-forward",
    description: "with --local: move its clock instead of waiting, and send the smoke test's requests meanwhile",
  },
];

export const WAIVE_OPTIONS: readonly CommandOption[] = [
  {
    flags: "--waive <checks...>",
    description: "checks that need not pass, such as checklist.code-review; CHECK:SUBJECT for one of its subjects",
  },
  { flags: "--reason <text>", description: "with --waive: why; it is written down with your name" },
  {
    flags: "--waive-until <day>",
    description: "with --waive: the last day (UTC) on which that holds (default: tomorrow)",
  },
];

export const CONFIRM_OPTION: CommandOption = {
  flags: "--confirm <names...>",
  description:
    "what a rollback may lose with its data: tables, queues, buckets that one of the infrastructure would destroy, and a restored table whose switch is put back; typed as AWS calls it",
};

export const RELEASE_OPTIONS: readonly CommandOption[] = [VERBOSE_OPTION, ...TARGET_OPTIONS, OUTPUT_OPTION];

/** Exit codes of the commands that release. */
export const EXIT = { done: 0, bad: 1, notFoundOut: 2, waits: 3, interrupted: 130 } as const;

/** A command that releases, with everything opened that it needs. */
export interface ReleaseSession {
  readonly open: OpenRelease;
  readonly target: TargetAws;
  readonly progress: ProgressPrinter;
  /** What reports say of the command, as of now. */
  reported(apiUrl?: string): ReportedCommand;
}

/**
 * Opens a release for a command, runs it, and turns what comes of it into output and an exit code.
 *
 * @returns 0 done; 1 failed, put back, or a checkpoint failed; 2 wrong usage, or something could not be found out; 3 it waits for people, or a checkpoint does; 130 interrupted
 */
export async function releaseCommand(
  command: ReleaseReport["command"],
  options: Pick<ReleaseOptions, "local" | "port" | "fastForward" | "confirm" | "verbose" | "output">,
  io: CommandIo,
  name: string,
  run: (session: ReleaseSession) => Promise<ReleaseReport | undefined>,
): Promise<number> {
  const startedAt = performance.now();
  // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
  const [
    { loadEnvironment },
    { openRelease },
    { renderRelease },
    { warnOfWaivers },
    { warnOfGlass },
    { ReleaseError, redactedError },
  ] = await Promise.all([
    import("../environment-config.ts"),
    import("./open-release.ts"),
    import("./render-release.ts"),
    import("./warn-of-waivers.ts"),
    import("../ledger/warn-of-glass.ts"),
    import("@slipway/release-engine"),
  ]);
  // What goes back must not be stopped by how long a waiver holds.
  const takesAnyWaiver = command === "rollback" || command === "watch";
  const { repository, config, environment } = await loadEnvironment(io.cwd, name, { takesAnyWaiver });
  warnOfWaivers(io.stderr, name, environment);
  const target = await targetAws(options, io, config.region);
  warnOfGlass(io.stderr, { repository, target, name });
  if (options.fastForward === true && !target.isLocal) {
    throw new UserError("--fast-forward: is for --local, whose clock can be moved; on AWS time has to pass.");
  }
  const progress = new ProgressPrinter(io, { isVerbose: options.verbose === true });
  const { env, signal } = io;
  const place = { repository, config, environment: name, target, env, progress, signal };
  const open = await openRelease({
    ...{ ...place, fastForward: options.fastForward === true },
    ...(options.confirm === undefined ? {} : { confirmed: options.confirm }),
  });
  try {
    const report = await run({
      ...{ open, target, progress },
      reported: (apiUrl) => ({
        ...{ command, environment: name, target, durationMs: performance.now() - startedAt },
        ...(apiUrl === undefined ? {} : { apiUrl }),
      }),
    });
    progress.stop();
    if (report === undefined) {
      return EXIT.done;
    }
    io.stdout.write(options.output === "json" ? `${JSON.stringify(report)}\n` : renderRelease(report, io.columns));
    return exitCodeOf(report.outcome, report.checkpoints, report.verified);
  } catch (thrown) {
    progress.stop();
    // Not all of it comes from a step, which has taken its secrets out.
    const error = redactedError(open.ports.redactor, thrown);
    // What is wrong with what was typed, or with the configuration, is 2; what went wrong on the way is 1.
    if (error instanceof ReleaseError && error.kind !== "usage") {
      throw new FailedWith(signal.aborted || error.kind === "interrupted" ? EXIT.interrupted : EXIT.bad, error);
    }
    throw error;
  } finally {
    progress.stop();
    open.close();
  }
}

/**
 * @param checkpoints of a release that is live: one that has failed, or that waits for people, is not done, wherever its traffic is. One
 *   that is still due is: `slipway watch` judges it
 * @param verified what a rollback has found where the traffic is now: bad is no success, and neither is what nobody could see
 */
export function exitCodeOf(
  outcome: ReleaseReport["outcome"],
  checkpoints: readonly Pick<ReleaseReport["checkpoints"][number], "state">[] = [],
  verified: ReleaseReport["verified"] = "pass",
): number {
  switch (outcome) {
    case "planned":
      return EXIT.done;
    case "done":
    case "nothing-to-do":
    case "live":
      if (checkpoints.some(({ state }) => state === "fail")) {
        return EXIT.bad;
      }
      // A checkpoint that has passed since has seen more than who looked right after the move.
      if (verified !== "pass" && !checkpoints.some(({ state }) => state === "pass")) {
        return verified === "fail" ? EXIT.bad : EXIT.notFoundOut;
      }
      return checkpoints.some(({ state }) => state === "unknown") ? EXIT.waits : EXIT.done;
    case "paused":
      return EXIT.waits;
    case "interrupted":
      return EXIT.interrupted;
    default:
      return EXIT.bad;
  }
}

/**
 * The exit code of who has asked for traffic to go back: that it is back is what was asked for, and no failure; where it is badly answered,
 * or nobody could see how, it is none of success.
 *
 * @param code of the same release for everybody else
 */
export function exitCodeOfRollback(
  report: Pick<ReleaseReport, "outcome" | "verified"> | undefined,
  code: number,
): number {
  const { outcome, verified } = report ?? {};
  // Where the traffic is there already, what its checkpoints came to is no matter of a rollback.
  const isBack = outcome === "put-back" || outcome === "failed" || outcome === "nothing-to-do";
  return isBack ? exitCodeOf("done", [], verified) : code;
}
