import type { ValidationWindow } from "@slipway/contracts";
import { type CheckFinding, momentText, spanText, unmeasured, type ValidationCheck } from "../validation-check.ts";
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
      // Told by the minute: the first one in which the window is over.
      const due = new Date(Math.ceil((Date.parse(at) + measurements.windowMs) / MINUTE_MS) * MINUTE_MS).toISOString();
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
