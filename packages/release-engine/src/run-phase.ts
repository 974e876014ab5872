import type { Clock } from "./ports/clock.ts";
import type { Progress, ProgressEvent } from "./ports/progress.ts";
import { ReleaseError } from "./release-error.ts";

export interface PhaseResult<T> {
  value: T;
  /** `done` unless said otherwise. */
  outcome?: Extract<ProgressEvent, { type: "phase-finished" }>["outcome"];
  /** One line for people. */
  summary?: string;
}

/**
 * Runs one phase of a release and reports its beginning, its lines and its end, also when it fails.
 *
 * @param phase dotted id, such as `prod.plan`
 * @param action gets a function that reports a line of detail
 * @returns what the action returned, and how long it took
 */
export async function runPhase<T>(
  { clock, progress }: { clock: Clock; progress: Progress },
  { phase, title }: { phase: string; title: string },
  action: (line: (text: string) => void) => Promise<PhaseResult<T>>,
): Promise<{ value: T; durationMs: number }> {
  const startedAt = clock.now();
  progress.report({ type: "phase-started", phase, title });
  try {
    const {
      value,
      outcome = "done",
      summary,
    } = await action((text) => progress.report({ type: "phase-line", phase, text }));
    const durationMs = clock.now() - startedAt;
    progress.report({ type: "phase-finished", phase, title, outcome, summary, durationMs });
    return { value, durationMs };
  } catch (error) {
    const summary = error instanceof ReleaseError ? error.what : "an unexpected error";
    const durationMs = clock.now() - startedAt;
    progress.report({ type: "phase-finished", phase, title, outcome: "failed", summary, durationMs });
    throw error;
  }
}
