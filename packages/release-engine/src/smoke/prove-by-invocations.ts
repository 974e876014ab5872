import type { ProofInvocation, SmokeResult, SmokeStepResult } from "@slipway/contracts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { Clock } from "../ports/clock.ts";
import type { FunctionAnswer, FunctionInvoker } from "../ports/function-invoker.ts";
import { ReleaseError } from "../release-error.ts";
import { parseJson } from "./judge-response.ts";
import { matchJsonSubset } from "./match-json-subset.ts";

const TIMEOUT_MS = 60_000;
const MOST_SHOWN = 500;

/**
 * Proves a version of a function by calls of its own: for one that something else than an API's traffic calls, such as an authorizer.
 *
 * @param onError gets the error of a call that got no answer, which says nothing about the version
 * @throws {ReleaseError} `interrupted` when asked to stop
 */
export async function proveByInvocations(
  { invoker, clock }: { readonly invoker: FunctionInvoker; readonly clock: Clock },
  { functionName, version }: { readonly functionName: string; readonly version: string },
  invocations: readonly ProofInvocation[],
  { signal, onError }: { readonly signal?: AbortSignal; readonly onError: (error: ReleaseError) => void },
): Promise<SmokeResult> {
  const startedAt = clock.now();
  const steps: SmokeStepResult[] = [];
  for (const { name, payload, expect } of invocations) {
    assertNotInterrupted(
      signal,
      "between two calls that prove a version; it has no traffic",
      "type the same command again",
    );
    const sentAt = clock.now();
    const payloadText = JSON.stringify(payload);
    const answer = await invoker
      .invoke({ functionName, version, payload: payloadText, timeoutMs: TIMEOUT_MS })
      .catch((error: unknown) => withoutAnswer(error, onError));
    const durationMs = Math.max(0, clock.now() - sentAt);
    const message = "why" in answer ? answer.why : (judge(answer, expect) ?? judgeTime(durationMs, expect.withinMs));
    steps.push({
      ...{ name, request: `invoke ${functionName}:${version}`, durationMs, attempts: 1 },
      ...(message === undefined ? { outcome: "passed" } : { outcome: "failed", message }),
    });
  }
  return {
    passed: steps.length > 0 && steps.every(({ outcome }) => outcome === "passed"),
    ...{ steps, cleanup: [], durationMs: clock.now() - startedAt },
  };
}

function withoutAnswer(error: unknown, onError: (error: ReleaseError) => void): { readonly why: string } {
  if (!(error instanceof ReleaseError)) {
    throw error;
  }
  onError(error);
  return { why: `${error.what}: ${error.why}` };
}

/** @returns what is wrong; undefined where nothing is */
function judge({ payload, functionError }: FunctionAnswer, expect: ProofInvocation["expect"]): string | undefined {
  const answer = parseJson(payload);
  const shown = payload.length > MOST_SHOWN ? `${payload.slice(0, MOST_SHOWN)}...` : payload;
  if ("error" in expect) {
    if (functionError === undefined) {
      return `expected the error ${JSON.stringify(expect.error)}, got an answer\n${shown}`;
    }
    const message =
      typeof answer === "object" && answer !== null && "errorMessage" in answer ? answer.errorMessage : undefined;
    return message === expect.error
      ? undefined
      : `expected the error ${JSON.stringify(expect.error)}, got another\n${shown}`;
  }
  if (functionError !== undefined) {
    return `the function failed (${functionError})\n${shown}`;
  }
  const mismatch = matchJsonSubset(expect.jsonSubset, answer);
  return mismatch === undefined ? undefined : `${mismatch}\n${shown}`;
}

function judgeTime(durationMs: number, withinMs: number | undefined): string | undefined {
  return withinMs !== undefined && durationMs > withinMs
    ? `expected an answer within ${withinMs} ms, it took ${durationMs} ms`
    : undefined;
}
