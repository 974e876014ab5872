import { runCli } from "./run-cli.ts";

const interrupted = new AbortController();
let signals = 0;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // The first one asks; a second one insists.
    if (++signals > 1) {
      process.exit(130);
    }
    interrupted.abort(signal);
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  isTty: process.stderr.isTTY === true && process.env["TERM"] !== "dumb",
  columns: process.stderr.columns ?? 80,
  signal: interrupted.signal,
});
