import { judgeRate, judgeSpike, judgeStability } from "@slipway/analysis";
import type { VerdictStatus } from "@slipway/contracts";
import { SeededRandom } from "./seeded-random.ts";
import type { Outcomes } from "./simulate-canary.ts";

/** A judgement of something drawn by chance. */
export interface OtherJudgement {
  readonly name: string;
  readonly judge: (random: SeededRandom) => VerdictStatus;
}

const HOUR_MS = 3_600_000;

function limitOfOnePercent(total: number, rate: number): OtherJudgement {
  return {
    name: `limit of 1 %, ${total.toLocaleString("en-US")} requests, ${rate * 100} % fail`,
    judge: (random) => judgeRate({ events: random.binomial(total, rate), total }, { limit: 0.01 }).status,
  };
}

/** Errors come by chance, as many an hour as are expected. */
function spike(expectedBefore: number, expectedNow: number): OtherJudgement {
  const poisson = (random: SeededRandom, mean: number) => random.binomial(1_000_000, mean / 1_000_000);
  return {
    name: `${expectedBefore} errors expected in the hour before, ${expectedNow} now`,
    judge: (random) =>
      judgeSpike({
        before: poisson(random, expectedBefore),
        now: poisson(random, expectedNow),
        durations: { before: HOUR_MS, now: HOUR_MS },
      }).status,
  };
}

function countsOverTime(
  name: string,
  periods: number,
  total: number,
  rate: (period: number) => number,
): OtherJudgement {
  return {
    name: `${periods} periods of ${total} requests, ${name}`,
    judge: (random) =>
      judgeStability(
        Array.from({ length: periods }, (_, at) => ({ at, total, events: random.binomial(total, rate(at)) })),
      ).status,
  };
}

function valuesOverTime(
  name: string,
  periods: number,
  draw: (random: SeededRandom, period: number) => number,
): OtherJudgement {
  return {
    name: `${periods} values, ${name}`,
    judge: (random) =>
      judgeStability(Array.from({ length: periods }, (_, at) => ({ at, samples: 100, value: draw(random, at) })))
        .status,
  };
}

const logNormal = (random: SeededRandom) => 200 * Math.exp(0.2 * random.normal());

/** All verdicts but those about canaries, each where nothing is wrong, and where something is. */
export const otherJudgements: readonly OtherJudgement[] = [
  limitOfOnePercent(100, 0.005),
  limitOfOnePercent(1_000, 0.005),
  limitOfOnePercent(1_000, 0.01),
  limitOfOnePercent(1_000, 0.02),
  limitOfOnePercent(100, 0.05),
  limitOfOnePercent(1_000, 0.05),
  spike(5, 5),
  spike(100, 100),
  spike(5, 30),
  spike(100, 300),
  countsOverTime("0.5 % fail", 12, 100, () => 0.005),
  countsOverTime("5 % fail", 12, 100, () => 0.05),
  countsOverTime("0.5 % fail, 5 % in the second half", 12, 100, (period) => (period < 6 ? 0.005 : 0.05)),
  countsOverTime("0.5 % fail, 20 % in one of them", 12, 100, (period) => (period === 4 ? 0.2 : 0.005)),
  countsOverTime("0 to 5 %, rising steadily", 24, 100, (period) => (0.05 * period) / 23),
  valuesOverTime("that scatter by a fifth", 12, logNormal),
  valuesOverTime("twice as high in the second half", 12, (random, period) => logNormal(random) * (period < 6 ? 1 : 2)),
  valuesOverTime(
    "three times as high in the second half",
    24,
    (random, period) => logNormal(random) * (period < 12 ? 1 : 3),
  ),
  valuesOverTime("with a heavy tail", 24, (random) => (1 - random.next()) ** (-1 / 1.5)),
];

/** Judges so many draws. */
export function countOutcomes({ judge }: OtherJudgement, { trials, seed }: { trials: number; seed: number }): Outcomes {
  const outcomes = { failed: 0, inconclusive: 0, successful: 0, error: 0 };
  for (let trial = 0; trial < trials; trial += 1) {
    outcomes[judge(new SeededRandom(seed, trial))] += 1;
  }
  return outcomes;
}
