// npm run bench: what local AWS and the job cost, beside what they are made of. Exit code 1 when a target is missed or a
// benchmark failed, 2 for wrong usage, 130 when it was interrupted.

import { parseBenchOptions, UsageError } from "./bench-options.ts";
import { benchmarkNames, loadBenchmarks } from "./benchmarks.ts";
import { renderReport } from "./render-report.ts";
import { runBenchmarks } from "./run-benchmarks.ts";

const help = `npm run bench -- [--only NAME[,NAME...]] [--quick] [--rounds N] [--output text|json]

  --only NAME     run these benchmarks only: ${benchmarkNames.join(", ")}
  --quick         fewer requests and rounds: a look, not a measurement
  --rounds N      so many rounds instead of each benchmark's own number
  --output json   one JSON document on stdout instead of the table

Both sides of a comparison take turns in one run. Progress goes to stderr. The exit
code is 1 when a target is missed.
`;

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => interrupted.abort(new Error(`Stopped by ${signal}.`)));
}

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  try {
    const { only, quick, rounds, output, help: asksForHelp } = parseBenchOptions(words, benchmarkNames);
    if (asksForHelp) {
      process.stdout.write(help);
      return 0;
    }
    const chosen = await loadBenchmarks(only);
    const say = (text: string) => void process.stderr.write(`${text}\n`);
    const report = await runBenchmarks(chosen, { quick, rounds, signal: interrupted.signal, say });
    process.stdout.write(output === "json" ? `${JSON.stringify(report)}\n` : `\n${renderReport(report)}`);
    return report.passed ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) {
      process.stderr.write(`${interrupted.signal.reason.message}\n`);
      return 130;
    }
    if (error instanceof UsageError) {
      process.stderr.write(`bench: ${error.message}\n`);
      return 2;
    }
    throw error;
  }
}
