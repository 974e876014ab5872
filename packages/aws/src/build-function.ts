import { ReleaseError } from "@slipway/release-engine";
import { runProcess } from "./process/run-process.ts";

export interface BuildOptions {
  /** Program and arguments, as `functions[].build` in slipway.config.ts has them. */
  argv: readonly string[];
  /** Absolute path of the folder that it runs in. */
  cwd: string;
  env: NodeJS.ProcessEnv;
  onLine?(line: string): void;
  signal?: AbortSignal;
}

const shownLines = 60;
const killAfterMs = 5_000;

/**
 * Runs a function's build command. Its output is passed on line by line, and is part of the error when it fails.
 *
 * @throws {ReleaseError} when the command cannot be started, fails, or is interrupted
 */
export async function buildFunction({ argv, cwd, env, onLine = () => undefined, signal }: BuildOptions): Promise<void> {
  const [command = "", ...args] = argv;
  const shown = argv.join(" ");
  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    lines.splice(0, lines.length - shownLines);
    onLine(line);
  };
  const { code } = await runProcess({
    ...{ command, args, cwd, env, signal, killAfterMs },
    onStdoutLine: keep,
    onStderrLine: keep,
  });
  if (code === 0) {
    return;
  }
  if (signal?.aborted) {
    const next = "type the same command again";
    throw new ReleaseError({
      kind: "interrupted",
      what: `Stopped ${shown} in ${cwd}`,
      why: "it was asked to stop",
      next,
    });
  }
  throw new ReleaseError({
    kind: "failed",
    what: `${shown} failed in ${cwd}`,
    why: [`exit code ${code}`, ...lines].join("\n"),
    next: `cd ${cwd} && ${shown}`,
  });
}
