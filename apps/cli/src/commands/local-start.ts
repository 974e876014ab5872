import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Health } from "@slipway/local-aws";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { FailedWith } from "../failed-with.ts";
import { ControlClient } from "../local/control-client.ts";
import { healthDocument } from "../local/health-document.ts";
import {
  DATA_DIR_OPTION,
  type LocalOptions,
  localAwsOptions,
  PORT_OPTION,
  REGION_OPTION,
} from "../local/local-instance.ts";
import { NO_IAM_WARNING } from "../local/no-iam-warning.ts";
import { table } from "../terminal/table.ts";
import { untilAborted } from "../until-aborted.ts";
import { UserError } from "../user-error.ts";

interface StartOptions extends LocalOptions {
  readonly foreground?: boolean;
  /** False with `--no-iam`. */
  readonly iam?: boolean;
}

const START_TIMEOUT_MS = 20_000;

/** `slipway local start`: an AWS on loopback, in the background or in this terminal. */
export const localStart: Command = {
  name: "local start",
  summary: "start local AWS",
  options: [
    PORT_OPTION,
    DATA_DIR_OPTION,
    REGION_OPTION,
    { flags: "--foreground", description: "stay in this terminal; Ctrl-C stops it" },
    { flags: "--no-iam", description: "let everybody do everything: policies are kept, and not enforced" },
    OUTPUT_OPTION,
  ],
  examples: ["slipway local start", "slipway local start --port 4600 --data-dir /tmp/aws --foreground"],
  json: { documents: ["local-aws-health"] },
  async run(options: StartOptions, io: CommandIo): Promise<number> {
    const wanted = localAwsOptions(options, io.env, io.cwd);
    const running = await new ControlClient(wanted.port).health();
    if (running !== undefined) {
      if (options.dataDir !== undefined && running.dataDir !== wanted.dataDir) {
        throw new UserError(
          `Port ${wanted.port} has a local AWS with another data folder (${running.dataDir}). Stop it with: slipway local stop --port ${wanted.port}`,
        );
      }
      if (options.iam === false && running.iam === "enforced") {
        throw new UserError(
          `The local AWS on port ${wanted.port} runs already, and enforces IAM. Stop it with \`slipway local stop --port ${wanted.port}\`, and start it again with --no-iam.`,
        );
      }
      report(running, "is already running", options, io);
      return 0;
    }
    return options.foreground === true ? runHere(wanted, options, io) : runBehind(wanted, options, io);
  },
};

async function runHere(
  wanted: ReturnType<typeof localAwsOptions>,
  options: StartOptions,
  io: CommandIo,
): Promise<number> {
  const { startLocalAws } = await import("@slipway/local-aws");
  const stop = new AbortController();
  const localAws = await startLocalAws({
    ...wanted,
    enforceIam: options.iam !== false,
    log: (line) => io.stderr.write(`${new Date().toISOString()} ${line}\n`),
    onStopRequested: () => stop.abort(),
  });
  report(localAws.health(), "is ready", options, io);
  await untilAborted(AbortSignal.any([io.signal, stop.signal]));
  await localAws.stop();
  io.stderr.write("Local AWS has stopped.\n");
  return 0;
}

async function runBehind(
  wanted: ReturnType<typeof localAwsOptions>,
  options: StartOptions,
  io: CommandIo,
): Promise<number> {
  const logFile = prepareLog(wanted.dataDir);
  const from = statSync(logFile).size;
  const log = openSync(logFile, "a");
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      join(import.meta.dirname, "../../bin/start.mjs"),
      ...["local", "start", "--foreground", "--port", String(wanted.port), "--data-dir", wanted.dataDir],
      ...["--region", wanted.region ?? ""],
      ...(options.iam === false ? ["--no-iam"] : []),
    ],
    { detached: true, stdio: ["ignore", "ignore", log], env: io.env, cwd: io.cwd },
  );
  closeSync(log);
  child.unref();
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const client = new ControlClient(wanted.port);
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!hasEnded() && Date.now() < deadline && !io.signal.aborted) {
    const health = await client.health();
    // Another one may have been quicker to take the port; then ours ends, and says so.
    if (health?.pid === child.pid && health !== undefined) {
      report(health, "is ready", options, io);
      return 0;
    }
    await wait(25);
  }
  if (!hasEnded()) {
    // It runs in a group of its own, so a Ctrl-C does not reach it.
    child.kill(io.signal.aborted ? "SIGTERM" : "SIGKILL");
  }
  if (io.signal.aborted) {
    throw new FailedWith(130, new UserError("interrupted; local AWS was not started."));
  }
  const said = readFileSync(logFile).subarray(from).toString("utf8").trim();
  throw new UserError(said === "" ? `Local AWS did not start. Its log is ${logFile}.` : said.replace(/^slipway: /, ""));
}

function prepareLog(dataDir: string): string {
  const file = join(dataDir, "local-aws.log");
  try {
    mkdirSync(dataDir, { recursive: true });
    closeSync(openSync(file, "a"));
    return file;
  } catch (cause) {
    throw new UserError(
      `Local AWS cannot write to its data folder ${dataDir} (${(cause as NodeJS.ErrnoException).code}). Make it writable, or give another with --data-dir DIR.`,
      { cause },
    );
  }
}

function report(health: Health, state: string, { output }: StartOptions, io: CommandIo): void {
  if (health.iam === "off") {
    io.stderr.write(NO_IAM_WARNING);
  }
  if (output === "json") {
    io.stdout.write(`${JSON.stringify({ version: 1, ...healthDocument(health) })}\n`);
    return;
  }
  const port = new URL(health.endpoint).port;
  const flag = port === "4566" ? "" : ` --port ${port}`;
  const { endpoint, pid, region, accountId, dataDir } = health;
  io.stdout.write(
    [
      `Local AWS ${state} at ${endpoint} (process ${pid}, Region ${region}, account ${accountId}).`,
      `State is kept in ${dataDir}.`,
      "",
      table([
        [`  eval "$(npx slipway local env${flag})"`, "points AWS CLI, SDKs and Terraform at it"],
        [`  npx slipway local stop${flag}`, "stops it"],
      ]),
    ].join("\n"),
  );
}
