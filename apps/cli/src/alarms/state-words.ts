import type { AlarmState } from "@slipway/release-engine";

/** States as people read them. INSUFFICIENT_DATA is no trouble by itself. */
export const STATE_WORDS: Readonly<Record<AlarmState, string>> = {
  ALARM: "ALARM",
  INSUFFICIENT_DATA: "no data",
  OK: "ok",
};

/** For an alarm that somebody names and that does not exist. */
export const MISSING_WORD = "MISSING";

/** Columns that any of them needs. */
export const STATE_WIDTH = Math.max(MISSING_WORD.length, ...Object.values(STATE_WORDS).map((word) => word.length));
