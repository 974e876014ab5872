import type { ValidationWindow } from "@slipway/contracts";
import { type CheckFinding, momentText, unmeasured, type ValidationCheck } from "../validation-check.ts";
import { WINDOWS } from "../windows.ts";

const MINUTE_MS = 60_000;

/** The window that was asked for is over: what has run for twelve minutes has not been good for an hour. */
export function windowComplete(window: ValidationWindow): ValidationCheck {
  return {
    window,
    name: "window-complete",
    title: `The ${WINDOWS[window].length} after the release have passed`.replace(
      "The hour after the release have",
      "The hour after the release has",
    ),
    judge({ measurements, flags }): readonly CheckFinding[] {
      const released = unmeasured(measurements.released);
      if ("findings" in released) {
        return released.findings;
      }
      const { at, from } = released.value;
      const elapsed = Date.parse(measurements.at) - Date.parse(at);
      const since = `released ${momentText(at)} (${from})`;
      if (elapsed >= measurements.windowMs) {
        return [{ status: "pass", found: `${since}, ${spanText(elapsed)} ago` }];
      }
      const due = new Date(Date.parse(at) + measurements.windowMs).toISOString();
      return [
        {
          status: "unknown",
          found: `${spanText(Math.max(0, elapsed))} of ${spanText(measurements.windowMs)} have passed: ${since}; it can be judged at ${momentText(due)}`,
          next: `slipway validate ${measurements.environment} --window ${window}${flags}`,
        },
      ];
    },
  };
}

function spanText(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE_MS);
  const hours = Math.floor(minutes / 60);
  if (minutes < 60) {
    return `${minutes} min`;
  }
  return hours >= 48
    ? `${Math.floor(hours / 24)} days`
    : `${hours} h${minutes % 60 === 0 ? "" : ` ${minutes % 60} min`}`;
}
