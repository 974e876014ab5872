import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { DATA_DIR_OPTION, type LocalOptions, PORT_OPTION } from "../local/local-instance.ts";
import { openGround } from "../rehearsal/local-aws-for-rehearsal.ts";
import { lockRehearsal } from "../rehearsal/rehearsal-lock.ts";
import { renderReport, renderSmoke } from "../rehearsal/render-report.ts";
import { readSetup } from "../setup/read-setup.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { untilAborted } from "../until-aborted.ts";

interface RehearseOptions extends LocalOptions {
  readonly once?: boolean;
}

/** `slipway rehearse`, the job of `npm start`: an environment goes to production on local AWS. */
export const rehearse: Command = {
  name: "rehearse",
  summary: "take an environment to production on local AWS, and keep it up",
  arguments: [{ name: "[environment]", description: "as in slipway.config.ts (default: prod)" }],
  options: [
    { flags: "--once", description: "end after the smoke test, with the exit code of the job" },
    PORT_OPTION,
    DATA_DIR_OPTION,
    OUTPUT_OPTION,
  ],
  examples: ["slipway rehearse", "slipway rehearse prod --once --output json"],
  async run(options: RehearseOptions, io: CommandIo, [name = "prod"]: readonly string[]): Promise<number> {
    const setup = readSetup();
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [{ loadEnvironment }, { rehearseEnvironment }, { writeLastReport }] = await Promise.all([
      import("../environment-config.ts"),
      import("../rehearsal/rehearse-environment.ts"),
      import("../rehearsal/last-report.ts"),
    ]);
    const { repository, config, environment } = await loadEnvironment(io.cwd, name);
    const stopRequested = new AbortController();
    const signal = AbortSignal.any([io.signal, stopRequested.signal]);
    const ground = await openGround({ ...options, region: config.region }, io, () => stopRequested.abort());
    const { endpoint, dataDir } = ground.health;
    const staysUp = options.once !== true || !ground.isOurs;
    const progress = new ProgressPrinter(io);
    let unlock: (() => void) | undefined;
    try {
      unlock = lockRehearsal(dataDir);
      io.stderr.write(`Local AWS ${ground.isOurs ? "listens" : "was running already"} at ${endpoint}\n`);
      const report = await rehearseEnvironment({
        ...{ repository, config, environment: name, setup, progress, signal },
        localAws: ground.health,
        env: io.env,
      });
      writeLastReport(dataDir, report);
      unlock();
      unlock = undefined;
      if (!report.smoke.passed) {
        io.stderr.write(`\n${renderSmoke(report.smoke)}`);
      }
      io.stdout.write(
        options.output === "json"
          ? `${JSON.stringify(report)}\n`
          : `${renderReport(report, environment.smoke, staysUp ? Number(new URL(endpoint).port) : undefined)}\n`,
      );
      if (staysUp && ground.isOurs) {
        io.stderr.write("Ctrl-C stops local AWS; its state stays, and the next `npm start` finds it.\n");
        await untilAborted(signal);
      }
      return report.smoke.passed ? 0 : 1;
    } finally {
      progress.stop();
      unlock?.();
      await ground.release();
    }
  },
};
