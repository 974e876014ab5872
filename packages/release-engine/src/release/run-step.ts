import { type Json, type PlannedStep, stepResultSchemas } from "@slipway/contracts";
import { ReleaseError } from "../release-error.ts";
import type { Journal } from "./journal.ts";
import type { ReleasePorts } from "./release-ports.ts";
import { stepContext } from "./step-context.ts";
import type { StepEnd, StepHandlers } from "./step-handler.ts";

export interface StepRun {
  readonly journal: Journal;
  readonly handlers: StepHandlers;
  readonly step: PlannedStep;
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/**
 * Takes one step: writes down that it begins, lets its handler act, and writes down what came of it. Who is killed in between leaves a
 * step that was started and not finished, and the next one takes it again.
 *
 * @throws what the handler throws: then the step has no end in the ledger
 */
export async function runStep(
  { systemClock, progress }: ReleasePorts,
  { journal, handlers, step, attempt, signal }: StepRun,
): Promise<StepEnd> {
  const { id, kind, title } = step;
  const phase = `${journal.plan.environment}.${id}`;
  const startedAt = systemClock.now();
  const took = () => Math.max(0, systemClock.now() - startedAt);

  progress.report({ type: "phase-started", phase, title });
  try {
    await journal.write({ type: "step.started", step: id, kind, attempt });
    const line = (text: string, about: { readonly isWait?: true } = {}) =>
      progress.report({ type: "phase-line", phase, text, ...about });
    const end: StepEnd = await handlers[kind](stepContext(journal, { step, attempt, line, signal }));
    const { outcome, summary } = end;
    await journal.write({
      type: "step.finished",
      step: id,
      kind,
      outcome,
      summary,
      durationMs: took(),
      ...(end.result !== undefined && { result: checkedResult(step, end.result) }),
    });
    progress.report({ type: "phase-finished", phase, title, outcome, summary, durationMs: took() });
    return end;
  } catch (error) {
    const summary = error instanceof ReleaseError ? error.what : "an unexpected error";
    progress.report({ type: "phase-finished", phase, title, outcome: "failed", summary, durationMs: took() });
    throw error;
  }
}

/** What a resumed release could not read must not get into the ledger. */
function checkedResult({ id, kind }: PlannedStep, result: unknown): Json {
  const checked = stepResultSchemas[kind].safeParse(result);
  if (!checked.success) {
    throw new Error(`the handler of ${id} leaves a result that is none of ${kind}: ${checked.error.message}`);
  }
  return checked.data as Json;
}
