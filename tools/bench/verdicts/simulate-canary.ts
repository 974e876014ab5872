import type { RateComparison, RatePair } from "@slipway/analysis";
import type { VerdictStatus } from "@slipway/contracts";
import { SeededRandom } from "./seeded-random.ts";

/** A canary that is judged, again and again. */
export interface CanaryScenario {
  /** Requests of both versions together. */
  readonly requests: number;
  /** Share of the requests that goes to the candidate, each by chance. */
  readonly weight: number;
  /** How often it is judged, evenly spread. It ends with the first that fails it. */
  readonly looks: number;
  /** Error rates. */
  readonly baseline: number;
  readonly candidate: number;
}

/** Judges what was counted so far. */
export type JudgeCanary = (comparison: RateComparison) => VerdictStatus;

/** How many canaries ended with each verdict. */
export type Outcomes = Readonly<Record<VerdictStatus, number>>;

/** Runs a canary many times. The same seed gives the same requests, whoever judges them. */
export function simulateCanary(
  { requests, weight, looks, baseline, candidate }: CanaryScenario,
  judge: JudgeCanary,
  { trials, seed }: { readonly trials: number; readonly seed: number },
): Outcomes {
  const outcomes = { failed: 0, inconclusive: 0, successful: 0, error: 0 };
  const judgeOnce = remember(judge);
  for (let trial = 0; trial < trials; trial += 1) {
    const random = new SeededRandom(seed, trial);
    const earlier: RatePair[] = [];
    let status: VerdictStatus = "inconclusive";
    let now: RatePair = { baseline: { events: 0, total: 0 }, candidate: { events: 0, total: 0 } };
    for (let look = 1; look <= looks && status !== "failed"; look += 1) {
      const arrived = Math.round((requests * look) / looks) - now.baseline.total - now.candidate.total;
      const own = random.binomial(arrived, weight);
      now = {
        baseline: {
          events: now.baseline.events + random.binomial(arrived - own, baseline),
          total: now.baseline.total + arrived - own,
        },
        candidate: {
          events: now.candidate.events + random.binomial(own, candidate),
          total: now.candidate.total + own,
        },
      };
      status = judgeOnce({ ...now, earlier: [...earlier] });
      earlier.push(now);
    }
    outcomes[status] += 1;
  }
  return outcomes;
}

/** The same counts get the same verdict, and many trials have the same counts. */
function remember(judge: JudgeCanary): JudgeCanary {
  const known = new Map<string, VerdictStatus>();
  return (comparison) => {
    const key = JSON.stringify(comparison);
    const status = known.get(key) ?? judge(comparison);
    known.set(key, status);
    return status;
  };
}
