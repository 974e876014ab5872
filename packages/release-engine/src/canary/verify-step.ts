import type { EnvironmentConfig, StepResult } from "@slipway/contracts";
import { verifyRestoredStep } from "@slipway/release-plan";
import type { Clock } from "../ports/clock.ts";
import type { FunctionDeployer, FunctionReader } from "../ports/functions.ts";
import type { MetricsReader } from "../ports/metrics.ts";
import type { StepContext, StepHandler } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { askThroughGateway, type GatewayDeps } from "../smoke/ask-through-gateway.ts";
import { failureOf, summaryOf } from "../smoke/smoke-words.ts";
import { MetricSheet } from "../validation/metric-sheet.ts";
import { publishedFunctions } from "./published-functions.ts";
import { inWords } from "./set-alias.ts";
import { spacedCalls } from "./spaced-calls.ts";

export interface VerifyDeps extends Omit<GatewayDeps, "clock" | "environment"> {
  readonly environment: Pick<EnvironmentConfig, "api" | "smoke" | "validation">;
  readonly reader: Pick<FunctionReader, "readAlias">;
  /** Guarded. */
  readonly deployer: Pick<FunctionDeployer, "moveAlias">;
  readonly metrics: MetricsReader;
  /** The target's: metrics are by its minutes. */
  readonly clock: Clock;
  readonly systemClock: Clock;
  /**
   * Of a lease that was taken away from somebody: when that one must have noticed (milliseconds on the machine's clock). Until then a call of
   * theirs may still have been under way, so what they moved is moved again.
   */
  readonly othersNoticeBy?: number;
}

type Verified = StepResult<"traffic.verify">;

interface Expected {
  readonly function: string;
  readonly functionName: string;
  readonly alias: string;
  readonly version: string;
}

const MINUTE_MS = 60_000;
const LOOK_AGAIN_MS = 5_000;
/** CloudWatch has a minute's metrics after one to two more. */
const MOST_WAIT_MS = 150_000;
/** Of fewer calls a share says little, unless most of them failed. */
const LEAST_CALLS = 20;

/**
 * Looks whether the traffic is where a rollback has sent it, and is answered well: aliases; the smoke test through the gateway; calls and
 * errors by version, which have to come from CloudWatch first.
 *
 * It turns nothing round, and nothing stops it but the loss of the lease: the traffic is back, and what is bad or unknown is said.
 */
export function verifyStep(deps: VerifyDeps): StepHandler<"traffic.verify"> {
  return async (context) => {
    const functions = expectedOf(context);
    const bad: string[] = [];
    const unknown: string[] = [];
    await spacedCalls(deps.systemClock, functions, 1, (each) => lookAtAlias(deps, context, each, { bad, unknown }));
    const asked = await smoke(deps, context, { bad, unknown });
    const isAnswered = asked.smoke?.passed === true;
    const counted = await count(deps, context, { functions, isAnswered }, { bad, unknown });
    const verdict: Verified["verdict"] = bad.length > 0 ? "fail" : unknown.length > 0 ? "unknown" : "pass";
    const result: Verified = {
      ...{ verdict, bad, unknown, ...asked },
      functions: functions.map((each) => ({ ...each, calls: counted.get(each.function) ?? null })),
    };
    return { outcome: "done", summary: summaryWords(result), result };
  };
}

interface Findings {
  readonly bad: string[];
  readonly unknown: string[];
}

/** Where the traffic has to be: at a rollback's versions, or at those before a release that was put back. */
function expectedOf({ record, step }: StepContext): Expected[] {
  const isRestored = step.id === verifyRestoredStep.id;
  return publishedFunctions(record)
    .filter(({ changed }) => changed || !isRestored)
    .map(({ name, functionName, alias, version, previousVersion }) => ({
      ...{ function: name, functionName, alias },
      version: isRestored ? previousVersion : version,
    }));
}

async function lookAtAlias(
  { reader, deployer, systemClock, othersNoticeBy }: VerifyDeps,
  { line }: StepContext,
  { functionName, alias, version }: Expected,
  { bad, unknown }: Findings,
): Promise<void> {
  const isThere = async () => {
    const seen = await reader.readAlias(functionName, alias);
    return { seen, there: seen.version === version && Object.values(seen.weights).every((share) => share === 0) };
  };
  try {
    if (othersNoticeBy !== undefined) {
      await systemClock.sleep(Math.max(0, othersNoticeBy - systemClock.now()));
      const { seen, there } = await isThere();
      if (!there) {
        line(`${functionName}: who had the lease before has put ${alias} ${inWords(seen)}; moved again`);
        await deployer.moveAlias({ functionName, alias, version });
      }
    }
    const { seen, there } = await isThere();
    if (there) {
      line(`${functionName}: ${alias} is at version ${version}`);
    } else {
      bad.push(`the alias ${alias} of ${functionName} is ${inWords(seen)}, not at version ${version}`);
    }
  } catch (error) {
    unknown.push(`where the alias ${alias} of ${functionName} is: ${wordsOf(error)}`);
  }
}

async function smoke(
  { systemClock, ...deps }: VerifyDeps,
  context: StepContext,
  { bad, unknown }: Findings,
): Promise<Pick<Verified, "apiUrl" | "smoke">> {
  try {
    const asked = await askThroughGateway({ ...deps, clock: systemClock }, context);
    if (!asked.smoke.passed) {
      bad.push(`the API does not answer as it must: ${failureOf(asked.smoke)}`);
    }
    context.line(asked.smoke.passed ? `smoke test: ${summaryOf(asked.smoke)}` : "smoke test: failed");
    return asked;
  } catch (error) {
    unknown.push(`how the API answers: ${wordsOf(error)}`);
    return {};
  }
}

/** Counts until each function has been called since its traffic went back, or time is up. */
async function count(
  { metrics, clock, environment }: VerifyDeps,
  { record, line, signal }: StepContext,
  { functions, isAnswered }: { readonly functions: readonly Expected[]; readonly isAnswered: boolean },
  { bad, unknown }: Findings,
): Promise<ReadonlyMap<string, NonNullable<Verified["functions"][number]["calls"]>>> {
  const movedAt = Date.parse(lastMoveOf(record.steps) ?? new Date(clock.now()).toISOString());
  const until = clock.now() + MOST_WAIT_MS;
  for (;;) {
    try {
      const counted = await countOnce(metrics, functions, { movedAt, now: clock.now() }, signal);
      // Calls in the minute of the move may all be from before it: by themselves they show nothing, and only the smoke test came after.
      const enough = isAnswered ? ("version" as const) : ("later" as const);
      const uncounted = functions.filter((each) => (counted.get(each.function)?.[enough] ?? 0) === 0);
      if (uncounted.length === 0 || clock.now() >= until || signal.aborted) {
        const { mostPercent } = environment.validation.errorRate;
        judge(functions, counted, { enough, mostPercent }, { bad, unknown });
        return calledOf(counted);
      }
      const names = uncounted.map((each) => each.functionName).join(", ");
      line(`CloudWatch has no calls of ${names} yet; again in ${LOOK_AGAIN_MS / 1_000} s`, { isWait: true });
    } catch (error) {
      if (clock.now() >= until || signal.aborted || !(error instanceof ReleaseError) || error.kind === "denied") {
        unknown.push(`calls by version: ${wordsOf(error)}`);
        return new Map();
      }
    }
    await clock.sleep(LOOK_AGAIN_MS, signal);
  }
}

function lastMoveOf(steps: StepContext["record"]["steps"]): string | undefined {
  return [...steps.values()].findLast(({ kind }) => kind === "traffic.restore" || kind === "traffic.return")?.at;
}

async function countOnce(
  metrics: VerifyDeps["metrics"],
  functions: readonly Expected[],
  { movedAt, now }: { readonly movedAt: number; readonly now: number },
  signal: AbortSignal,
) {
  // The minute of the move has calls from before it, too: it counts for the version that has the traffic, and against no other.
  const minute = Math.floor(movedAt / MINUTE_MS) * MINUTE_MS;
  const to = Math.max(now, minute + MINUTE_MS);
  const own = new MetricSheet({ from: minute, to });
  const after = new MetricSheet({ from: minute + MINUTE_MS, to: Math.max(to, minute + 2 * MINUTE_MS) });
  const asked = functions.map(({ function: name, functionName, alias, version }) => {
    const all = { FunctionName: functionName, Resource: `${functionName}:${alias}` };
    const calls = (sheet: MetricSheet, metric: string, dimensions: Record<string, string>) =>
      sheet.ask({ namespace: "AWS/Lambda", name: metric, dimensions }, "Sum");
    return {
      name,
      version: calls(own, "Invocations", { ...all, ExecutedVersion: version }),
      errors: calls(own, "Errors", { ...all, ExecutedVersion: version }),
      later: calls(after, "Invocations", { ...all, ExecutedVersion: version }),
      laterAll: calls(after, "Invocations", all),
    };
  });
  await Promise.all([own.read(metrics, signal), after.read(metrics, signal)]);
  return new Map(
    asked.map(({ name, version, errors, later, laterAll }) => [
      name,
      {
        ...{ version: version.sum(), errors: errors.sum(), later: later.sum() },
        others: Math.max(0, laterAll.sum() - later.sum()),
      },
    ]),
  );
}

/** As it is written down. */
function calledOf(counted: Awaited<ReturnType<typeof countOnce>>) {
  return new Map([...counted].map(([name, { version, errors, others }]) => [name, { version, errors, others }]));
}

function judge(
  functions: readonly Expected[],
  counted: Awaited<ReturnType<typeof countOnce>>,
  { enough, mostPercent }: { readonly enough: "version" | "later"; readonly mostPercent: number },
  { bad, unknown }: Findings,
): void {
  for (const { function: name, functionName, version } of functions) {
    const { version: calls = 0, others = 0, errors = 0 } = counted.get(name) ?? {};
    if ((counted.get(name)?.[enough] ?? 0) === 0) {
      const since = calls === 0 ? "yet" : "after the minute of the move yet";
      unknown.push(`CloudWatch has no calls of version ${version} of ${functionName} ${since}`);
    }
    if (others > 0) {
      bad.push(`${others} calls of ${functionName} were answered by another version than ${version} since`);
    }
    const failed = `${errors} of ${calls} calls of version ${version} of ${functionName} failed`;
    if (calls >= LEAST_CALLS || errors * 2 > calls) {
      if (errors > (calls * mostPercent) / 100) {
        bad.push(`${failed} (${mostPercent} % may)`);
      }
    } else if (errors > 0) {
      unknown.push(`whether it is answered well: ${failed}, and so few calls say little`);
    }
  }
}

function summaryWords({ verdict, bad, unknown, functions, smoke: asked }: Verified): string {
  const calls = functions.flatMap((each) => (each.calls === null ? [] : [each.calls]));
  const sum = (of: (each: (typeof calls)[number]) => number) => calls.reduce((total, each) => total + of(each), 0);
  const seen = `${sum((each) => each.version)} calls, ${sum((each) => each.errors)} failed`;
  switch (verdict) {
    case "pass":
      return `all of the traffic is there: ${seen}; smoke test: ${asked === undefined ? "none" : summaryOf(asked)}`;
    case "unknown":
      return `the traffic is there, as far as can be seen; nobody knows ${unknown.join("; ")}`;
    case "fail":
      return `BAD, and left as it is: ${bad.join("; ")}`;
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof ReleaseError) || error.kind === "fenced") {
    throw error;
  }
  return `${error.what} (${error.why.replaceAll("\n", " ")})`;
}
