import {
  combineVerdicts,
  compareLatencySamples,
  compareRates,
  type LatencySamples,
  type RatePair,
} from "@slipway/analysis";
import type { FunctionConfig, SmokeResult, SmokeScenario, Verdict } from "@slipway/contracts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { Clock } from "../ports/clock.ts";
import type { FunctionInvoker } from "../ports/function-invoker.ts";
import type { ReleaseError } from "../release-error.ts";
import { proofOf } from "../smoke/proof-of.ts";
import { proveByInvocations } from "../smoke/prove-by-invocations.ts";
import { smokeVersion } from "../smoke/smoke-version.ts";
import { isPassing, telling } from "../smoke/until-answered.ts";
import type { PublishedFunction } from "./published-functions.ts";

export interface AskPorts {
  readonly invoker: FunctionInvoker;
  /** What durations are measured with. */
  readonly systemClock: Clock;
}

export interface AskRequest {
  readonly published: readonly PublishedFunction[];
  readonly functions: readonly FunctionConfig[];
  readonly stage: string;
  readonly resources: readonly string[];
  readonly scenario: SmokeScenario;
  /** For all functions together. */
  readonly falseAlarms: number;
  /** The share of bad answers that has to be found. */
  readonly mustFind: number;
  line(text: string): void;
  readonly signal: AbortSignal;
}

/**
 * With so many answers of each version, divided by the share of bad ones that has to be found, that share is found in four of five cases,
 * where there is one function: 400 for five percent. Several share the false alarms, and each of them needs more: with half of the error
 * level, a seventh more finds as much.
 */
const ENOUGH_TIMES_SHARE = 20;
const MORE_FOR_TWICE_AS_MANY = 0.15;
/**
 * Where so many cannot tell, half as many more are asked each time, up to three times as many: on a machine that is busy with other things
 * the old version has slow answers too, and it takes more of them to tell a slower one.
 */
const MORE_EACH_TIME = 1.5;
const MOST_TIMES_ENOUGH = 3;
/** After so many it is looked at first: a version that does not even start need not be asked 400 times. */
const FIRST_LOOK = 40;
/** As many runs of the scenario side by side. */
const LANES = 4;
const MOST_ROUNDS = 240;
/** No longer than this, for one function. */
const MOST_MS = 300_000;

interface Answers {
  total: number;
  failed: number;
  readonly durations: number[];
  /** Of the last answer that was not as it must be. */
  failure?: string;
}

/**
 * Asks both versions of each function the same, again and again, past gateway and alias: where there is too little traffic to judge by.
 * Both are asked at the same time, so that whatever else happens happens to both. What AWS itself did not answer is asked again, and counts
 * for neither.
 *
 * @throws {ReleaseError} `interrupted`; where nobody can ask: a right is missing, or the lease is lost
 */
export async function askVersions(ports: AskPorts, request: AskRequest): Promise<Verdict> {
  const verdicts: Record<string, Verdict> = {};
  const { mustFind } = request;
  const policy: AskPolicy = {
    falseAlarms: request.falseAlarms / (2 * Math.max(1, request.published.length)),
    mustFind,
  };
  for (const [index, each] of request.published.entries()) {
    const number = request.published.length === 1 ? "" : String(index + 1);
    const answers = await askBoth(ports, request, each, policy);
    if (answers === undefined) {
      const reason = `Nothing says how to ask a version of ${each.name}: add functions[].proof in slipway.config.ts.`;
      verdicts[`asked${number}`] = { status: "inconclusive", reason, numbers: {} };
      continue;
    }
    const { rates, latency, failure } = answers;
    verdicts[`asked${number}Answers`] =
      rates.status === "failed" && failure !== undefined
        ? { ...rates, reason: `${rates.reason} The last of them: ${failure}` }
        : rates;
    verdicts[`asked${number}Latency`] = latency;
  }
  return combineVerdicts(verdicts);
}

const UNITS = "requests of our own";

function sidesOf({ name, version, previousVersion }: PublishedFunction) {
  return { candidate: `version ${version} of ${name}`, baseline: `version ${previousVersion}` };
}

/** Judges one function at each look, by all that was answered since it was asked first. */
class Looks {
  readonly #words: ReturnType<typeof sidesOf> & { readonly units: string };
  readonly #policy: AskPolicy & { readonly minimumTotal: number };
  readonly #rates: RatePair[] = [];
  readonly #samples: LatencySamples[] = [];

  constructor(published: PublishedFunction, policy: AskPolicy) {
    this.#words = { ...sidesOf(published), units: UNITS };
    this.#policy = { ...policy, minimumTotal: FIRST_LOOK };
  }

  rates({ candidate, baseline }: Pair): Verdict {
    const sample = ({ failed, total }: Answers) => ({ events: failed, total });
    const now = { candidate: sample(candidate), baseline: sample(baseline) };
    const verdict = compareRates(
      { ...now, earlier: [...this.#rates] },
      { ...this.#policy, looks: 2, words: { ...this.#words, events: "were not answered as they must be" } },
    );
    this.#rates.push(now);
    return verdict;
  }

  latency({ candidate, baseline }: Pair): Verdict {
    const now = { candidate: [...candidate.durations], baseline: [...baseline.durations] };
    const verdict = compareLatencySamples(
      { ...now, earlier: [...this.#samples] },
      { ...this.#policy, words: this.#words },
    );
    this.#samples.push(now);
    return verdict;
  }
}

/** Of one comparison of one function. */
interface AskPolicy {
  readonly falseAlarms: number;
  readonly mustFind: number;
}

interface Pair {
  readonly candidate: Answers;
  readonly baseline: Answers;
}

/** What the answers of a function came to. */
interface Judged {
  readonly rates: Verdict;
  readonly latency: Verdict;
  readonly failure: string | undefined;
}

/** @returns undefined where nothing says how to ask it */
async function askBoth(
  ports: AskPorts,
  request: AskRequest,
  published: PublishedFunction,
  policy: AskPolicy,
): Promise<Judged | undefined> {
  const config = request.functions.find(({ name }) => name === published.name);
  const proof = config && proofOf(config, request.functions);
  if (proof === undefined) {
    return undefined;
  }
  const { signal, line } = request;
  const ask = async (version: string): Promise<SmokeResult | undefined> => {
    const target = { functionName: published.functionName, version };
    const errors: ReleaseError[] = [];
    const note = (error: ReleaseError) => void errors.push(error);
    const invoker: FunctionInvoker = { invoke: telling((call) => ports.invoker.invoke(call), note) };
    const using = { invoker, clock: ports.systemClock };
    const result = await (proof === "smoke"
      ? smokeVersion(
          using,
          { ...target, stage: request.stage, resources: request.resources },
          withoutWaiting(request.scenario),
          { signal },
        )
      : proveByInvocations(using, target, proof.invocations, { signal, onError: () => undefined }));
    // That an answer does not come in time is the version's.
    const error = errors.find(({ kind }) => kind !== "timeout");
    if (error !== undefined && !isPassing(error)) {
      throw error;
    }
    return error === undefined ? result : undefined;
  };
  const looks = new Looks(published, policy);
  const candidate: Answers = { total: 0, failed: 0, durations: [] };
  const baseline: Answers = { total: 0, failed: 0, durations: [] };
  line(
    `too little traffic: asking versions ${published.version} and ${published.previousVersion} of ${published.name}`,
  );

  // Instances that have to start first would tell nothing about the version's own speed.
  await Promise.all([ask(published.version), ask(published.previousVersion)]);
  const startedAt = ports.systemClock.now();
  const enough =
    (ENOUGH_TIMES_SHARE / request.mustFind) * (1 + MORE_FOR_TWICE_AS_MANY * Math.log2(request.published.length));
  const answers = { candidate, baseline };
  let judged: Judged | undefined;
  let judgedAt = 0;
  const judge = (): Judged => {
    // A look at nothing new would be none.
    if (judged === undefined || judgedAt < candidate.total + baseline.total) {
      judgedAt = candidate.total + baseline.total;
      judged = { rates: looks.rates(answers), latency: looks.latency(answers), failure: candidate.failure };
    }
    return judged;
  };
  let wanted = enough;
  let hasLooked = false;
  for (let round = 0; round < MOST_ROUNDS && ports.systemClock.now() - startedAt < MOST_MS; round += 1) {
    if (fewest(answers) >= wanted) {
      const { rates, latency } = judge();
      const isTold = combineVerdicts({ rates, latency }).status !== "inconclusive";
      if (isTold || wanted >= enough * MOST_TIMES_ENOUGH) {
        break;
      }
      wanted = Math.min(wanted * MORE_EACH_TIME, enough * MOST_TIMES_ENOUGH);
      line(`${fewest(answers)} answers of each cannot tell yet: asking for ${Math.ceil(wanted)}`);
    }
    assertNotInterrupted(signal, `while versions of ${published.name} were asked; the traffic stays as it is`);
    const runs = await Promise.all(
      Array.from({ length: LANES }, () => [ask(published.version), ask(published.previousVersion)] as const).flat(),
    );
    const answered = runs.map((run, index) => ({ run, answers: index % 2 === 0 ? candidate : baseline }));
    const before = candidate.total + baseline.total;
    for (const { run, answers } of answered) {
      if (run !== undefined) {
        count(answers, run);
      }
    }
    if (candidate.total + baseline.total === before && runs.every((run) => run !== undefined)) {
      // Nothing of it is asked of a version.
      break;
    }
    if (!hasLooked && fewest(answers) >= FIRST_LOOK) {
      hasLooked = true;
      const rates = looks.rates(answers);
      if (rates.status === "failed") {
        return { rates, latency: looks.latency(answers), failure: candidate.failure };
      }
    }
  }
  return judge();
}

function fewest({ candidate, baseline }: Pair): number {
  return Math.min(candidate.total, baseline.total);
}

/** That a version is ready is no answer of its own. */
function withoutWaiting({ ready: _, ...scenario }: SmokeScenario): SmokeScenario {
  return scenario;
}

function count(answers: Answers, { steps, cleanup }: SmokeResult): void {
  for (const { outcome, durationMs, attempts, name, message } of [...steps, ...cleanup]) {
    if (outcome !== "passed" && outcome !== "failed") {
      continue;
    }
    answers.total += 1;
    if (outcome === "failed") {
      answers.failed += 1;
      answers.failure = `${name}: ${(message ?? "failed").split("\n")[0]}`;
    }
    // With several attempts it is the time of all of them, and of the pauses between.
    if (attempts === 1) {
      answers.durations.push(durationMs);
    }
  }
}
