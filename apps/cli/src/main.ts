import { constants } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { runCli } from "./run-cli.ts";
import { ask } from "./terminal/ask.ts";

/** npm and npx pass on the signal that the terminal has sent already: what comes within this time is the same Ctrl-C. */
const SAME_SIGNAL_MS = 500;

/** How long a process that was asked to stop stays for that echo. */
const ECHO_MS = 200;

const interrupted = new AbortController();
let askedAt: number | undefined;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // The first one asks; a second one insists.
    askedAt ??= performance.now();
    if (interrupted.signal.aborted && performance.now() - askedAt > SAME_SIGNAL_MS) {
      process.exit(128 + constants.signals[signal]);
    }
    // Without a reason of its own: what asks the signal to throw would throw that, and it must be an AbortError.
    interrupted.abort();
  });
}

const stdoutClosed = new AbortController();
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // `slipway ... | head` has read enough; a command that changes something must still come to its end.
    if (error.code !== "EPIPE") {
      throw error;
    }
    if (stream === process.stdout) {
      stdoutClosed.abort();
    }
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  isTty: process.stderr.isTTY === true && process.env.TERM !== "dumb",
  isStdoutTty: process.stdout.isTTY === true && process.env.TERM !== "dumb",
  stdoutClosed: stdoutClosed.signal,
  get columns() {
    // A pseudo terminal that nobody gave a size has 0 columns.
    return process.stderr.columns || process.stdout.columns || 80;
  },
  ...(process.stdin.isTTY === true && process.stderr.isTTY === true
    ? { ask: (question: string) => ask(question, process.stdin, process.stderr, interrupted.signal) }
    : {}),
  signal: interrupted.signal,
});

if (askedAt !== undefined) {
  // A signal that comes while Node is taking itself down kills it, whatever the exit code was to be: let the echo come first.
  await wait(Math.max(0, askedAt + ECHO_MS - performance.now()));
}
