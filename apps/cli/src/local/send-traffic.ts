import { apiUrlAt } from "@slipway/aws";
import type { SmokeScenario, SmokeStepResult } from "@slipway/contracts";
import {
  assertNotInterrupted,
  fetchHttpClient,
  outputText,
  type Progress,
  ReleaseError,
  runPhase,
  runSmokeTests,
  systemClock,
} from "@slipway/release-engine";
import { environmentView, type ViewedEnvironment } from "../target/environment-view.ts";
import { ControlClient } from "./control-client.ts";
import { spreadOverTime, type TrafficProfile } from "./spread-over-time.ts";

/** How much traffic, and when. */
export interface TrafficPlan {
  /** Time on the clock of local AWS, in milliseconds. */
  readonly overMs: number;
  /** At least so many. */
  readonly requests: number;
  readonly profile: TrafficProfile;
  /** How far the clock is moved at a time. */
  readonly stepMs?: number;
  readonly smoke: SmokeScenario;
}

/** What was sent. */
export interface TrafficSent {
  /** ISO times on the clock of local AWS. */
  readonly from: string;
  readonly to: string;
  readonly runs: number;
  readonly requests: number;
  /** Steps that were not answered as the scenario expects. */
  readonly failures: number;
  readonly firstFailure?: string;
}

const MINUTE_MS = 60_000;
/** A day in quarters of an hour. */
const STEPS = 96;
/** Runs at the same time: a client waits for its answers, and the clock for all of them. */
const AT_ONCE = 4;

/**
 * Runs the smoke scenario again and again, and moves the clock of local AWS forward in between: the requests of hours in seconds, with
 * metrics, logs and alarms as they would have been. When it is asked to stop, the runs under way clean up first.
 *
 * @throws {ReleaseError} `interrupted` when asked to stop
 */
export async function sendTraffic(
  viewed: ViewedEnvironment,
  plan: TrafficPlan,
  progress: Progress,
): Promise<TrafficSent> {
  const { config, environment, target, signal } = viewed;
  const { endpoint = "" } = target;
  const control = new ControlClient(Number(new URL(endpoint).port));
  const { state } = await environmentView(viewed);
  const { urlOutput } = (config.environments[environment] as { api: { urlOutput: string } }).api;
  const url = apiUrlAt(outputText(state.outputs, urlOutput, `environments.${environment}.api.urlOutput`), endpoint);
  const { smoke, overMs } = plan;
  const asked = [...smoke.steps, ...smoke.cleanup].filter(({ through }) => through !== "version").length;
  const perRun = asked + (smoke.ready === undefined ? 0 : 1);
  const steps = Math.max(1, Math.round(overMs / (plan.stepMs ?? Math.max(MINUTE_MS, overMs / STEPS))));
  const stepMs = overMs / steps;
  const { clock: from } = await control.call<{ clock: string }>("GET", "clock");
  const runsByStep = spreadOverTime(Math.ceil(plan.requests / perRun), {
    ...{ from: Date.parse(from), steps, stepMs, profile: plan.profile },
  });
  const results: SmokeStepResult[] = [];
  let runs = 0;
  const { value: to } = await runPhase(
    { clock: systemClock, progress },
    { phase: `${environment}.traffic`, title: `traffic for ${environment}` },
    async (line) => {
      let clock = from;
      const stopIfAsked = (stepsDone: number, what: string) => {
        const minutes = Math.max(1, Math.round((overMs - stepsDone * stepMs) / MINUTE_MS));
        const requests = Math.max(1, plan.requests - results.length);
        const rest = `slipway local traffic ${environment} --over ${minutes}m --requests ${requests} --profile ${plan.profile}`;
        const next = `for the rest: ${rest} --port ${control.port}`;
        assertNotInterrupted(signal, `after ${stepsDone} of ${steps} steps, at ${clock} of local AWS; ${what}`, next);
      };
      for (const [index, due] of runsByStep.entries()) {
        stopIfAsked(index, "what runs had made is deleted");
        line(`${clock.slice(0, 16)}Z, step ${index + 1} of ${steps}, ${results.length} requests`);
        let left = due;
        const worker = async () => {
          while (left > 0 && !signal.aborted) {
            left -= 1;
            const { steps: done, cleanup } = await runSmokeTests(
              { http: fetchHttpClient, clock: systemClock },
              url,
              smoke,
              {
                signal,
              },
            );
            results.push(...[...done, ...cleanup].filter(({ attempts }) => attempts > 0));
            runs += 1;
          }
        };
        // All of them, also when one was stopped: the others clean up, too.
        const ends = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, due) }, worker));
        const stopped = ends.find((end) => end.status === "rejected");
        if (stopped !== undefined) {
          const { reason } = stopped;
          // Whether its cleanup worked, only the run itself knows.
          stopIfAsked(index, reason instanceof ReleaseError ? reason.what.replace(/^Stopped /, "") : String(reason));
          throw reason;
        }
        ({ clock } = await control.call<{ clock: string }>("POST", "clock", { advanceMs: stepMs }));
      }
      return {
        value: clock,
        summary: `${results.length.toLocaleString("en-US")} requests until ${clock.slice(0, 16)}Z`,
      };
    },
  );
  const failed = results.filter(({ outcome }) => outcome === "failed");
  const [first] = failed;
  return {
    ...{ from, to, runs },
    requests: results.reduce((sum, { attempts }) => sum + attempts, 0),
    failures: failed.length,
    ...(first === undefined ? {} : { firstFailure: `"${first.name}" (${first.request}): ${first.message}` }),
  };
}
