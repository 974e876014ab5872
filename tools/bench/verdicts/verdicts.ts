import { setImmediate } from "node:timers/promises";
import type { Benchmark, BenchmarkContext, BenchmarkResult, Figure } from "../benchmark.ts";
import { compareRounds } from "../compare-rounds.ts";
import {
  byExactTest,
  byThreshold,
  canaryScenarios,
  furtherScenarios,
  type JudgedScenario,
} from "./canary-scenarios.ts";
import { countOutcomes, otherJudgements } from "./other-judgements.ts";
import { type CanaryScenario, type Outcomes, simulateCanary } from "./simulate-canary.ts";
import { type LatencyScenario, simulateLatencies } from "./simulate-latencies.ts";

const TRIALS = 10_000;

/** For what takes longer: drawing and sorting 2,000 latencies, judging a series. */
const SLOW_TRIALS = 1_000;

const latencyScenarios: readonly { name: string; scenario: LatencyScenario }[] = [
  { name: "no slower", scenario: { requests: 2_000, weight: 0.1, slowShare: 0, slower: 1 } },
  { name: "all 1.2 times slower", scenario: { requests: 2_000, weight: 0.1, slowShare: 1, slower: 1.2 } },
  { name: "all twice as slow", scenario: { requests: 2_000, weight: 0.1, slowShare: 1, slower: 2 } },
  { name: "all 5 times slower", scenario: { requests: 2_000, weight: 0.1, slowShare: 1, slower: 5 } },
  { name: "10 % of them 5 times slower", scenario: { requests: 2_000, weight: 0.1, slowShare: 0.1, slower: 5 } },
  { name: "5 % of them 5 times slower", scenario: { requests: 2_000, weight: 0.1, slowShare: 0.05, slower: 5 } },
  { name: "2 % of them 5 times slower", scenario: { requests: 2_000, weight: 0.1, slowShare: 0.02, slower: 5 } },
  { name: "all 5 times slower, 200 requests", scenario: { requests: 200, weight: 0.1, slowShare: 1, slower: 5 } },
];

/** How often verdicts are right: their operating characteristics. */
export const verdicts: Benchmark = {
  name: "verdicts",
  summary: `percent of ${TRIALS.toLocaleString("en-US")} simulated canaries of 2,000 requests, 10 % of them for the candidate, that are rolled back though nothing is wrong, or missed though something is; both sides judge the same requests. A round is another seed.`,
  sides: ["exact", ">= 1 %"],
  run: measure,
};

async function measure({ quick, rounds: asked, signal, say }: BenchmarkContext): Promise<BenchmarkResult> {
  const rounds = asked ?? (quick ? 1 : 3);
  const figures: Figure[] = [];
  for (const judged of canaryScenarios) {
    figures.push(await figureOf(judged, rounds, signal));
    say(`${judged.name}: ${figures.at(-1)?.value} %`);
  }
  const notes = ["Other canaries, percent failed / inconclusive / successful:"];
  for (const scenario of furtherScenarios) {
    await breathe(signal);
    notes.push(
      `${nameOf(scenario)}: ${sharesOf(simulateCanary(scenario, byExactTest(1), { trials: TRIALS, seed: 1 }), TRIALS)}`,
    );
  }
  const trials = quick ? SLOW_TRIALS / 10 : SLOW_TRIALS;
  notes.push(`Other judgements, ${trials.toLocaleString("en-US")} trials each; latencies of such canaries first:`);
  for (const { name, scenario } of latencyScenarios) {
    await breathe(signal);
    notes.push(`${name}: ${sharesOf(simulateLatencies(scenario, { trials, seed: 1 }), trials)}`);
  }
  for (const judgement of otherJudgements) {
    await breathe(signal);
    notes.push(`${judgement.name}: ${sharesOf(countOutcomes(judgement, { trials, seed: 1 }), trials)}`);
  }
  return { rounds, figures, notes };
}

async function figureOf(
  { name, scenario, counts, target }: JudgedScenario,
  rounds: number,
  signal: AbortSignal,
): Promise<Figure> {
  const [ours, reference]: [number[], number[]] = [[], []];
  for (let seed = 1; seed <= rounds; seed += 1) {
    await breathe(signal);
    const run = { trials: TRIALS, seed };
    ours.push((100 * counts(simulateCanary(scenario, byExactTest(scenario.looks), run))) / TRIALS);
    reference.push((100 * counts(simulateCanary(scenario, byThreshold, run))) / TRIALS);
  }
  return compareRounds({
    name,
    unit: "%",
    ours,
    reference,
    comparison: "ours",
    ...(target === undefined ? {} : { target }),
  });
}

/** Lets an interrupt through between two simulations. */
async function breathe(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}

function nameOf({ requests, weight, baseline, candidate }: CanaryScenario): string {
  const change =
    baseline === candidate ? `${percent(baseline)} unchanged` : `${percent(baseline)} to ${percent(candidate)}`;
  return `${requests.toLocaleString("en-US")} requests, ${percent(weight)} for the candidate, ${change}`;
}

function sharesOf({ failed, inconclusive, successful }: Outcomes, trials: number): string {
  const shares = [failed, inconclusive, successful].map((count) => Number(((100 * count) / trials).toFixed(1)));
  return shares.join(" / ");
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
