import { type Json, type PlannedStep, stepResultSchemas } from "@slipway/contracts";
import { redactedError } from "../redaction/redacted-error.ts";
import { redactedProgress } from "../redaction/redacted-progress.ts";
import type { Redactor } from "../redaction/redactor.ts";
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
 * Secrets are taken out here of all that a handler says: of its lines, its summary, what to do next, and what it throws. What it leaves
 * behind and writes down meanwhile loses them in the ledger.
 *
 * @throws what the handler throws, without secrets: then the step has no end in the ledger
 */
export async function runStep(
  { systemClock, progress: shown, redactor }: ReleasePorts,
  { journal, handlers, step, attempt, signal }: StepRun,
): Promise<StepEnd> {
  const { id, kind, title } = step;
  const phase = `${journal.plan.environment}.${id}`;
  const progress = redactedProgress(shown, redactor);
  const startedAt = systemClock.now();
  const took = () => Math.max(0, systemClock.now() - startedAt);

  progress.report({ type: "phase-started", phase, title });
  try {
    await journal.write({ type: "step.started", step: id, kind, attempt });
    const line = (text: string, about: { readonly isWait?: true } = {}) =>
      progress.report({ type: "phase-line", phase, text, ...about });
    const judged = await handlers[kind](stepContext(journal, { step, attempt, line, signal }));
    const end = discreet(redactor, journal.plan.rollsBack === undefined ? judged : steadfast(journal, judged));
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
  } catch (thrown) {
    const error = redactedError(redactor, thrown);
    const summary = error instanceof ReleaseError ? error.what : "an unexpected error";
    progress.report({ type: "phase-finished", phase, title, outcome: "failed", summary, durationMs: took() });
    throw error;
  }
}

/** A rollback is not turned round by what is judged bad on its way: that would lead back to what was worse. People decide. */
function steadfast(journal: Journal, end: StepEnd): StepEnd {
  if (end.outcome !== "failed") {
    return end;
  }
  const { environment } = journal.plan;
  const next = `${end.next}; ${journal.command("resume")} tries again, slipway rollback ${environment}${journal.flags} takes this rollback back`;
  return { ...end, outcome: "paused", next };
}

function discreet(redactor: Redactor, end: StepEnd): StepEnd {
  const summary = redactor.text(end.summary);
  return "next" in end ? { ...end, summary, next: redactor.text(end.next) } : { ...end, summary };
}

/** What a resumed release could not read must not get into the ledger. */
function checkedResult({ id, kind }: PlannedStep, result: unknown): Json {
  const checked = stepResultSchemas[kind].safeParse(result);
  if (!checked.success) {
    throw new Error(`the handler of ${id} leaves a result that is none of ${kind}: ${checked.error.message}`);
  }
  return checked.data as Json;
}
