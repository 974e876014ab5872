import type { LedgerEntry, StepKind } from "@slipway/contracts";
import { Lab } from "@slipway/e2e/release-lab";
import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../benchmark.ts";
import { compareRounds } from "../compare-rounds.ts";
import { median } from "../median.ts";

const target = { is: "under", value: 10 } as const;

/** What is Terraform's: it is started in each of these, if only to show a plan. */
const TERRAFORM: readonly StepKind[] = ["infrastructure.plan", "infrastructure.approve", "infrastructure.apply"];

/** One release, in seconds. */
interface ReleaseRun {
  readonly terraform: number;
  /** Everything but Terraform and what was waited for; the start of the program and the end of the lease included. */
  readonly overhead: number;
  readonly parts: Readonly<Record<string, number>>;
}

/** What a release costs beside what it is made of. */
export const release: Benchmark = {
  name: "release",
  summary:
    "seconds of `slipway deploy` of one changed function with a canary on local AWS that are neither Terraform's nor waited for, against those of Terraform in the same release; the build is `true`, and what is sent in the place of a wait counts as ours.",
  sides: ["slipway", "terraform"],
  run: measure,
};

async function measure(context: BenchmarkContext): Promise<BenchmarkResult> {
  const rounds = context.rounds ?? (context.quick ? 1 : 3);
  context.say("making the first release");
  const settings = { functions: ["orders"] as const };
  const lab = await Lab.open(settings);
  const runs: ReleaseRun[] = [];
  try {
    for (let round = 1; round <= rounds; round += 1) {
      context.signal.throwIfAborted();
      await lab.backTo("one");
      lab.commit({
        name: "two",
        functions: ["orders"],
        settings: { ...settings, variables: { greeting: "good day" } },
      });
      const run = await releaseOnce(lab);
      context.say(`round ${round} of ${rounds}: ${run.overhead.toFixed(1)} s beside ${run.terraform.toFixed(1)} s`);
      runs.push(run);
    }
  } finally {
    await lab.close();
  }
  const figure = compareRounds({
    ...{ name: "overhead of a release, s", unit: "s", comparison: "ours", target },
    ours: runs.map(({ overhead }) => overhead),
    reference: runs.map(({ terraform }) => terraform),
  });
  return { rounds, figures: [figure], notes: [`steps: ${describe(runs)}.`] };
}

async function releaseOnce(lab: Lab): Promise<ReleaseRun> {
  const startedAt = performance.now();
  const { code, stderr } = await lab.deploy().ended;
  const seconds = (performance.now() - startedAt) / 1000;
  if (code !== 0) {
    throw new Error(`slipway deploy ended with ${code}:\n${stderr}`);
  }
  const parts = durationsOf((await lab.ledger()).entries);
  const terraform = TERRAFORM.reduce((sum, kind) => sum + (parts[kind] ?? 0), 0);
  return { terraform, overhead: seconds - terraform, parts };
}

/** Seconds by kind of step, of the second release. */
function durationsOf(entries: readonly LedgerEntry[]): Readonly<Record<string, number>> {
  const seconds: Record<string, number> = {};
  for (const { release: of, body } of entries) {
    if (of === "r2" && body.type === "step.finished") {
      seconds[body.kind] = (seconds[body.kind] ?? 0) + body.durationMs / 1000;
    }
  }
  return seconds;
}

/** Medians of the parts: `checklist 0.9 s, infrastructure.plan 4.0 s`. */
function describe(runs: readonly ReleaseRun[]): string {
  return Object.keys(runs[0]?.parts ?? {})
    .map((name) => `${name} ${median(runs.map(({ parts }) => parts[name] ?? 0)).toFixed(1)} s`)
    .join(", ");
}
