import { runCli } from "../run-cli.ts";

/** What a command line came to. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a command line is typed. */
export interface Place {
  /** The only environment variables there are. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Stands for Ctrl-C. */
  readonly signal?: AbortSignal;
  /** Told of each text on stdout as it comes. */
  readonly onStdout?: (text: string) => void;
  /** Told of each text on stderr as it comes. */
  readonly onStderr?: (text: string) => void;
  /** Stands for a reader of stdout that goes. */
  readonly stdoutClosed?: AbortSignal;
  /** Width of the terminal; none when stdout and stderr are pipes. */
  readonly terminal?: number;
}

/** Runs `slipway WORDS...` in this process, as if it had been typed. */
export async function runSlipway(words: readonly string[], place: Place = {}): Promise<Said> {
  let stdout = "";
  let stderr = "";
  const code = await runCli(words, {
    stdout: {
      write(text: string) {
        stdout += text;
        place.onStdout?.(text);
      },
    },
    stderr: {
      write(text: string) {
        stderr += text;
        place.onStderr?.(text);
      },
    },
    env: place.env ?? {},
    cwd: place.cwd ?? process.cwd(),
    isTty: place.terminal !== undefined,
    isStdoutTty: place.terminal !== undefined,
    ...(place.stdoutClosed === undefined ? {} : { stdoutClosed: place.stdoutClosed }),
    columns: place.terminal ?? 80,
    signal: place.signal ?? new AbortController().signal,
  });
  return { code, stdout, stderr };
}
