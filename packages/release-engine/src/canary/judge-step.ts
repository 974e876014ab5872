import type { Verdict } from "@slipway/contracts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { StepContext, StepEnd, StepHandler } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { askVersions } from "./ask-versions.ts";
import { type CanaryHold, canaryHold, shiftBefore } from "./canary-hold.ts";
import { compareVersions } from "./compare-versions.ts";
import { VersionMeasurement } from "./measure-versions.ts";
import { type PublishedFunction, publishedFunctions } from "./published-functions.ts";
import type { TrafficDeps } from "./traffic-handlers.ts";

/** Of the false alarms, what is kept for asking the versions themselves. */
const PART_FOR_ASKING = 1 / 3;
/** How often a measurement that failed at the end of a hold is tried again, a minute later each time. */
const MOST_TRIES = 5;
const MINUTE_MS = 60_000;

/**
 * Watches the new versions beside the old ones for the time of a hold, and judges them at each look by all that was counted since the
 * canary began.
 *
 *     look ── failed ─────────────── the release is put back at once
 *       │
 *     end of the hold
 *       ├─ successful ────────────── the release goes on
 *       ├─ inconclusive ──────────── both versions are asked, if the configuration says so; otherwise the release waits for people
 *       └─ could not be measured ─── tried again for some minutes; then the release is put back: nobody watches it
 */
export function judgeStep(deps: TrafficDeps): StepHandler<"traffic.judge"> {
  return async (context) => {
    const shift = shiftBefore(context.plan, context.step);
    const functions = publishedFunctions(context.record).filter(({ changed }) => changed);
    if (shift === undefined || context.result("traffic.shift", shift.id).functions.length === 0) {
      const reason = "No traffic was split, so there is nothing to compare.";
      const verdict: Verdict = { status: "inconclusive", reason, numbers: {} };
      return { outcome: "nothing-to-do", summary: "no traffic was split", result: { verdict, looks: 0 } };
    }
    return new Judgement(deps, context, functions).run();
  };
}

/** One hold. */
class Judgement {
  readonly #deps: TrafficDeps;
  readonly #context: StepContext;
  readonly #functions: readonly PublishedFunction[];
  readonly #hold: CanaryHold;
  readonly #delayMs: number;
  #measurements: readonly VersionMeasurement[] | undefined;
  /** Taken by this process. */
  #looks = 0;

  constructor(deps: TrafficDeps, context: StepContext, functions: readonly PublishedFunction[]) {
    this.#deps = deps;
    this.#context = context;
    this.#functions = functions;
    const { canary } = deps.environment.release;
    this.#hold = canaryHold(context.plan, context.record, context.step, canary);
    this.#delayMs = canary.metricsDelaySeconds * 1000;
  }

  async run(): Promise<StepEnd<"traffic.judge">> {
    const { clock } = this.#deps;
    const { earlier, looks } = this.#hold;
    const seen = [...earlier];
    let verdict: Verdict | undefined;
    for (const [index, end] of looks.entries()) {
      const isLast = index === looks.length - 1;
      seen.push(end);
      // Where a process was killed, or the release waited for people, some looks have passed: the last of them sees it all.
      if (!isLast && clock.now() >= (looks[index + 1] as number) + this.#delayMs) {
        continue;
      }
      await this.#waitUntil(end + this.#delayMs);
      if (isLast) {
        this.#addLate(seen);
      }
      verdict = await this.#look(seen);
      if (verdict.status === "failed") {
        return this.#failed(verdict);
      }
    }
    return this.#end(await this.#lookOn(verdict as Verdict, seen));
  }

  /** At the end of a hold: what could not be measured is measured again, and what is suspicious is watched for as long again. */
  async #lookOn(last: Verdict, seen: number[]): Promise<Verdict> {
    const { clock } = this.#deps;
    const { looks } = this.#hold;
    let verdict = last;
    for (let tries = 1; verdict.status === "error" && tries < MOST_TRIES; tries += 1) {
      await this.#waitUntil(clock.now() + MINUTE_MS);
      verdict = await this.#look(seen);
    }
    for (let more = 0; more < looks.length && verdict.status === "inconclusive" && isSuspicious(verdict); more += 1) {
      const end = (seen.at(-1) as number) + MINUTE_MS;
      await this.#waitUntil(end + this.#delayMs);
      seen.push(end);
      verdict = await this.#look(seen);
    }
    return verdict;
  }

  /** A hold that is long over has seen more than its plan says: all of it counts. */
  #addLate(seen: number[]): void {
    const now = Math.floor((this.#deps.clock.now() - this.#delayMs) / MINUTE_MS) * MINUTE_MS;
    if (now > (seen.at(-1) ?? now)) {
      seen.push(now);
    }
  }

  async #look(seen: readonly number[]): Promise<Verdict> {
    const verdict = await this.#measureAndCompare(seen);
    await this.#write(verdict, "look");
    return verdict;
  }

  async #write(verdict: Verdict, what: string): Promise<void> {
    const { step, line, write } = this.#context;
    this.#looks += 1;
    await write({ type: "verdict", step: step.id, look: this.#looks, verdict });
    line(`${what} ${this.#looks}: ${verdict.status}: ${verdict.reason}`);
  }

  async #measureAndCompare(seen: readonly number[]): Promise<Verdict> {
    const { signal } = this.#context;
    const { falseAlarms, mustFind } = this.#deps.environment.release.canary;
    try {
      this.#measurements ??= await this.#measureEach();
      const measurements = this.#measurements;
      const compared = await Promise.all(measurements.map((each) => each.measure(seen, signal)));
      const verdict = compareVersions(compared, {
        falseAlarms: falseAlarms * (1 - PART_FOR_ASKING),
        looks: this.#hold.planned,
        mustFind,
      });
      return verdict.status === "failed" ? withErrors(verdict, measurements) : verdict;
    } catch (error) {
      if (!(error instanceof ReleaseError) || error.kind === "fenced") {
        throw error;
      }
      assertNotInterrupted(signal, `while ${this.#context.step.id} was measured`, this.#next());
      return { status: "error", reason: `${error.what}: ${error.why}`, numbers: {} };
    }
  }

  #measureEach(): Promise<readonly VersionMeasurement[]> {
    const { reader, metrics, logs, environment } = this.#deps;
    return Promise.all(
      this.#functions.map(async (each) => {
        const states = await Promise.all(
          [each.version, each.previousVersion].map((version) => reader.readFunction(each.functionName, version)),
        );
        return new VersionMeasurement(
          { metrics, logs },
          { ...each, logGroups: states.map(({ logGroup }) => logGroup) },
          environment.release.canary,
          this.#hold,
          environment.validation.logs.errorFilter,
        );
      }),
    );
  }

  async #end(verdict: Verdict): Promise<StepEnd<"traffic.judge">> {
    switch (verdict.status) {
      case "successful":
        return { outcome: "done", summary: inShort(verdict), result: { verdict, looks: this.#looks } };
      case "failed":
      case "error":
        return this.#failed(verdict);
      case "inconclusive":
        return this.#deps.environment.release.canary.whenInconclusive === "pause" || isSuspicious(verdict)
          ? this.#paused(verdict)
          : this.#ask();
    }
  }

  async #ask(): Promise<StepEnd<"traffic.judge">> {
    const { environment, invoker, systemClock } = this.#deps;
    const { plan, line, signal } = this.#context;
    const { requests, falseAlarms, mustFind } = environment.release.canary;
    const holds = plan.steps.filter(({ kind }) => kind === "traffic.judge").length;
    const verdict = await askVersions(
      { invoker, systemClock },
      {
        ...{ published: this.#functions, functions: environment.functions, stage: plan.environment },
        ...{ resources: environment.api.resources, scenario: requests ?? environment.smoke },
        ...{ falseAlarms: (falseAlarms * PART_FOR_ASKING) / holds, mustFind, line, signal },
      },
    );
    await this.#write(verdict, "asked, look");
    switch (verdict.status) {
      case "successful": {
        const summary = `too little traffic, so both versions were asked: ${inShort(verdict)}`;
        return { outcome: "done", summary, result: { verdict, looks: this.#looks } };
      }
      case "failed":
      case "error":
        return this.#failed(verdict);
      case "inconclusive":
        return this.#paused(verdict);
    }
  }

  #failed(verdict: Verdict): StepEnd<"traffic.judge"> {
    return {
      outcome: "failed",
      summary: verdict.status === "error" ? `it could not be measured: ${verdict.reason}` : verdict.reason,
      next: `slipway logs ${this.#context.plan.environment}${this.#deps.flags} --since 15m; the traffic goes back to the versions before`,
      result: { verdict, looks: this.#looks },
    };
  }

  #paused(verdict: Verdict): StepEnd<"traffic.judge"> {
    const { percent } = this.#context.step;
    return {
      outcome: "paused",
      summary: `not enough to judge by, and the new versions keep their ${percent} %: ${verdict.reason}`,
      next: this.#next(),
      result: { verdict, looks: this.#looks },
    };
  }

  #next(): string {
    const { environment } = this.#context.plan;
    const { flags } = this.#deps;
    return `slipway resume ${environment}${flags} judges it again, with all that has come by then; slipway rollback ${environment}${flags} puts it back`;
  }

  async #waitUntil(time: number): Promise<void> {
    const { clock } = this.#deps;
    const { signal, step } = this.#context;
    const asked = () => assertNotInterrupted(signal, `during ${step.id}; the traffic stays as it is`, this.#next());
    asked();
    // A clock that is moved by others can be ahead of what was slept, and one that is slowed down behind.
    for (let left = time - clock.now(); left > 0; left = time - clock.now()) {
      await clock.sleep(left, signal);
      asked();
    }
  }
}

/** What the new versions log that the old ones do not, for those who have to find out why. */
function withErrors(verdict: Verdict, measurements: readonly VersionMeasurement[]): Verdict {
  const [worst] = measurements
    .flatMap((each) => each.unusualErrors())
    .filter(({ candidate, baseline }) => candidate > baseline)
    .sort((left, right) => right.candidate - left.candidate);
  return worst === undefined
    ? verdict
    : {
        ...verdict,
        reason: `${verdict.reason} Most logged by the new version: ${worst.kind} (${worst.candidate} times, ${worst.baseline} by the old one).`,
      };
}

/**
 * Hardly chance, and no proof: requests of our own, which are not those of users, do not clear it. Only then a comparison that did not
 * fail has a probability, and does not say how much it would have found.
 */
function isSuspicious({ numbers }: Verdict): boolean {
  return Object.keys(numbers).some(
    (name) => /[pP]robability$/.test(name) && !(name.replace(/robability$/, "ower") in numbers),
  );
}

/** The first of several sentences. */
function inShort({ reason }: Verdict): string {
  return reason.split(/(?<=\.) (?=[A-Z])/)[0] ?? reason;
}
