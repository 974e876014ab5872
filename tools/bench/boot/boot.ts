import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../benchmark.ts";
import { compareRounds } from "../compare-rounds.ts";
import { helloFolder } from "../invoke/invoke.ts";
import { Cleanup, withCleanup } from "../support/cleanup.ts";
import { startLocalAws } from "../support/local-aws-server.ts";
import { takeTurns } from "../take-turns.ts";
import { type Filling, fillDataFolder } from "./fill-data-folder.ts";

const target = { is: "under", value: 1 } as const;

/** How long people wait for local AWS. */
export const boot: Benchmark = {
  name: "boot",
  summary:
    "seconds from starting `slipway local start --foreground` to the first answer of its health check. The result is that time itself; beside it, to tell a slow machine, `node -e 0`.",
  sides: ["local AWS", "node -e 0"],
  run: (context) => withCleanup((cleanup) => measure(context, cleanup)),
};

async function measure(context: BenchmarkContext, cleanup: Cleanup): Promise<BenchmarkResult> {
  const { quick, signal, say } = context;
  const rounds = context.rounds ?? (quick ? 3 : 7);
  const filling: Filling = quick ? { items: 500, invocations: 50 } : { items: 5_000, invocations: 500 };
  const filled = await cleanup.temporaryFolder("filled");
  say(`filling a data folder with ${filling.items} items and ${filling.invocations} calls`);
  await fillDataFolder(filled, helloFolder, filling, signal);

  const onRound = (folder: string) => (round: number, own: number, other: number) =>
    say(`${folder} folder, round ${round} of ${rounds}: ${own.toFixed(2)} s, node -e 0 ${other.toFixed(2)} s`);
  const empty = await takeTurns(
    rounds,
    async () => bootSeconds(await cleanup.temporaryFolder("empty"), signal),
    nodeSeconds,
    { signal, onRound: onRound("empty") },
  );
  const full = await takeTurns(rounds, () => bootSeconds(filled, signal), nodeSeconds, {
    ...{ signal, onRound: onRound("filled") },
  });
  return {
    rounds,
    figures: [
      compareRounds({ name: "empty folder, s", unit: "s", ...empty, comparison: "ours", target }),
      compareRounds({ name: "filled folder, s", unit: "s", ...full, comparison: "ours", target }),
    ],
  };
}

async function bootSeconds(dataDir: string, signal: AbortSignal): Promise<number> {
  const cleanup = new Cleanup();
  try {
    const { process: started } = await startLocalAws(dataDir, cleanup, signal);
    return started.startedInMs / 1000;
  } finally {
    await cleanup.run();
  }
}

async function nodeSeconds(): Promise<number> {
  const startedAt = performance.now();
  await promisify(execFile)(process.execPath, ["-e", "0"]);
  return (performance.now() - startedAt) / 1000;
}
