import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../benchmark.ts";
import { compareRounds } from "../compare-rounds.ts";
import { median } from "../median.ts";
import { Cleanup, withCleanup } from "../support/cleanup.ts";
import { freePort } from "../support/free-port.ts";
import { startLocalAws } from "../support/local-aws-server.ts";
import { repositoryRoot } from "../support/repository.ts";
import { runToEnd } from "../support/run-to-end.ts";
import { takeTurns } from "../take-turns.ts";
import { environmentName, TerraformAlone } from "./terraform-alone.ts";

const target = { is: "at most", value: 1.5 } as const;

/** One run of one side: the whole, and its parts by name, in seconds. */
interface JobRun {
  readonly seconds: number;
  readonly parts: Readonly<Record<string, number>>;
}

/** What `npm start` adds to Terraform. */
export const job: Benchmark = {
  name: "job",
  summary:
    "seconds of `npm start -- --once` in a fresh data folder, from nothing to a smoke-tested API, against terraform init, plan and apply alone of the same bootstrap and environment, on a fresh local AWS that runs already.",
  sides: ["npm start", "terraform"],
  run: (context) => withCleanup((cleanup) => measure(context, cleanup)),
};

async function measure(context: BenchmarkContext, cleanup: Cleanup): Promise<BenchmarkResult> {
  const { signal, say } = context;
  const rounds = context.rounds ?? 1;
  say("reading Terraform's provider into memory");
  const anywhere = "http://127.0.0.1:9";
  const warmUp = await TerraformAlone.prepare(await cleanup.temporaryFolder("warm-up"), anywhere, signal);
  await warmUp.warmUp();

  const { ours, reference } = await takeTurns(
    rounds,
    () => runJob(signal),
    () => runTerraform(signal),
    {
      signal,
      // A turn takes minutes; the provider is warm, and everything else is new in every round.
      warmUp: false,
      onRound: (round, own, other) =>
        say(`round ${round} of ${rounds}: ${own.seconds.toFixed(1)} s against ${other.seconds.toFixed(1)} s`),
    },
  );
  const figure = compareRounds({
    ...{ name: "whole job, s", unit: "s", comparison: "ratio", target },
    ours: ours.map(({ seconds }) => seconds),
    reference: reference.map(({ seconds }) => seconds),
  });
  return {
    rounds,
    figures: [figure],
    notes: [`npm start says: ${describe(ours)}.`, `terraform: ${describe(reference)}.`],
  };
}

/** The job as people type it, set-up's look around included. */
async function runJob(signal: AbortSignal): Promise<JobRun> {
  const cleanup = new Cleanup();
  try {
    const dataDir = await cleanup.temporaryFolder("job");
    const flags = ["--once", "--output", "json", "--port", String(await freePort()), "--data-dir", dataDir];
    const { seconds, stdout } = await runToEnd("npm", ["start", "--silent", "--", ...flags], {
      ...{ cwd: repositoryRoot, env: process.env, signal },
    });
    const { durationsMs }: { durationsMs: Record<string, number> } = JSON.parse(stdout);
    const parts = Object.entries(durationsMs).map(([name, ms]) => [name, ms / 1000]);
    return { seconds, parts: Object.fromEntries(parts) };
  } finally {
    await cleanup.run();
  }
}

async function runTerraform(signal: AbortSignal): Promise<JobRun> {
  const cleanup = new Cleanup();
  try {
    const { endpoint } = await startLocalAws(await cleanup.temporaryFolder("local-aws"), cleanup, signal);
    const terraform = await TerraformAlone.prepare(await cleanup.temporaryFolder("terraform"), endpoint, signal);
    const { bootstrap, environment } = await terraform.apply();
    return { seconds: bootstrap + environment, parts: { bootstrap, [environmentName]: environment } };
  } finally {
    await cleanup.run();
  }
}

/** Medians of the parts: `bootstrap 9.1 s, prod 24.0 s`. */
function describe(runs: readonly JobRun[]): string {
  return Object.keys(runs[0]?.parts ?? {})
    .map((name) => `${name} ${median(runs.map(({ parts }) => parts[name] ?? 0)).toFixed(1)} s`)
    .join(", ");
}
