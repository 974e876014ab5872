import type { LedgerEntry, StepKind } from "@slipway/contracts";
import { LAB_ENVIRONMENT, Lab } from "@slipway/e2e/release-lab";
import { trafficOf } from "@slipway/e2e/release-traffic";
import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../benchmark.ts";
import { compareRounds } from "../compare-rounds.ts";
import { median } from "../median.ts";

const target = { is: "under", value: 10 } as const;

/** What is Terraform's: it is started in each of these, if only to show a plan. */
const TERRAFORM: readonly StepKind[] = ["infrastructure.plan", "infrastructure.approve", "infrastructure.apply"];

/** So many users, and so long between two turns, that a minute has enough to judge by, and the machine is not full. */
const USERS = { clients: 4, pauseMs: 100 };

const SHARE = 50;
const MINUTE_MS = 60_000;

/** One release, in seconds. */
interface ReleaseRun {
  readonly terraform: number;
  /** Until the canary's hold was over. */
  readonly waited: number;
  /** Everything but Terraform and what was waited for; the start of the program and the end of the lease included. */
  readonly overhead: number;
  readonly parts: Readonly<Record<string, number>>;
}

/** What a release costs beside what it is made of. */
export const release: Benchmark = {
  name: "release",
  summary:
    "seconds of `slipway deploy` of one changed function with a canary on local AWS, by the real clock and under its users' requests, that are neither Terraform's nor waited for as the canary's hold says, against those of Terraform in the same release; the build is `true`.",
  sides: ["slipway", "terraform"],
  run: measure,
};

async function measure(context: BenchmarkContext): Promise<BenchmarkResult> {
  const rounds = context.rounds ?? (context.quick ? 1 : 3);
  context.say("making the first release");
  const settings = { functions: ["orders"] as const, canary: [SHARE] };
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
      context.say(
        `round ${round} of ${rounds}: ${run.overhead.toFixed(1)} s beside ${run.terraform.toFixed(1)} s, and ${run.waited.toFixed(1)} s waited`,
      );
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
  const traffic = trafficOf(await lab.apiUrl(), USERS, async (ask) => {
    const order = (await ask("POST", "/orders", 201, { what: "a hammer" })) as { id?: string } | undefined;
    if (order?.id !== undefined) {
      await ask("GET", `/orders/${order.id}`, 200);
      await ask("DELETE", `/orders/${order.id}`, 204);
    }
  });
  try {
    const startedAt = performance.now();
    const { code, stderr } = await lab.start(["deploy", LAB_ENVIRONMENT, "--wait", "none"]).ended;
    const seconds = (performance.now() - startedAt) / 1000;
    if (code !== 0) {
      throw new Error(`slipway deploy ended with ${code}:\n${stderr}`);
    }
    const { entries } = await lab.ledger();
    const parts = durationsOf(entries);
    const terraform = TERRAFORM.reduce((sum, kind) => sum + (parts[kind] ?? 0), 0);
    const waited = waitedFor(entries);
    return { terraform, waited, overhead: seconds - terraform - waited, parts };
  } finally {
    await traffic.stop();
  }
}

/**
 * Seconds until the hold was over: a minute, counted from the first whole one, because CloudWatch counts by the minute. What its judgement
 * took longer is none of it.
 */
function waitedFor(entries: readonly LedgerEntry[]): number {
  const timeOf = (type: "step.started" | "step.finished", step: string): number => {
    const entry = entries.find(({ release: of, body }) => of === "r2" && body.type === type && body.step === step);
    if (entry === undefined) {
      throw new Error(`The ledger has no ${type} of ${step}: there was no canary to measure`);
    }
    return Date.parse(entry.at);
  };
  const begun = timeOf("step.started", `traffic.judge.${SHARE}`);
  const over = Math.ceil(timeOf("step.finished", `traffic.shift.${SHARE}`) / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  return (over - begun) / 1000;
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
