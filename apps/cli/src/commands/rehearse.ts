import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { DATA_DIR_OPTION, type LocalOptions, PORT_OPTION } from "../local/local-instance.ts";
import { openGround } from "../rehearsal/local-aws-for-rehearsal.ts";
import { lockRehearsal } from "../rehearsal/rehearsal-lock.ts";
import { renderReport, renderSmoke } from "../rehearsal/render-report.ts";
import { exitCodeOf, VERBOSE_OPTION } from "../release/release-command.ts";
import { readSetup } from "../setup/read-setup.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { untilAborted } from "../until-aborted.ts";

interface RehearseOptions extends LocalOptions {
  readonly once?: boolean;
  readonly verbose?: boolean;
}

/** `slipway rehearse`, the job of `npm start`: a release goes to production on local AWS. */
export const rehearse: Command = {
  name: "rehearse",
  summary: "release what is checked out to an environment on local AWS, and keep it up",
  arguments: [{ name: "[environment]", description: "as in slipway.config.ts (default: prod)" }],
  options: [
    { flags: "--once", description: "end after the first checkpoint, with the exit code of the job" },
    VERBOSE_OPTION,
    PORT_OPTION,
    DATA_DIR_OPTION,
    OUTPUT_OPTION,
  ],
  examples: ["slipway rehearse", "slipway rehearse prod --once --output json"],
  json: { documents: ["rehearsal-report", "release-report"] },
  async run(options: RehearseOptions, io: CommandIo, [name = "prod"]: readonly string[]): Promise<number> {
    const setup = readSetup();
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [{ loadEnvironment }, { rehearseEnvironment }, { writeLastReport }, { renderRelease }, { warnOfWaivers }] =
      await Promise.all([
        import("../environment-config.ts"),
        import("../rehearsal/rehearse-environment.ts"),
        import("../rehearsal/write-last-report.ts"),
        import("../release/render-release.ts"),
        import("../release/warn-of-waivers.ts"),
      ]);
    const { repository, config, environment } = await loadEnvironment(io.cwd, name);
    warnOfWaivers(io.stderr, name, environment);
    const stopRequested = new AbortController();
    const signal = AbortSignal.any([io.signal, stopRequested.signal]);
    const ground = await openGround({ ...options, region: config.region }, io, () => stopRequested.abort());
    const { endpoint, dataDir } = ground.health;
    const staysUp = options.once !== true || !ground.isOurs;
    const progress = new ProgressPrinter(io, { isVerbose: options.verbose === true });
    let unlock: (() => void) | undefined;
    try {
      unlock = lockRehearsal(dataDir);
      io.stderr.write(`Local AWS ${ground.isOurs ? "listens" : "was running already"} at ${endpoint}\n`);
      const { release, report } = await rehearseEnvironment({
        ...{ repository, config, environment: name, setup, progress, signal },
        localAws: ground.health,
        env: io.env,
        stderr: io.stderr,
      });
      if (report !== undefined) {
        writeLastReport(dataDir, report);
      }
      unlock();
      unlock = undefined;
      progress.stop();
      if (report !== undefined && !report.smoke.passed) {
        io.stderr.write(`\n${renderSmoke(report.smoke)}`);
      }
      const port = staysUp ? Number(new URL(endpoint).port) : undefined;
      // A release that did not come to its end is told as `slipway deploy` tells it.
      const text = () =>
        report === undefined
          ? renderRelease(release, io.columns)
          : `${renderReport(report, environment.smoke, port, io.columns)}\n`;
      io.stdout.write(options.output === "json" ? `${JSON.stringify(report ?? release)}\n` : text());
      if (staysUp && ground.isOurs && !signal.aborted) {
        io.stderr.write("Ctrl-C stops local AWS; its state stays, and the next `npm start` finds it.\n");
        await untilAborted(signal);
      }
      return report === undefined ? exitCodeOf(release.outcome) : report.smoke.passed ? 0 : 1;
    } finally {
      progress.stop();
      unlock?.();
      await ground.release();
    }
  },
};
