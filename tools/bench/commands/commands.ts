import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../benchmark.ts";
import { compareRounds } from "../compare-rounds.ts";
import { type Cleanup, withCleanup } from "../support/cleanup.ts";
import { startLocalAws } from "../support/local-aws-server.ts";
import { repositoryRoot, slipwayProgram } from "../support/repository.ts";
import { runToEnd } from "../support/run-to-end.ts";
import { takeTurnsAmong } from "../take-turns-among.ts";
import { releasedPlace } from "./released-place.ts";

const HELP_WITHIN_S = 0.15;
const STATUS_WITHIN_S = 1;

/** How long people wait for the commands that they type most. */
export const commands: Benchmark = {
  name: "commands",
  summary:
    "seconds from the start to the end of `slipway --help`, and of `slipway status` on a local AWS that runs, with 20 alarms and a ledger of many releases. The limits are on that time itself; beside it `node -e 0`, and how many times that it is, to tell a slow machine.",
  sides: ["slipway", "node -e 0"],
  run: (context) => withCleanup((cleanup) => measure(context, cleanup)),
};

async function measure(
  { quick, signal, say, ...context }: BenchmarkContext,
  cleanup: Cleanup,
): Promise<BenchmarkResult> {
  const rounds = context.rounds ?? (quick ? 5 : 15);
  const releases = quick ? 5 : 50;
  const [dataDir, folder] = [await cleanup.temporaryFolder("data"), await cleanup.temporaryFolder("repository")];
  const { client, endpoint } = await startLocalAws(dataDir, cleanup, signal);
  say(`writing a ledger of ${releases} releases`);
  await releasedPlace({ folder, dataDir }, client, releases);

  const node = async (cwd: string, ...words: readonly string[]) =>
    (
      await runToEnd(process.execPath, ["--disable-warning=ExperimentalWarning", ...words], {
        ...{ cwd, env: process.env, signal },
      })
    ).seconds;
  const measured = await takeTurnsAmong(
    rounds,
    {
      help: () => node(repositoryRoot, slipwayProgram, "--help"),
      status: () => node(folder, slipwayProgram, "status", "prod", "--port", new URL(endpoint).port),
      node: () => node(repositoryRoot, "-e", "0"),
    },
    {
      signal,
      onRound: (round, turn) =>
        say(
          `round ${round} of ${rounds}: --help ${ms(turn.help)}, status ${ms(turn.status)}, node -e 0 ${ms(turn.node)}`,
        ),
    },
  );
  const figure = (name: string, ours: readonly number[], within: number) => [
    compareRounds({
      ...{ name: `${name}, s`, unit: "s", ours, reference: measured.node, comparison: "ours" },
      target: { is: "under", value: within },
    }),
    compareRounds({ name: `${name}, times node`, unit: "s", ours, reference: measured.node, comparison: "ratio" }),
  ];
  return {
    rounds,
    figures: [
      ...figure("slipway --help", measured.help, HELP_WITHIN_S),
      ...figure("slipway status", measured.status, STATUS_WITHIN_S),
    ],
    notes: ["The limits are those of two cores with nothing else to do."],
  };
}

function ms(seconds: number): string {
  return `${Math.round(seconds * 1_000)} ms`;
}
