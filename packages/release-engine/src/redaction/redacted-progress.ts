import type { Progress, ProgressEvent } from "../ports/progress.ts";
import { redactedLines } from "./redacted-lines.ts";
import type { Redactor } from "./redactor.ts";

/** Progress that shows no secrets, whoever reports it. */
export function redactedProgress(progress: Progress, redactor: Redactor): Progress {
  const linesOf = new Map<string, (line: string) => string>();
  const linesFor = (phase: string) => {
    const lines = linesOf.get(phase) ?? redactedLines(redactor);
    linesOf.set(phase, lines);
    return lines;
  };
  const redacted = (event: ProgressEvent): ProgressEvent => {
    switch (event.type) {
      case "phase-started":
        linesOf.delete(event.phase);
        return { ...event, title: redactor.text(event.title) };
      case "phase-line":
        return { ...event, text: linesFor(event.phase)(event.text) };
      case "phase-finished":
        linesOf.delete(event.phase);
        return {
          ...{ ...event, title: redactor.text(event.title) },
          ...(event.summary !== undefined && { summary: redactor.text(event.summary) }),
        };
    }
  };
  return { report: (event) => progress.report(redacted(event)) };
}
