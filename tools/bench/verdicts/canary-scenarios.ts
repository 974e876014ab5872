import { compareRates } from "@slipway/analysis";
import type { Target } from "../benchmark.ts";
import type { CanaryScenario, JudgeCanary, Outcomes } from "./simulate-canary.ts";

/** A scenario with what must hold for it. */
export interface JudgedScenario {
  readonly name: string;
  readonly scenario: CanaryScenario;
  /** Which canaries are counted. */
  readonly counts: (outcomes: Outcomes) => number;
  readonly target?: Target;
}

const failed = ({ failed }: Outcomes) => failed;
const notFailed = ({ inconclusive, successful, error }: Outcomes) => inconclusive + successful + error;
const guessed = ({ failed, successful, error }: Outcomes) => failed + successful + error;

const under1 = { is: "under", value: 1 } as const;
const under5 = { is: "under", value: 5 } as const;

const canary = { requests: 2_000, weight: 0.1, looks: 1 } as const;
const fiveLooks = { ...canary, looks: 5 } as const;

function unchanged(name: string, base: typeof canary | typeof fiveLooks, rate: number): JudgedScenario {
  return { name, scenario: { ...base, baseline: rate, candidate: rate }, counts: failed, target: under1 };
}

function missed(
  name: string,
  base: Omit<CanaryScenario, "baseline" | "candidate">,
  [baseline, candidate]: readonly [number, number],
  target?: Target,
): JudgedScenario {
  return { name, scenario: { ...base, baseline, candidate }, counts: notFailed, target };
}

/** Canaries of 2,000 requests with 10 % for the candidate, in percent of all trials. */
export const canaryScenarios: readonly JudgedScenario[] = [
  unchanged("0 % unchanged", canary, 0),
  unchanged("0.1 % unchanged", canary, 0.001),
  unchanged("0.5 % unchanged", canary, 0.005),
  unchanged("1 % unchanged", canary, 0.01),
  unchanged("5 % unchanged", canary, 0.05),
  unchanged("0.5 % same, 5 looks", fiveLooks, 0.005),
  unchanged("1 % same, 5 looks", fiveLooks, 0.01),
  unchanged("5 % same, 5 looks", fiveLooks, 0.05),
  missed("0.5 to 5 % missed", canary, [0.005, 0.05], under5),
  missed("same, 5 looks", fiveLooks, [0.005, 0.05], under5),
  missed("0 to 10 % missed", canary, [0, 0.1], under5),
  {
    name: "20 requests, judged",
    scenario: { ...canary, requests: 20, baseline: 0.005, candidate: 0.5 },
    counts: guessed,
    target: { is: "at most", value: 0 },
  },
];

/** More of them, for the table of what to expect: other effects, sizes and weights. */
export const furtherScenarios: readonly CanaryScenario[] = [
  ...[0.01, 0.02, 0.03, 0.05, 0.1].map((candidate) => ({ ...canary, baseline: 0.005, candidate })),
  ...[0, 0.01, 0.02].map((baseline) => ({ ...canary, baseline, candidate: 0.05 })),
  ...[500, 1_000, 5_000, 20_000].flatMap((requests) =>
    [0.005, 0.05].map((candidate) => ({ ...canary, requests, baseline: 0.005, candidate })),
  ),
  ...[0.01, 0.05, 0.25, 0.5].flatMap((weight) =>
    [0.005, 0.05].map((candidate) => ({ ...canary, weight, baseline: 0.005, candidate })),
  ),
];

/** The verdict of `compareRates` with its defaults. */
export function byExactTest(looks: number): JudgeCanary {
  return (comparison) => compareRates(comparison, { looks }).status;
}

/** What is done where nobody tests: failed from 1 % of the candidate's requests on. */
export const byThreshold: JudgeCanary = ({ candidate: { events, total } }) =>
  total > 0 && events / total >= 0.01 ? "failed" : "successful";
