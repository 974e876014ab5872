import type { EnvironmentConfig, FunctionProof, LedgerEntry, SmokeResult } from "@slipway/contracts";
import type { Clock } from "../ports/clock.ts";
import type { FunctionInvoker } from "../ports/function-invoker.ts";
import type { HttpClient } from "../ports/http-client.ts";
import type { StepContext, StepEnd, StepHandler } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { askThroughGateway } from "./ask-through-gateway.ts";
import { proofOf } from "./proof-of.ts";
import { proveByInvocations } from "./prove-by-invocations.ts";
import { smokeVersion } from "./smoke-version.ts";
import { failureOf, summaryOf } from "./smoke-words.ts";
import { unproven } from "./unproven.ts";
import { type AnsweredRun, telling, untilAnswered } from "./until-answered.ts";
import { whyUnproven } from "./why-unproven.ts";

/** What proofs need. Both ways to ask create records and delete them again: only who has the lease may. */
export interface ProofDeps {
  readonly invoker: FunctionInvoker;
  readonly http: HttpClient;
  /** What durations are measured with. */
  readonly clock: Clock;
  readonly environment: Pick<EnvironmentConfig, "functions" | "api" | "smoke"> & {
    readonly release: Pick<EnvironmentConfig["release"], "waivers">;
  };
  /** Where the API of an output's URL answers: another place on local AWS, whose gateway has a URL of its own. */
  apiUrlAt(url: string): string;
  /** What commands to type next need after the environment's name: empty, or with a space before it. */
  readonly flags: string;
  /** The environment's ledger as it is now: somebody may have answered for a function that nothing proves. */
  readEntries(): Promise<readonly LedgerEntry[]>;
  /** `pause` (unless said otherwise): a release waits where nothing proves a function. `go-on`: a rehearsal says so, and goes on. */
  readonly whenUnproven?: "pause" | "go-on";
}

/** The steps that ask whether a release works: each new version before it has traffic, and all of it through the gateway after. */
export function proofHandlers(deps: ProofDeps): {
  readonly "code.prove": StepHandler<"code.prove">;
  readonly smoke: StepHandler<"smoke">;
} {
  return {
    "code.prove": (context) => prove(deps, context),
    smoke: (context) => smokeThroughGateway(deps, context),
  };
}

async function prove(deps: ProofDeps, context: StepContext): Promise<StepEnd<"code.prove">> {
  const { functions } = deps.environment;
  const { step, plan } = context;
  const config = functions.find(({ name }) => name === step.function);
  if (config === undefined) {
    throw new ReleaseError({
      kind: "usage",
      what: `Nobody knows how to prove ${step.function ?? step.id}`,
      why: `slipway.config.ts has no function of that name in ${plan.environment}; it had one when ${plan.release} was planned`,
      next: `restore it, or put the release back: slipway rollback ${plan.environment}${deps.flags}`,
    });
  }
  const { functionName, version, changed } = context.result("code.publish", `code.publish.${config.name}`);
  const nothing: SmokeResult = { passed: false, steps: [], cleanup: [], durationMs: 0 };
  if (!changed) {
    const summary = `version ${version} has the traffic already`;
    return { outcome: "nothing-to-do", summary, result: { version, smoke: nothing } };
  }
  const why = whyUnproven(config, deps.environment);
  const proof = proofOf(config, functions);
  if (proof === undefined) {
    return unproven(deps, context, { function: config.name, why: why ?? "", result: { version, smoke: nothing } });
  }
  const target = { functionName, version };
  const { smoke, error } = await untilAnswered((onError) => runProof(deps, context, { target, proof, onError }));
  if (smoke.passed && why === undefined) {
    return { outcome: "done", summary: `version ${version}: ${summaryOf(smoke)}`, result: { version, smoke } };
  }
  if (error !== undefined) {
    // Nobody knows whether it is good, and it has no traffic: there is time to find out.
    throw error;
  }
  // One that fails beside, as where a version does not get ready, is judged.
  if (why !== undefined && nothingFailed(smoke)) {
    return unproven(deps, context, { function: config.name, why, result: { version, smoke } });
  }
  return {
    outcome: "failed",
    summary: `version ${version} of ${functionName} does not answer as it must: ${failureOf(smoke)}`,
    next: `slipway logs ${plan.environment} --since 5m${deps.flags} shows what it wrote; it has no traffic`,
    result: { version, smoke },
  };
}

function runProof(
  { invoker, clock, environment }: ProofDeps,
  { plan, signal }: StepContext,
  request: {
    readonly target: { readonly functionName: string; readonly version: string };
    readonly proof: FunctionProof;
    readonly onError: (error: ReleaseError) => void;
  },
): ReturnType<AnsweredRun> {
  const { target, proof, onError } = request;
  if (proof !== "smoke") {
    return proveByInvocations({ invoker, clock }, target, proof.invocations, { signal, onError });
  }
  const telltale: FunctionInvoker = { invoke: telling((each) => invoker.invoke(each), onError) };
  const { resources } = environment.api;
  return smokeVersion(
    { invoker: telltale, clock },
    { ...target, stage: plan.environment, resources },
    environment.smoke,
    { signal },
  );
}

async function smokeThroughGateway(deps: ProofDeps, context: StepContext): Promise<StepEnd<"smoke">> {
  const result = await askThroughGateway(deps, context);
  const { smoke } = result;
  return smoke.passed
    ? { outcome: "done", summary: summaryOf(smoke), result }
    : {
        outcome: "failed",
        summary: `the API does not answer as it must: ${failureOf(smoke)}`,
        next: `slipway logs ${context.plan.environment} --since 5m${deps.flags}`,
        result,
      };
}

function nothingFailed({ steps, cleanup }: SmokeResult): boolean {
  return [...steps, ...cleanup].every(({ outcome }) => outcome === "passed" || outcome === "left-out");
}
