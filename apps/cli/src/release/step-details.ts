import { type Progress, type ProgressEvent, type Redactor, redactedProgress } from "@slipway/release-engine";

/**
 * Progress of a release, one phase for each step: what a step reports in phases of its own becomes lines of detail of that step.
 *
 * Not all of those details come through the engine, which takes secrets out of what a step says itself: here they are taken out of them.
 *
 * @returns `steps` for the engine, `details` for everything that steps are made of
 */
export function stepDetails(
  shown: Progress,
  redactor: Redactor,
): { readonly steps: Progress; readonly details: Progress } {
  let running: string | undefined;
  const steps: Progress = {
    report(event) {
      running = event.type === "phase-finished" ? undefined : event.phase;
      shown.report(event);
    },
  };
  const details: Progress = {
    report(event) {
      if (running === undefined) {
        shown.report(event);
      } else {
        shown.report({ type: "phase-line", phase: running, text: textOf(event) });
      }
    },
  };
  return { steps, details: redactedProgress(details, redactor) };
}

function textOf(event: ProgressEvent): string {
  if (event.type === "phase-line") {
    return event.text;
  }
  const isOver = event.type === "phase-finished" && event.summary !== undefined;
  return isOver ? `${event.title}: ${event.summary}` : event.title;
}
